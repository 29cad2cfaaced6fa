using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>What searches have beyond the paper, on the GPU against the processor: the energy of every term at every iteration, and the same bytes twice.</summary>
public class FeatureSearchParityTests
{
    /// <summary>Relative, of each energy: twenty iterations of a network in which nothing switches.</summary>
    const double Bound = 1e-3;

    static readonly PreImageOptions s_options = new() { C = 20, Iterations = 20, SecondPhase = null, Seed = 3, Optimiser = Optimiser.Adam, Parameterisation = Parameterisation.Fourier };

    static readonly Dictionary<string, (Objective Objective, PreImageOptions Options)> s_cases = new()
    {
        ["spectra under views"] = (Objective.Channel("last", 1), s_options with { Restarts = 2, Jitter = 3, Transforms = new ImageTransforms { Padding = 2, MinimumScale = 0.9, MaximumScale = 1.1, Rotation = 10 } }),
        ["style and diversity"] = (Objective.Style("first", Tensor.Create(Draw.Normal(7, 5 * 6 * 9), [1, 5, 6, 9])) + 0.1 * Objective.Diversity("last"), s_options with { Restarts = 3, Jitter = 1 }),
        ["L-BFGS on pixels"] = (Objective.Channel("last", 1), s_options with { Parameterisation = Parameterisation.Pixels, Optimiser = Optimiser.LBfgs, Restarts = 2 }),
        ["L-BFGS on spectra"] = (Objective.Channel("last", 1), s_options with { Optimiser = Optimiser.LBfgs }),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Twenty_iterations_have_the_energies_of_the_processor(string name)
    {
        Gpu.Require();
        PreImageResult expected = Find(name, Device.Cpu), actual = Find(name, Device.Cuda(0)), again = Find(name, Device.Cuda(0));
        Agreement.SameBits([.. actual.Images], [.. again.Images], "a second time");
        Assert.Equal(expected.Iterations, actual.Iterations);
        for (int s = 0; s < expected.Trace.Segments.Count; s++)
        {
            PreImageTrace.Segment there = expected.Trace.Segments[s], here = actual.Trace.Segments[s];
            for (int i = 0; i < there.Iterations; i++)
                for (int term = 0; term < expected.Trace.Terms.Count; term++)
                    for (int row = 0; row < there.Rows; row++)
                        Assert.Equal(there[i, term, row], here[i, term, row], Bound * Math.Abs(there[i, term, row]));
        }

        Gpu.LeavesNothing();
    }

    static PreImageResult Find(string name, Device device)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 12, 11));
        Node first = builder.Add("first", new Sigmoid(), builder.Add("first_conv", SmallNetworks.Filters(11, 5, 3), x));
        Node pool = builder.Add("pool", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, first);
        builder.Output(builder.Add("last", SmallNetworks.Filters(12, 4, 5), pool));
        using Network network = builder.Build();
        using Engine engine = network.On(device);
        (Objective objective, PreImageOptions options) = s_cases[name];
        return new PreImageSearch(engine, new PixelScale { Factor = [1 / 50.0, 1 / 60.0, 1 / 40.0], Centre = [120, 110, 100] }).Find(objective, options);
    }
}
