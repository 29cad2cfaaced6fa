using System.Diagnostics;
using System.Text.RegularExpressions;
using Preimage.Algorithms.Imaging;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Imaging;

/// <summary>10,000 damaged files: a picture or an <see cref="ImageFormatException"/>, nothing else, in bounded time and memory.</summary>
public sealed class PngMutationTests(ITestOutputHelper output)
{
    const int Count = 10_000;
    // A file of half a kilobyte that expands 1032-fold to one-bit pixels makes 12 MB of RGB; rows and samples come on top.
    const long MaxAllocated = 48 << 20;

    static readonly string[] s_container = ["has the CRC", "file ends before", "claims", "holds the byte", "known kind", "compressed pixels are damaged"];

    [Fact]
    public void Decode_MutatedFiles()
    {
        var random = new Random(20240607);
        var cases = PngKindsTests.Cases(9, 7).ToList();
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int past = 0;
        long most = 0;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < Count; i++)
        {
            var picture = cases[random.Next(cases.Count)];
            byte[] file = i % 2 == 0 ? MutateBytes(PngWriterForTests.Write(picture), random) : MutateStructure(picture, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            string outcome = Outcome(file);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (!s_container.Any(outcome.Contains)) past++;
        }
        using var report = new Report("png-mutants", output);
        foreach (var (outcome, count) in outcomes) report.WriteLine($"{count,6}  {outcome}");
        report.WriteLine($"{past} of {Count} got past the container, at most {most} bytes for one, {clock.ElapsedMilliseconds} ms");
        Assert.InRange(past, Count / 5, Count);
        Assert.InRange(outcomes["picture"], 1, Count);
        Assert.InRange(most, 0, MaxAllocated);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
    }

    static string Outcome(byte[] file)
    {
        try
        {
            Picture.Decode(file);
            return "picture";
        }
        catch (ImageFormatException e)
        {
            // Numbers and letters of the one file are taken out, so that reasons can be counted.
            return Regex.Replace(Regex.Replace(e.Reason, "chunk [A-Za-z]{4}|chunk is [A-Za-z]{4}", "chunk"), @"\b(0x[0-9a-f]+|[0-9a-f]{8}|\d+(x\d+)?)\b", "#");
        }
    }

    static byte[] MutateBytes(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (int change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1)); break;
                default: bytes.Insert(at, (byte)random.Next(256)); break;
            }
        }
        return [.. bytes];
    }

    // Lengths, CRCs and Adler come out right again, so that the parser behind them is met.
    static byte[] MutateStructure(PngCase picture, Random random)
    {
        var chunks = PngWriterForTests.Chunks(picture);
        for (int change = random.Next(1, 3); change > 0; change--)
        {
            int at = random.Next(chunks.Count);
            byte[] data = [.. chunks[at].Data];
            switch (random.Next(9))
            {
                case 0: chunks.Insert(random.Next(chunks.Count), chunks[at]); break;
                case 1: (chunks[at], chunks[^1]) = (chunks[^1], chunks[at]); break;
                case 2: chunks.RemoveAt(at); chunks.Add(("IEND", [])); break;
                case 3: chunks[at] = (new[] { "tRNS", "PLTE", "tEXt", "iTXt", "IDAT", "gAMA", "ABCD" }[random.Next(7)], data); break;
                case 4 when data.Length > 0: chunks[at] = (chunks[at].Type, data[..random.Next(data.Length)]); break;
                case 5: chunks[0].Data[random.Next(chunks[0].Data.Length)] = (byte)random.Next(256); break;
                case 6: chunks[0].Data[new[] { 3, 7, 8, 9, 12 }[random.Next(5)]] = (byte)random.Next(18); break;
                default: MutatePixels(chunks, picture, random); break;
            }
            // Never in place of what another case still needs: headers are 13 bytes or the change is over.
            if (chunks.Count == 0 || chunks[0].Data.Length < 13) break;
        }
        return PngWriterForTests.Join(chunks);
    }

    static void MutatePixels(List<(string Type, byte[] Data)> chunks, PngCase picture, Random random)
    {
        var rows = PngWriterForTests.Rows(picture).ToList();
        int at = random.Next(rows.Count);
        switch (random.Next(4))
        {
            case 0: rows.RemoveRange(at, rows.Count - at); break;
            case 1: rows.Insert(at, (byte)random.Next(256)); break;
            default: rows[at] = (byte)random.Next(256); break;
        }
        int first = chunks.FindIndex(chunk => chunk.Type == "IDAT");
        if (first < 0) return;
        chunks.RemoveAll(chunk => chunk.Type == "IDAT");
        chunks.Insert(Math.Min(first, chunks.Count), ("IDAT", PngWriterForTests.Pack([.. rows])));
    }
}
