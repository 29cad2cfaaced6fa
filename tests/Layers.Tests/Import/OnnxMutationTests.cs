using System.Text.RegularExpressions;
using Google.Protobuf;
using Preimage.Layers.Import.Onnx.Wire;
using static Preimage.Layers.Tests.Import.OnnxModels;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>10,000 damaged models: each gives a network or an error of ours, in bounded time and memory.</summary>
public sealed partial class OnnxMutationTests(ITestOutputHelper output)
{
    [Fact]
    public void Mutants_GiveAResultOrAnErrorOfOurs()
    {
        ModelProto[] models = [Small(), Small(8), Dynamic(), Joined(), Old(), Branching(), .. Drawn(10)];
        byte[][] files = Array.ConvertAll(models, m => m.ToByteArray());
        MutantRun.Check(output, "onnx-mutants", (i, random) =>
        {
            int from = random.Next(models.Length);
            return i % 2 == 0 ? OnnxMutations.Bytes(files[from], random) : OnnxMutations.Structure(models[from], random);
        }, Load, Reason, "this is not");
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
        long elements = network.InferShapes().Sum(s => s.Rank == 0 ? 0L : s.Count);
        if (elements > 100_000)
            return;
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.Forward();
    }

    /// <summary>The message without names and numbers.</summary>
    static string Reason(PreimageException e) => Blank().Replace(e.Message, "*");

    [GeneratedRegex(@"'[^']*'|-?\d+(x-?\d+)*|\([^)]*\)")]
    private static partial Regex Blank();

    static ModelProto Dynamic() => Model(12).Input("x", "batch", 3, 4, 4)
        .Node("Shape", "x", "shape").Tensor(LongTensor("zero", [], 0)).Node("Gather", "shape zero", "n", Int("axis", 0))
        .Node("Unsqueeze", "n", "n1", Ints("axes", 0)).Longs("rest", -1).Node("Concat", "n1 rest", "extents", Int("axis", 0))
        .Node("Reshape", "x extents", "flat").Floats("w", [48, 4]).Node("MatMul", "flat w", "y").Output("y");

    static ModelProto Joined() => Model(13).Input("x", 1, 4, 6, 6)
        .Longs("parts", 1, 3).Node("Split", "x parts", "a b", Int("axis", 1)).Node("Concat", "b a x", "c", Int("axis", 1))
        .Longs("starts", 1).Longs("ends", 5).Longs("axes", 2).Node("Slice", "c starts ends axes", "s")
        .Longs("pads", 0, 0, 1, 1, 0, 0, 1, 1).Node("Pad", "s pads", "p").Floats("scales", [4], 1, 1, 2, 2)
        .Node("Resize", "p _ scales", "r", Text("mode", "linear")).Node("Transpose", "r", "t", Ints("perm", 0, 2, 3, 1))
        .Node("ReduceMean", "t", "m", Ints("axes", 1, 2), Int("keepdims", 0)).Node("Softmax", "m", "y", Int("axis", 1)).Output("y");

    static ModelProto Old() => Model(6).Input("x", 2, 3, 5, 5)
        .Floats("s", [3]).Floats("b", [3]).Floats("m", [3]).Floats("v", [3], 1, 2, 3)
        .Node("BatchNormalization", "x s b m v", "n", Float("epsilon", 1e-3f)).Node("Add", "n b", "a", Int("broadcast", 1), Int("axis", 1))
        .Node("PRelu", "a s", "p").Node("LRN", "p", "l", Int("size", 3)).Node("Clip", "l", "c", Float("min", 0), Float("max", 6))
        .Floats("w", [3, 2, 2, 2]).Node("ConvTranspose", "c w", "d", Ints("strides", 2, 2)).Node("AveragePool", "d", "y", Ints("kernel_shape", 3, 3), Text("auto_pad", "SAME_UPPER")).Output("y");

    static ModelProto Branching()
    {
        var then = new GraphProto();
        then.Node.Add(NodeOf("Squeeze", "x", "squeezed", Ints("axes", 1)));
        then.Output.Add(new ValueInfoProto { Name = "squeezed" });
        var other = new GraphProto();
        other.Node.Add(NodeOf("Relu", "x", "kept"));
        other.Output.Add(new ValueInfoProto { Name = "kept" });
        return Model(11).Input("x", "n", 1, 4).Node("Shape", "x", "shape").Longs("one", 1).Node("Gather", "shape one", "extent")
            .Node("Equal", "extent one", "is").Node("If", "is", "y", Attribute("then_branch", then), Attribute("else_branch", other)).Output("y");
    }

    static IEnumerable<ModelProto> Drawn(int count)
    {
        for (int seed = 0; seed < count; seed++)
        {
            var tape = new byte[120];
            new Random(seed).NextBytes(tape);
            using Network network = RandomGraph.Draw(tape);
            using var stream = new MemoryStream();
            network.Save(stream);
            yield return ModelProto.Parser.ParseFrom(stream.ToArray());
        }
    }
}
