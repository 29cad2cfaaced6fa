using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Building;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Gallery.Building;

/// <summary>Galleries of tiny networks: what is in them, and what is left out.</summary>
public sealed class NetworkGalleryTests
{
    static readonly NetworkGalleryOptions s_small = new() { InversionIterations = 20, Metrics = [], Commands = new GalleryCommands { Model = "tiny.onnx" } };

    [Fact]
    public void Sequential_ShowsEverything()
    {
        using Network network = Sequential(3);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput[] inputs = Inputs(network, 2);
        GalleryDocument document = NetworkGallery.Build(engine, inputs, s_small, cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(document.Notes);
        var maps = Assert.IsType<AttributionExhibit>(document.Exhibits[0]);
        Assert.Equal(["picture-0", "picture-1"], maps.Images.Select(i => i.Name));
        Assert.All(maps.Images, i => Assert.Equal(3, i.Targets.Count));
        Assert.Equal(maps.Methods.Count * 2 * 3, maps.Maps.Count);
        // A method that this network has no place for is missed with a line that says so.
        Assert.Equal(MethodCatalogue.All.Count, maps.Methods.Count + maps.Notes.Count(n => n.Contains("is left out", StringComparison.Ordinal)));
        Assert.All(maps.Maps, m => Assert.StartsWith("preimage explain tiny.onnx picture-", m.Command, StringComparison.Ordinal));
        var sensitivity = Assert.IsType<SensitivityExhibit>(document.Exhibits[1]);
        // The same object, so that the page stores it once.
        Assert.Contains(sensitivity.Rows[0].Maps[2], maps.Maps);
        Assert.Equal(["filters", "backtracking", "inversion"], document.Exhibits.Skip(2).Select(e => e.Id));
        Assert.All(document.Exhibits.OfType<FiguresExhibit>().SelectMany(e => e.Figures), f => Assert.StartsWith("preimage ", f.Command, StringComparison.Ordinal));
        using var stream = new MemoryStream();
        GalleryPageSummary summary = GalleryPage.Write(document, stream);
        Assert.Equal(maps.Maps.Count, summary.Maps);
    }

    [Fact]
    public void Maps_AreThoseOfTheMethods()
    {
        using Network network = Sequential(3);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput[] inputs = Inputs(network, 2);
        var maps = (AttributionExhibit)NetworkGallery.Build(engine, inputs, Bare(s_small), cancellation: TestContext.Current.CancellationToken).Exhibits[0];
        foreach (CataloguedMethod entry in MethodCatalogue.All.Where(m => maps.Methods.Any(own => own.Name == m.Name)))
        {
            GalleryMap map = maps.Maps.Single(m => m.Method == entry.Name && m.Image == "picture-1" && m.Class == maps.Images[1].Targets[2].Class);
            AttributionResult result = entry.Make(engine).Attribute(inputs[1].Tensor, maps.Images[1].Targets.Select(t => Target.Class(t.Class)).ToArray(), cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(result.Row(2).ToArray(), map.Values.ToArray());
        }
    }

    [Fact]
    public void Sensitivity_HasTheMeanCosineOverPairs()
    {
        using Network network = Sequential(1);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput[] inputs = Inputs(network, 1);
        GalleryDocument document = NetworkGallery.Build(engine, inputs, Bare(s_small) with { Methods = ["saliency"] }, cancellation: TestContext.Current.CancellationToken);
        SensitivityRow row = document.Exhibits.OfType<SensitivityExhibit>().Single().Rows.Single();
        float[][] maps = [.. row.Maps.Select(m => m!.Values.ToArray())];
        double expected = ((double)TensorPrimitives.CosineSimilarity(maps[0], maps[1]) + TensorPrimitives.CosineSimilarity(maps[0], maps[2]) + TensorPrimitives.CosineSimilarity(maps[1], maps[2])) / 3;
        Assert.Equal(expected, row.Cosine.Value!.Value, 1e-5);
    }

    [Fact]
    public void Branches_AreLeftOutWithTheReason()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        GalleryDocument document = NetworkGallery.Build(engine, Inputs(network, 1), s_small with { InversionIterations = 0 }, cancellation: TestContext.Current.CancellationToken);
        var filters = document.Exhibits.OfType<FiguresExhibit>().Single(e => e.Id == "filters");
        // conv, left and right are a stack, what follows the join is none.
        Assert.Equal(["conv", "left", "right"], filters.Figures.Select(f => f.Title));
        Assert.Contains(filters.Notes, n => n.Contains("hidden", StringComparison.Ordinal) && n.Contains("joins", StringComparison.Ordinal));
        Assert.DoesNotContain(document.Exhibits, e => e.Id == "inversion");
    }

    [Fact]
    public void NoDenseEnd_IsSaid()
    {
        using Network network = Convolutional();
        using Engine engine = network.On(Device.Cpu);
        GalleryDocument document = NetworkGallery.Build(engine, Inputs(network, 1), s_small, cancellation: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(document.Exhibits, e => e.Id == "backtracking");
        Assert.Contains(document.Notes, n => n.StartsWith("Backtracking is left out", StringComparison.Ordinal) && n.Contains("dense layer", StringComparison.Ordinal));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public void AnyChannels_MakeAPage(int channels)
    {
        using Network network = Sequential(channels);
        using Engine engine = network.On(Device.Cpu);
        GalleryDocument document = NetworkGallery.Build(engine, Inputs(network, 1), s_small, cancellation: TestContext.Current.CancellationToken);
        Assert.All(document.Exhibits.OfType<AttributionExhibit>().SelectMany(e => e.Maps), m => Assert.Equal(1, m.Channels));
        Assert.Equal(channels == 1, document.Exhibits.Any(e => e.Id == "inversion"));
        using var stream = new MemoryStream();
        Assert.InRange(GalleryPage.Write(document, stream).Bytes, 1, GalleryPage.DefaultMaxBytes);
    }

    [Fact]
    public void Inversion_HasFramesThatFallInEnergy()
    {
        using Network network = Sequential(3);
        using Engine engine = network.On(Device.Cpu);
        GalleryDocument document = NetworkGallery.Build(
            engine, Inputs(network, 1), s_small with { Methods = ["saliency"], Decoding = false, Backtracking = false, InversionIterations = 40, InversionNode = "relu1", Seed = 3 },
            cancellation: TestContext.Current.CancellationToken);
        FramesExhibit frames = document.Exhibits.OfType<FramesExhibit>().Single();
        // 40 with jitter and 8 without.
        Assert.Equal(48, frames.Curve.Count);
        Assert.Equal(48, frames.Frames[^1].Iteration);
        Assert.Equal(frames.Frames.Select(f => f.Iteration).Order().Distinct(), frames.Frames.Select(f => f.Iteration));
        Assert.True(frames.Curve[^1].Value < frames.Curve[0].Value / 2, $"{frames.Curve[0].Value} became {frames.Curve[^1].Value}");
        Assert.Contains("--node relu1", frames.Command, StringComparison.Ordinal);
        Assert.Contains("--seed 3", frames.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void SameSeed_GivesTheSamePage()
    {
        byte[][] pages = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using Network network = Sequential(3);
            using Engine engine = network.On(Device.Cpu);
            using var stream = new MemoryStream();
            GalleryPage.Write(NetworkGallery.Build(engine, Inputs(network, 2), s_small with { Seed = 4, Metrics = ["class-sensitivity"] }), stream);
            return stream.ToArray();
        })];
        Assert.Equal(pages[0], pages[1]);
    }

    [Fact]
    public void Metrics_AreTheirOwnNumbers()
    {
        using Network network = Sequential(3);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput[] inputs = Inputs(network, 3);
        GalleryDocument document = NetworkGallery.Build(
            engine, inputs, Bare(s_small) with { Methods = ["saliency", "guided"], Metrics = ["class-sensitivity"], Seed = 5 }, cancellation: TestContext.Current.CancellationToken);
        var table = document.Exhibits.OfType<TableExhibit>().Single();
        Tensor<float> all = Tensor.Create(inputs.SelectMany(i => i.Tensor.ToArray()).ToArray(), [3, .. inputs[0].Tensor.Lengths[1..]]);
        MetricResult expected = MetricCatalogue.ByName("class-sensitivity").Measure(
            new GuidedBackprop(engine), all, new MetricOptions { Seed = 5 }, cancellation: TestContext.Current.CancellationToken);
        GalleryRow row = table.Rows.Single(r => r.Name == MethodCatalogue.ByName("guided").Title);
        Assert.Equal(expected.Series.Select(s => (double?)s.Mean.Mean), row.Cells.Select(c => c.Value));
        Assert.Equal(expected.Series.Select(s => (double?)s.Mean.High), row.Cells.Select(c => c.High));
    }

    [Fact]
    public void WrongOptions_AreRefused()
    {
        using Network network = Sequential(3);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput[] inputs = Inputs(network, 1);
        Assert.Contains("0 classes", Assert.Throws<PreimageException>(() => NetworkGallery.Build(engine, inputs, s_small with { Classes = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("no method 'x'", Assert.Throws<PreimageException>(() => NetworkGallery.Build(engine, inputs, s_small with { Methods = ["x"] })).Message, StringComparison.Ordinal);
        Assert.Contains("one picture", Assert.Throws<PreimageException>(() => NetworkGallery.Build(engine, [], s_small)).Message, StringComparison.Ordinal);
    }

    static NetworkGalleryOptions Bare(NetworkGalleryOptions options) => options with { Decoding = false, Backtracking = false, InversionIterations = 0 };

    static PreparedInput[] Inputs(Network network, int count)
    {
        Shape shape = network.InputShape;
        return [.. Enumerable.Range(0, count).Select(n =>
        {
            byte[] pixels = [.. Enumerable.Range(0, shape.H * shape.W * 3).Select(i => (byte)(i * (n + 3)))];
            var picture = new Picture(shape.W, shape.H, 3, pixels);
            if (shape.C is 1 or 3)
                return (Preprocessing.Unit with { Order = shape.C == 1 ? ChannelOrder.Grey : ChannelOrder.Rgb }).Apply(picture, network.Input, $"picture-{n}.png");
            return new PreparedInput(Tensor.Create(Draw.Normal(70 + (ulong)n, shape.Count), [1, shape.C, shape.H, shape.W]), Preprocessing.Unit, picture, $"picture-{n}.png");
        })];
    }

    /// <summary>A convolution, pooling and two dense layers.</summary>
    static Network Sequential(int channels)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, channels, 12, 10));
        x = builder.Add("relu1", new Relu(), builder.Add("conv1", SmallNetworks.Filters(31, 6, channels), x));
        x = builder.Add("pool1", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        x = builder.Add("flat", new Flatten(), x);
        x = builder.Add("relu2", new Relu(), builder.Add("fc2", SmallNetworks.Matrix(32, 6 * 6 * 5, 9), x));
        builder.Output(builder.Add("fc3", SmallNetworks.Matrix(33, 9, 4), x));
        return builder.Build();
    }

    /// <summary>Convolutions and a mean over all places.</summary>
    static Network Convolutional()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 12, 10));
        x = builder.Add("relu1", new Relu(), builder.Add("conv1", SmallNetworks.Filters(31, 6, 3), x));
        x = builder.Add("relu2", new Relu(), builder.Add("conv2", SmallNetworks.Filters(32, 5, 6), x));
        x = builder.Add("mean", new AveragePool { Sliding = new Window { Kernel = (12, 10) } }, x);
        builder.Output(builder.Add("flat", new Flatten(), x));
        return builder.Build();
    }
}
