using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>What the tests of searches share: a small network, and the same search for the library and for the oracle.</summary>
internal static class Searches
{
    /// <summary>Input units per pixel unit, a centre and a shift that differ from channel to channel.</summary>
    public static PixelScale Pixels { get; } = new() { Factor = [1 / 50.0, 1 / 60.0, 1 / 40.0], Centre = [120, 110, 100], Shift = [0.1, 0, -0.2] };

    /// <summary>A smooth network of any size of picture: convolutions, sigmoid, mean pooling; stride 2 at its end.</summary>
    public static Network Smooth(int height = 8, int width = 7)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, height, width), [true, false, true, true]);
        Node first = builder.Add("first", new Sigmoid(), builder.Add("first_conv", SmallNetworks.Filters(11, 5, 3), x));
        Node pool = builder.Add("pool", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, first);
        builder.Output(builder.Add("last", SmallNetworks.Filters(12, 4, 5), pool));
        return builder.Build();
    }

    /// <summary>As above with a rectifier and max pooling.</summary>
    public static Network Rectified(int height = 8, int width = 7)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, height, width), [true, false, true, true]);
        Node first = builder.Add("first", new Relu(), builder.Add("first_conv", SmallNetworks.Filters(13, 6, 3), x));
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, first);
        builder.Output(builder.Add("last", SmallNetworks.Filters(14, 4, 6), pool));
        return builder.Build();
    }

    /// <summary>Settings that move images of a few pixels.</summary>
    public static PreImageOptions Small { get; } = new() { C = 20, Iterations = 40, LearningRate = 0.5, Jitter = 1, SecondPhase = null, Seed = 3 };

    /// <summary>What a node is to match: its value for a picture drawn from a seed.</summary>
    public static Tensor<float> Representation(Engine engine, string node, ulong seed = 77)
    {
        Shape input = engine.Network.InputShape;
        return Preimage.Algorithms.PreImages.Search.Representation.Of(engine, Tensor.Create(Draw.Normal(seed, input), input.ToLengths()), node, default);
    }

    public static PreImageResult Match(Engine engine, string node, PreImageOptions options, IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default) =>
        new PreImageSearch(engine, Pixels).Find(Objective.Match(node, Representation(engine, node)), options, progress, cancellation);

    public static SearchSettings Settings(Engine engine, Objective objective, PreImageOptions options) =>
        new(new SearchRequest { Engine = engine, Pixels = Pixels, Method = "test", Objective = objective, Options = options });

    public static PreImageOracle Oracle(Network network, PreImageOptions options) => new(network, [.. Pixels.Factor], [.. Pixels.Shift])
    {
        Alpha = options.Alpha, Beta = options.Beta, B = options.B, V = options.V ?? options.B / 6.5,
        LambdaRange = options.LambdaRange, LambdaVariation = options.LambdaVariation,
    };

    public static double[] Doubles(Tensor<float> tensor) => [.. tensor.Select(v => (double)v)];

    public static float[] Floats(Tensor<float> tensor) => [.. tensor];

    /// <summary>Progress that is told at once, unlike that of the framework.</summary>
    public sealed class Told(Action<PreImageProgress> tell) : IProgress<PreImageProgress>
    {
        public void Report(PreImageProgress value) => tell(value);
    }
}
