using System.Diagnostics;
using System.Text.RegularExpressions;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>10,000 damaged MAT files: each gives a network or an error of ours, in bounded time and memory.</summary>
public sealed partial class MatMutationTests(ITestOutputHelper output)
{
    const int Mutants = 10_000;
    const long MaxBytesPerMutant = 64 << 20;
    const double MaxSecondsPerMutant = 5;

    [Fact]
    public void Mutants_GiveAResultOrAnErrorOfOurs()
    {
        using Network chain = SmallMatNets.Chain(), residual = SmallMatNets.Residual();
        MatNode[][] models = [MatNets.SimpleNn(chain), SmallMatNets.ResidualDag(residual), Older()];
        byte[][] files = [.. models.SelectMany(m => new[] { MatNode.File(m), MatNode.File(m, compress: true), MatNode.File(m, bigEndian: true) })];
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int results = 0, insideContainer = 0;
        long most = 0;
        double longest = 0;
        using var report = new Report("mat-mutants", output);
        for (int i = 0; i < Mutants; i++)
        {
            var random = new Random(i);
            byte[] mutant = i % 2 == 0 ? OnnxMutations.Bytes(files[random.Next(files.Length)], random) : MatMutations.Structure(models[random.Next(models.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            string? reason = Try(mutant, i);
            longest = Math.Max(longest, clock.Elapsed.TotalSeconds);
            Assert.True(clock.Elapsed.TotalSeconds < MaxSecondsPerMutant, $"mutant {i} took {clock.Elapsed}");
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            Assert.True(allocated < MaxBytesPerMutant, $"mutant {i} allocated {allocated} bytes");
            if (reason is null)
                results++;
            else
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            if (reason is null || !reason.StartsWith("this is no", StringComparison.Ordinal))
                insideContainer++;
        }

        report.WriteLine($"{results} of {Mutants} mutants load, {insideContainer} get past the container; at most {longest:F3} s and {most >> 10} KiB for one");
        foreach ((string reason, int count) in reasons.OrderByDescending(r => r.Value).Take(60))
            report.WriteLine($"{count,6}  {reason}");
        Assert.True(insideContainer >= Mutants / 5, $"only {insideContainer} mutants got past the container");
    }

    static string? Try(byte[] mutant, int number)
    {
        try
        {
            using Network network = Network.Load(mutant);
            network.InferShapes();
            network.Save(Stream.Null);
            RunIfSmall(network);
            return null;
        }
        catch (PreimageException e)
        {
            return Blank().Replace(e.Message, "*");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"mutant {number} gives {e.GetType().Name}", e);
        }
    }

    /// <summary>A mutant may well be a network that fills the machine's memory when it runs: that is for its user to want.</summary>
    static void RunIfSmall(Network network)
    {
        if (network.InferShapes().Sum(s => (long)s.Count) > 100_000)
            return;
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.Forward();
    }

    [GeneratedRegex(@"'[^']*'|-?\d+(\.\d+)?(x-?\d+)*|\([^)]*\)")]
    private static partial Regex Blank();

    static MatNode[] Older()
    {
        MatNode conv = MatNode.Struct(("type", MatNode.Text("conv")), ("filters", MatNode.Array([2, 2, 1, 3], Enumerable.Range(0, 12).Select(i => (double)i))),
            ("biases", MatNode.Array([1, 3], [1, 2, 3])), ("stride", MatNode.Row(1)), ("pad", MatNode.Row(0)));
        MatNode net = MatNode.Struct(
            ("layers", MatNode.Cell(conv, MatNode.Struct(("type", MatNode.Text("softmaxloss"))))),
            ("normalization", MatNode.Struct(("imageSize", MatNode.Row(5, 5, 1)), ("averageImage", MatNode.Array([5, 5], new double[25])), ("keepAspect", MatNode.Row(1)))),
            ("classes", MatNode.Struct(("name", MatNode.Cell(MatNode.Text("a"), MatNode.Text("b"), MatNode.Text("c"))))));
        return [net.Named("net")];
    }
}
