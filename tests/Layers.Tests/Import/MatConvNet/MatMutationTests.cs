using System.Text.RegularExpressions;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>10,000 damaged MAT files: each gives a network or an error of ours, in bounded time and memory.</summary>
public sealed partial class MatMutationTests(ITestOutputHelper output)
{
    [Fact]
    public void Mutants_GiveAResultOrAnErrorOfOurs()
    {
        using Network chain = SmallMatNets.Chain(), residual = SmallMatNets.Residual();
        MatNode[][] models = [MatNets.SimpleNn(chain), SmallMatNets.ResidualDag(residual), Older()];
        byte[][] files = [.. models.SelectMany(m => new[] { MatNode.File(m), MatNode.File(m, compress: true), MatNode.File(m, bigEndian: true) })];
        MutantRun.Check(output, "mat-mutants", (i, random) => i % 2 == 0
            ? OnnxMutations.Bytes(files[random.Next(files.Length)], random)
            : MatMutations.Structure(models[random.Next(models.Length)], random), Load, e => Blank().Replace(e.Message, "*"), "this is no");
    }

    static void Load(int number, byte[] mutant)
    {
        using Network network = Network.Load(mutant);
        network.InferShapes();
        network.Save(Stream.Null);
        RunIfSmall(network);
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
