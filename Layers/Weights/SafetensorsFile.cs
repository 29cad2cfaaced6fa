using System.Buffers.Binary;
using System.Text.Json;
using Preimage.Layers.Arrays;

namespace Preimage.Layers.Weights;

/// <summary>Reads safetensors: the length of a header in eight bytes, the header in JSON, then the arrays.</summary>
/// <remarks>
/// Source: the format's description at github.com/huggingface/safetensors. As it demands, arrays lie side by side without gaps or overlaps, so that
/// what is allocated is bounded by the file.
/// </remarks>
internal static class SafetensorsFile
{
    // The format's own limit.
    const int MaxHeader = 100_000_000;

    /// <summary>Where an array is.</summary>
    readonly record struct Entry(string Name, ElementFormat? Format, int[] Extents, long Start, long End);

    /// <summary>Reads every array of a floating-point type.</summary>
    public static IReadOnlyList<KeyValuePair<string, WeightSource>> Read(Stream stream, string source)
    {
        try
        {
            Span<byte> length = stackalloc byte[8];
            stream.ReadExactly(length);
            ulong header = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (header > MaxHeader || header > (ulong)(stream.Length - 8))
                throw new ArrayFormatException(source, $"this is neither .npz nor safetensors: its first 8 bytes claim a header of {header} bytes, {stream.Length - 8} follow.");
            var json = new byte[(int)header];
            stream.ReadExactly(json);
            Entry[] entries = [.. Entries(json, source).OrderBy(e => e.Start).ThenBy(e => e.End)];
            long at = 0;
            foreach (Entry entry in entries)
            {
                if (entry.Start != at)
                    throw new ArrayFormatException(source, $"array '{entry.Name}' starts at byte {entry.Start}, the one before ends at {at}.");
                at = entry.End;
            }

            long left = stream.Length - stream.Position;
            if (at != left)
                throw new ArrayFormatException(source, $"its arrays take {at} bytes, {left} are there.");
            return Arrays(stream, entries);
        }
        catch (Exception e) when (e is EndOfStreamException or JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ShapeException)
        {
            throw new ArrayFormatException(source, $"this is no whole safetensors file ({e.Message})", e);
        }
    }

    static List<KeyValuePair<string, WeightSource>> Arrays(Stream stream, Entry[] entries)
    {
        var arrays = new List<KeyValuePair<string, WeightSource>>();
        var piece = new byte[1 << 16];
        foreach (Entry entry in entries)
        {
            if (entry.Format is not { } format)
            {
                stream.Position += entry.End - entry.Start;
                continue;
            }

            var values = GC.AllocateUninitializedArray<float>((int)((entry.End - entry.Start) / format.Size()));
            for (int done = 0, now; done < values.Length; done += now)
            {
                now = Math.Min(values.Length - done, piece.Length / format.Size());
                stream.ReadExactly(piece, 0, now * format.Size());
                format.Convert(piece.AsSpan(0, now * format.Size()), values.AsSpan(done, now));
            }

            arrays.Add(new(entry.Name, new MemoryWeights(values, entry.Extents)));
        }

        return arrays;
    }

    static IEnumerable<Entry> Entries(byte[] json, string source)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
                continue;
            if (!names.Add(property.Name))
                throw new ArrayFormatException(source, $"array '{property.Name}' is there twice.");
            yield return Describe(property.Name, property.Value, source);
        }
    }

    static Entry Describe(string name, JsonElement value, string source)
    {
        int[] extents = [.. value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
        long[] offsets = [.. value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        (ElementFormat? format, int size) = value.GetProperty("dtype").GetString() switch
        {
            "F64" => (ElementFormat.Double, 8),
            "F32" => (ElementFormat.Single, 4),
            "F16" => (ElementFormat.Half, 2),
            "BF16" => (ElementFormat.BFloat16, 2),
            "I64" or "U64" => ((ElementFormat?)null, 8),
            "I32" or "U32" => (null, 4),
            "I16" or "U16" => (null, 2),
            "I8" or "U8" or "BOOL" => (null, 1),
            var other => throw new ArrayFormatException(source, $"array '{name}' has the type {other}: F64, F32, F16 and BF16 are read."),
        };
        long count = 1;
        foreach (int extent in extents)
        {
            count *= extent;
            if (extent < 0 || count > int.MaxValue)
                throw new ArrayFormatException(source, $"array '{name}' has the shape ({string.Join(", ", extents)}): at most {int.MaxValue} elements are read.");
        }

        return offsets is [>= 0 and var start, var end] && end - start == count * size
            ? new Entry(name, format, extents, start, end)
            : throw new ArrayFormatException(source, $"array '{name}' of {count} elements of {size} bytes claims bytes {string.Join(" to ", offsets)}.");
    }
}
