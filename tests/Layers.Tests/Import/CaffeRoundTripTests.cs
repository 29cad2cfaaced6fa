using System.Text;
using Preimage.Layers.Kinds;
using static Preimage.Layers.Tests.Import.CaffeModels;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>One network in all the forms it can be stored in, and where a structure is looked for.</summary>
public sealed class CaffeRoundTripTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public void Dispose() => _folder.Delete(recursive: true);

    string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    string Write(string name, CaffeDraft structure) => Write(name, Encoding.UTF8.GetBytes(structure.Without("blobs").ToText()));

    internal static float[] Run(Network network)
    {
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        var random = new Random(7);
        float[] x = [.. Enumerable.Range(0, network.InputShape.Count).Select(_ => random.NextSingle() * 4 - 2)];
        var y = new float[plan.ShapeOf(network.Output).Count];
        plan.Forward(x, y);
        Assert.All(y, v => Assert.True(float.IsFinite(v)));
        Assert.True(y.Distinct().Count() > 1);
        return y;
    }

    [Fact]
    public void EveryFormOfOneNetwork_GivesTheSameBits()
    {
        CaffeDraft net = Classic();
        using var whole = Network.Load(net.ToBinary());
        float[] expected = Run(whole);
        using var first = Network.Load(net.ToFirst().ToBinary());
        Agreement.SameBits(expected, Run(first), "the first format");
        Write("a.prototxt", net);
        using var beside = Network.Load(Write("a.caffemodel", net.ToBinary()));
        Agreement.SameBits(expected, Run(beside), "a structure beside it");
        Write("b.prototxt", net.ToFirst());
        using var mixed = Network.Load(Write("b_iter_100.caffemodel", net.ToBinary()), new LoadOptions { Copy = true });
        Agreement.SameBits(expected, Run(mixed), "a structure of the first format beside weights of the second");
        using var binary = Network.Load(Write("c.caffemodel", net.ToFirst().ToBinary()),
            new LoadOptions { Structure = Write("structure.bin", net.Without("blobs").ToBinary()) });
        Agreement.SameBits(expected, Run(binary), "a binary structure that is named");
        Assert.NotEqual(whole.Hash, beside.Hash);
        Assert.Equal(["conv1", "relu1", "norm1", "pool1", "conv2", "norm2", "sum", "max", "all", "pool2", "drop", "ip", "prob"],
            beside.Nodes.Select(n => n.Name).Where(n => !n.Contains('/', StringComparison.Ordinal) && n != "data"));
        Assert.Equal(new Shape(1, 4, 11, 9), beside.InputShape);
        Assert.False(beside.MixesSamples);
        // The filters that stand for neighbours are no parameters: 6x2x3x3 + 6, 6x6x3x1, 5x108 + 5, and the coefficient -0.5.
        Assert.Equal(108 + 6 + 108 + 540 + 5 + 1, beside.ParameterCount);
        // Rows: 3, + 2 of the pooling, + 2 * 2 of the second filters, + 2 * 2 of the neighbours; the second filters have one column.
        Assert.Equal("13x9/2/2", ReceptiveField.Of(beside)[beside.Nodes["norm2"].Index]?.ToString());
    }

    [Fact]
    public void TheSecondFormatsLayers_SurviveTextAndOnnx()
    {
        CaffeDraft net = Modern();
        using var network = Network.Load(net.ToBinary());
        float[] expected = Run(network);
        Write("deploy.prototxt", net);
        using var beside = Network.Load(Write("weights.caffemodel", net.ToBinary()));
        Agreement.SameBits(expected, Run(beside), "text");
        using var onnx = new MemoryStream();
        network.Save(onnx);
        using var again = Network.Load(onnx.ToArray());
        Agreement.Close(Array.ConvertAll(expected, v => (double)v), Run(again), 1e-6, "saved as ONNX");
    }

    [Fact]
    public void WeightsStayInTheFile_OrComeInPiecesAndDoubles()
    {
        CaffeDraft net = Net(1, 2).Layer("ip", "InnerProduct", "data", "ip", Parameters("inner_product_param", ("num_output", 2), ("bias_term", false)),
            ("blobs", new CaffeDraft("Blob").With("shape", new CaffeDraft("BlobShape").With("dim", 2, 2)).With("data", new float[] { 1, 2 }, new float[] { 3, 4 })));
        using var pieces = Network.Load(net.ToBinary());
        Assert.Equal([1, 2, 3, 4], ((Dense)pieces.Output.Layer).Weight.ToArray());
        net.Messages("layer").Single().Messages("blobs").Single().Fields.RemoveAll(f => f.Name == "data");
        net.Messages("layer").Single().Messages("blobs").Single().With("double_data", new[] { 1.5, 2, -3, 4 });
        using var doubles = Network.Load(net.ToBinary());
        Assert.Equal([1.5f, 2, -3, 4], ((Dense)doubles.Output.Layer).Weight.ToArray());
        using var floats = Network.Load(Classic().ToBinary());
        Assert.True(((Convolution)floats.Nodes["conv1"].Layer).Weight.TryGetAddress(out _));
    }

    [Fact]
    public void AStructureAlone_IsRefusedUnlessSeeded()
    {
        string path = Write("deploy.prototxt", Classic());
        string message = Assert.Throws<ModelException>(() => Network.Load(path)).Message;
        Assert.Contains("without its weights, which 3 layers need (conv1, conv2, ip)", message, StringComparison.Ordinal);
        using var one = Network.Load(path, new LoadOptions { Seed = 5 });
        using var same = Network.Load(path, new LoadOptions { Seed = 5 });
        using var other = Network.Load(path, new LoadOptions { Seed = 6 });
        Agreement.SameBits(Run(one), Run(same), "the same seed");
        Assert.NotEqual(Run(one), Run(other));
    }

    [Fact]
    public void TrainingLayers_AreLeftOut()
    {
        CaffeDraft include(int phase) => new CaffeDraft("Rule").With("phase", phase == 0 ? "TRAIN" : "TEST");
        CaffeDraft net = new CaffeDraft("Net")
            .Layer("set", "Data", "", "data label", ("include", include(0)), ("transform_param", new CaffeDraft("Transform").With("crop_size", 99)))
            .Layer("set", "Data", "", "data label", ("include", include(1)), ("transform_param", new CaffeDraft("Transform").With("crop_size", 6)))
            .Layer("noise", "Python", "data", "data", ("exclude", include(1)))
            .Layer("conv", "Convolution", "data", "conv", Parameters("convolution_param", ("num_output", 2), ("kernel_size", 3)), Blob(1, 2, 3, 3, 3), Blob(2, 2))
            .Layer("loss", "SoftmaxWithLoss", "conv label", "loss").Layer("accuracy", "Accuracy", "conv label", "accuracy", ("include", include(1)));
        Write("net.prototxt", net);
        using var network = Network.Load(Write("net.caffemodel", net.ToBinary()));
        Assert.Equal(["data", "conv"], network.Nodes.Select(n => n.Name));
        Assert.Equal(new Shape(1, 3, 6, 6), network.InputShape);
    }
}
