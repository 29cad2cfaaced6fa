using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Cpu.Orientation;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>An inversion that both devices do.</summary>
/// <param name="Network">Makes the network.</param>
/// <param name="Node">Whose representation is inverted.</param>
/// <param name="Pixels">What the network takes pixels as.</param>
/// <param name="Options">How.</param>
internal sealed record PreImageCase(Func<Network> Network, string Node, PixelScale Pixels, PreImageOptions Options)
{
    static readonly PixelScale s_colour = new() { Factor = [1 / 50.0, 1 / 60.0, 1 / 40.0], Centre = [120, 110, 100], Shift = [0.1, 0, -0.2] };

    static readonly PixelScale s_digits = new() { Factor = [1 / 64.0], Centre = [127.5] };

    static readonly PreImageOptions s_both = PreImageOptions.PaperInversion() with { Iterations = 20, Seed = 5, SecondPhase = new SecondPhase { Iterations = 6 } };

    static readonly PreImageOptions s_descriptor = PreImageOptions.PaperDescriptor() with { Iterations = 20, Seed = 6 };

    public static Dictionary<string, PreImageCase> All { get; } = new()
    {
        ["lenet, L3"] = new(() => Topology.LeNet(3), "L3", s_digits, s_both),
        ["lenet, L4, two restarts"] = new(() => Topology.LeNet(3), "L4", s_digits, s_both with { Restarts = 2, Jitter = 4 }),
        ["lenet, logits"] = new(() => Topology.LeNet(3), "logits", s_digits, s_both),
        ["lenet, L3, beta 1.5, no bound"] = new(() => Topology.LeNet(3), "L3", s_digits, s_both with { Beta = 1.5, BallRadius = double.PositiveInfinity }),
        ["lenet, L3, momentum"] = new(() => Topology.LeNet(3), "L3", s_digits, s_both with { Optimiser = Optimiser.Momentum, LearningRate = 1e-4 }),
        ["lenet, L3, adam"] = new(() => Topology.LeNet(3), "L3", s_digits, s_both with { Optimiser = Optimiser.Adam }),
        ["mixed, sum"] = new(() => SmallNetworks.Mixed(), "sum", s_colour, s_both with { Jitter = 3, Restarts = 3 }),
        ["mixed, norm, masked"] = new(() => SmallNetworks.Mixed(), "norm", s_colour, s_both with { Mask = FeatureMask.Window(2) }),
        ["smooth"] = new(Smooth, "last", s_colour, s_both with { Jitter = 3 }),
        ["HOGb"] = new(() => Descriptors.Hog(48, 64, options: new HogOptions { Binning = BinningKind.Bilinear }), "hog", PixelScale.Raw, s_descriptor),
        ["DSIFT"] = new(() => Descriptors.DenseSift(48, 64), "normalised", PixelScale.Raw, s_descriptor),
    };

    /// <summary>Of LeNet's size, with nothing that switches.</summary>
    static Network Smooth()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 28, 28));
        Node first = builder.Add("first", new Sigmoid(), builder.Add("first_conv", SmallNetworks.Filters(11, 8, 3, 5), x));
        Node pool = builder.Add("pool", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, first);
        builder.Output(builder.Add("last", SmallNetworks.Filters(12, 12, 8, 5), pool));
        return builder.Build();
    }

    /// <summary>Inverts what the network makes of a drawn picture: waves and an edge.</summary>
    /// <param name="device">Where.</param>
    /// <param name="options">How; null for the case's own.</param>
    /// <param name="shaken">Whether the picture's values are off by up to 2e-7 of them, every one by a part of its own: by what rounding does.</param>
    public PreImageResult On(Device device, PreImageOptions? options = null, bool shaken = false)
    {
        using Network network = Network();
        using Engine engine = network.On(device);
        Shape shape = network.InputShape;
        var input = new float[shape.Count];
        for (int i = 0; i < input.Length; i++)
        {
            int column = i % shape.W, row = i / shape.W % shape.H, channel = i / shape.W / shape.H % shape.C;
            double pixel = 127 + 70 * Math.Sin(0.31 * column + 0.17 * row + channel) + (column > row ? 40 : -40) * Math.Cos(0.11 * row);
            input[i] = (float)(Of(Pixels.Factor, channel) * (pixel - Of(Pixels.Centre, channel)) + Of(Pixels.Shift, channel));
        }

        for (int i = 0; shaken && i < input.Length; i++)
            input[i] *= (float)(1 + 2e-7 * Math.Sin(37.0 * i));
        return new Inversion(engine).Invert(Tensor.Create(input, shape.ToLengths()), Pixels, Node, options ?? Options);

        static double Of(IReadOnlyList<double> values, int channel) => values[values.Count == 1 ? 0 : channel];
    }
}
