using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

/// <summary>Packed filters are one copy for planes of all sizes, and operators that share them do not notice.</summary>
public sealed class PackedWeightsTests
{
    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, bool>();
            // Filters as large as the plane fit one size.
            foreach (ConvolutionImplementation implementation in ConvolutionList.All.Where(i => i.Name is not ("Reference" or "Whole")))
            {
                foreach (int stride in implementation.Name == "Winograd" ? (int[])[1] : [1, 2, 3])
                {
                    cases.Add(implementation.Name, stride, false);
                    if (implementation.Name != "First")
                        cases.Add(implementation.Name, stride, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Planes_of_every_size_share_filters_and_bits(string implementation, int stride, bool transposed)
    {
        using var shared = new CpuBackend(Forcing(implementation));
        int groups = implementation is "Depthwise" or "Separable" ? 19 : 1, channels = groups > 1 ? 19 : implementation == "First" ? 3 : 18, filters = groups > 1 ? 19 : 21;
        WeightSource weights = implementation == "Separable" ? Products(filters) : Draw.Weights(1, 1, filters, channels / groups, 3, 3);
        long packed = 0;
        // The last is smaller than strides of 2 and 3: phases of the way back are missing.
        foreach ((int height, int width) in ((int, int)[])[(9, 11), (23, 6), (4, 5), (9, 11), (1, 1)])
        {
            ConvolutionGeometry g = new()
            {
                C = channels, H = height, W = width, K = filters, OutH = (height - 1) / stride + 1, OutW = (width - 1) / stride + 1, R = 3, S = 3,
                StrideY = stride, StrideX = stride, PadTop = 1, PadLeft = 1, Groups = groups,
            };
            using var alone = new CpuBackend(Forcing(implementation));
            float[][] expected = Run(alone, g, weights, transposed), actual = Run(shared, g, weights, transposed);
            for (int i = 0; i < expected.Length; i++)
                Agreement.SameBits(expected[i], actual[i], $"{implementation} {g}, result {i}");
            if (packed == 0)
                packed = shared.PackedBytes;
            // Winograd's serve both ways.
            if (implementation == "Winograd")
                Assert.Equal(WinogradTiles.Of(g, transposed).FilterBytes, packed);
            Assert.True(shared.PackedBytes == packed || height < stride, $"{height}x{width}: {shared.PackedBytes} bytes, {packed} before");
        }

        // A column and a row of three each, the same both ways.
        Assert.True(packed >= (implementation == "Separable" ? filters * 6 : 2 * weights.Count) * sizeof(float));
    }

    [Theory]
    [InlineData("squeezenet", Precision.Strict)]
    [InlineData("squeezenet", Precision.Single)]
    [InlineData("resnet-18", Precision.Strict)]
    public void A_plan_for_another_picture_size_packs_nothing(string name, Precision precision)
    {
        using Network network = Topologies.Topology.ByName(name);
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = precision });
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        long packed = engine.PackedBytes;
        // Small enough a change for the same convolutions to be the cheapest.
        using ExecutionPlan other = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Batch = 2, Height = 240, Width = 251 });
        Assert.Equal(packed, engine.PackedBytes);
    }

    /// <summary>3x3 filters that are products of a column and a row.</summary>
    static MemoryWeights Products(int filters)
    {
        float[] columns = Draw.Normal(1, 3 * filters), rows = Draw.Normal(2, 3 * filters);
        return new MemoryWeights([.. Enumerable.Range(0, 9 * filters).Select(i => columns[i / 3] * rows[i / 9 * 3 + i % 3])], filters, 1, 3, 3);
    }

    static EngineOptions Forcing(string implementation) => new() { Force = new Dictionary<string, string> { [ConvolutionList.Operator] = implementation } };

    static float[][] Run(CpuBackend backend, ConvolutionGeometry g, WeightSource weights, bool transposed)
    {
        Shape x = new(2, g.C, g.H, g.W), y = new(2, g.K, g.OutH, g.OutW);
        using OperatorBench bench = transposed
            ? new(backend.CreateTransposedConvolution(g, weights, null), [y], x)
            : new(backend.CreateConvolution(g, weights, null), [x], y);
        return bench.Run(bench.Draw(2), Draw.Normal(3, bench.Output), BackwardRule.Gradient);
    }
}
