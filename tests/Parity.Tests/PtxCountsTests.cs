using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>
/// What the shipped kernels do at the sizes of well-known networks, counted: instructions, sectors of 32 bytes, passes over the banks of
/// shared memory. Counts tell what a kernel asks of a device, never how fast one is.
/// </summary>
public class PtxCountsTests(ITestOutputHelper output)
{
    /// <summary>Layers as VGG-16, ResNet-18, SqueezeNet and AlexNet have them, or as large where none of them has one; channels are cut where they change no pattern.</summary>
    static readonly (string Name, Layer Layer, Shape[] Inputs)[] s_layers =
    [
        ("relu 16x56x56", new Relu(), [new(1, 16, 56, 56)]),
        ("max pool 2x2 of 16x56x56, VGG-16", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, [new(1, 16, 56, 56)]),
        ("max pool 3x3, stride 2, of 16x112x112, ResNet-18", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 1, 1, 1) } }, [new(1, 16, 112, 112)]),
        ("max pool 3x3, stride 2, ceil, of 64x27x27, SqueezeNet", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), CeilMode = true } }, [new(1, 64, 27, 27)]),
        ("global average pool of 512x7x7, ResNet-18", new GlobalPool(), [new(1, 512, 7, 7)]),
        ("global average pool of 1000x13x13, SqueezeNet", new GlobalPool(), [new(1, 1000, 13, 13)]),
        ("average pool 2x2 of 16x56x56", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, [new(1, 16, 56, 56)]),
        ("lrn of 5 over 96x27x27, AlexNet", new LocalResponseNormalisation { Size = 5, Alpha = 1e-4f }, [new(1, 96, 27, 27)]),
        ("softmax of 1000", new Softmax { Axis = 1 }, [new(8, 1000)]),
        ("batch norm of 64x28x28, ResNet-18", new BatchNormalisation { Scale = Draw.Weights(1, 1, 64), Shift = Draw.Weights(2, 1, 64), Mean = Draw.Weights(3, 1, 64), Variance = new MemoryWeights([.. Enumerable.Repeat(0.7f, 64)], 64) }, [new(1, 64, 28, 28)]),
        ("sum of two 64x28x28, ResNet-18", new Arithmetic(ArithmeticOperation.Add), [new(1, 64, 28, 28), new(1, 64, 28, 28)]),
        ("product with a plane a channel", new Arithmetic(ArithmeticOperation.Mul), [new(1, 64, 28, 28), new(1, 64, 1, 1)]),
        ("sigmoid of 64x28x28", new Sigmoid(), [new(1, 64, 28, 28)]),
        ("instance norm of 32x56x56", new InstanceNormalisation { Scale = Draw.Weights(5, 1, 32), Shift = Draw.Weights(6, 1, 32) }, [new(1, 32, 56, 56)]),
        ("mean of planes 256x14x14", new ReduceMean { AxisList = [2, 3] }, [new(1, 256, 14, 14)]),
        ("mean of channels 64x28x28", new ReduceMean { AxisList = [1] }, [new(1, 64, 28, 28)]),
        ("resize, linear, 32x28x28 to 56x56", new Resize { Scales = [1, 1, 2, 2], Linear = true }, [new(1, 32, 28, 28)]),
        ("transpose 64x28x28 to channels last", new Transpose { Permutation = [0, 2, 3, 1] }, [new(1, 64, 28, 28)]),
        ("pad, reflect, 32x56x56", new Pad { Pads = [0, 0, 3, 3, 0, 0, 3, 3], Fill = PadFill.Reflect }, [new(1, 32, 56, 56)]),
        ("bias of a 1x1 convolution to 64x28x28", SmallNetworks.Filters(7, 64, 8, 1), [new(1, 8, 28, 28)]),
        ("block norm 36x27x27", new BlockNormalisation { Period = 9, Least = 0.5f, Limit = 0.2f }, [new(1, 36, 27, 27)]),
        ("orientation of 2x64x64", new OrientationBinning { Bins = 18 }, [new(1, 2, 64, 64)]),
    ];

    [Fact]
    public void Kernels_at_the_sizes_of_networks()
    {
        Gpu.RequireSimulator();
        using var report = new Report("counts of the shipped kernels", output);
        report.WriteLine("What each kernel does at such a size, forward and back, counted by the simulator's executor of PTX. Counts, never speeds.");
        report.WriteLine("Instructions are of single threads, their kinds in per cent of them, active the share of lanes at work; global: accesses of a");
        report.WriteLine("warp, the 32-byte sectors they touch, and those over the least for the bytes asked for; shared: passes over the banks, likewise.");
        foreach ((string name, Layer layer, Shape[] inputs) in s_layers)
        {
            Simulator.Start();
            Simulator.RunPtx();
            Simulator.ForgetPtxCounts();
            Run(layer, inputs);
            report.WriteLine("");
            report.WriteLine(name);
            string[] counts = Simulator.PtxCounts().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            // A kernel's name and its launches begin its line; of a convolution only the bias is ours.
            long launches = counts.Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Sum(words => words.Length > 2 && long.TryParse(words[1], out long times) ? times : 0);
            Assert.True(launches > 0, $"{name}: no launch was counted");
            foreach (string line in counts)
                report.WriteLine($"  {line}");
        }
    }

    static void Run(Layer layer, Shape[] inputs)
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("y", layer, [.. inputs.Select((s, i) => builder.Input($"x{i}", s))]));
        using Network network = builder.Build();
        using Engine engine = Gpu.On(network);
        using var passes = new Passes(engine, new PlanOptions());
        passes.Forward(1);
        passes.Backward(1, BackwardRule.Gradient);
    }
}
