using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Occlusion against losses worked out by hand, and against a network run in double on pictures covered here.</summary>
public class OcclusionTests
{
    /// <summary>
    /// f sums the pixels 1 to 9 of a 3x3 picture. Windows of 2x2 with stride 2 start at 0 and 2, the second cut off at the border; covered with 0, f loses
    /// 1+2+4+5 = 12, 3+6 = 9, 7+8 = 15 and 9. Each pixel is covered once: 12 12 9; 12 12 9; 15 15 9.
    /// Stride 1: four whole windows lose 12, 16, 24, 28. The middle pixel is in all: 80/4 = 20; the upper middle in two: 28/2 = 14.
    /// Covered with 1 instead, each pixel loses one less: 12 becomes 8, a window of two pixels 9 - 2 = 7, one of one 8.
    /// </summary>
    [Fact]
    public void Losses_are_shared_by_the_pixels_of_a_window()
    {
        using Network network = Sum(0);
        using Engine engine = network.On(Device.Cpu);
        Assert.Equal([12f, 12, 9, 12, 12, 9, 15, 15, 9], Map(new Occlusion(engine) { Window = (2, 2), Stride = (2, 2) }));
        Assert.Equal([12f, 14, 16, 18, 20, 22, 24, 26, 28], Map(new Occlusion(engine) { Window = (2, 2), Stride = (1, 1) }));
        Assert.Equal([8f, 8, 7, 8, 8, 7, 13, 13, 8], Map(new Occlusion(engine) { Window = (2, 2), Stride = (2, 2), Baseline = Baseline.Value(1) }));
        // One row at a time: 6, 15, 24. One window over everything: 45.
        Assert.Equal([6f, 6, 6, 15, 15, 15, 24, 24, 24], Map(new Occlusion(engine) { Window = (1, 3), Stride = (1, 1) }));
        Assert.All(Map(new Occlusion(engine) { Window = (3, 3) }), v => Assert.Equal(45, v));
        // A seventh of three pixels, rounded up, is one: the pixels themselves.
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8, 9], Map(new Occlusion(engine)));
    }

    /// <summary>f = relu(sum - 40) = 5: whatever loses more than 5 loses 5, and the windows of 2x2 with stride 1 all do; pixel by pixel 1 to 5, then 5.</summary>
    [Fact]
    public void It_is_no_gradient()
    {
        using Network network = Sum(40);
        using Engine engine = network.On(Device.Cpu);
        Assert.All(Map(new Occlusion(engine) { Window = (2, 2), Stride = (1, 1) }), v => Assert.Equal(5, v));
        Assert.Equal([1f, 2, 3, 4, 5, 5, 5, 5, 5], Map(new Occlusion(engine) { Window = (1, 1) }));
    }

    /// <summary>Pictures covered by hand, channels together and one at a time, two targets of which one is no single unit.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Maps_are_the_oracles(bool eachChannel)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Shape shape = network.InputShape;
        float[] x = Draw.Normal(500, shape), cover = [0.5f, -1, 2];
        double[][] signals = [[0, 1, 0, 0, 0], [1, -1, 0, 0.5, 2]];
        double[] clean = Run(x);
        double[,] sums = new double[2, shape.Count];
        var counts = new int[shape.Count];
        // 14 rows, 5 at a time, from 0, 4, 8 and 12; 12 columns, 6 at a time, from 0, 5 and 10.
        foreach (int top in (int[])[0, 4, 8, 12])
        foreach (int left in (int[])[0, 5, 10])
        foreach (int channel in eachChannel ? (int[])[0, 1, 2] : [-1])
        {
            int[] covered = [.. Enumerable.Range(0, shape.Count).Where(i =>
                (channel < 0 || i / 168 == channel) && i % 168 / 12 >= top && i % 168 / 12 < top + 5 && i % 12 >= left && i % 12 < left + 6)];
            float[] values = [.. x];
            foreach (int i in covered) values[i] = cover[i / 168];
            double[] y = Run(values);
            foreach (int i in covered)
            {
                counts[i]++;
                for (int k = 0; k < 2; k++) sums[k, i] += signals[k].Select((s, u) => s * (clean[u] - y[u])).Sum();
            }
        }

        AttributionResult result = new Occlusion(engine) { Window = (5, 6), Stride = (4, 5), Baseline = Baseline.Channels(cover), EachChannel = eachChannel }
            .Attribute(Methods.Samples(network, 2), [Target.Class(1), Target.Vector(null, [.. signals[1].Select(v => (float)v)])]);
        for (int k = 0; k < 2; k++)
        {
            double[] expected = [.. counts.Select((c, i) => sums[k, i] / c)];
            // Differences of logits near 1, each right to some 1e-6.
            Agreement.Close(expected, result.Row(k), 1e-5, $"signal {k}");
            bool alike = Enumerable.Range(0, 168).All(i => expected[i] == expected[i + 168]);
            Assert.Equal(!eachChannel, alike);
        }

        double[] Run(float[] values) => new NetworkOracle(network, shape, values)[network.Output].Values;
    }

    [Fact]
    public void Progress_counts_windows()
    {
        using Network network = Sum(0);
        using Engine engine = network.On(Device.Cpu);
        var reports = new List<AttributionProgress>();
        new Occlusion(engine) { Window = (2, 2), Stride = (1, 1) }.Attribute(Picture(2), [Target.Class(0)], progress: new Listener(reports));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => i / 8.0), reports.Select(r => r.Fraction));
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 2], reports.Select(r => r.Maps));
    }

    [Fact]
    public void Bad_settings_are_refused()
    {
        using Network network = Sum(0);
        using Engine engine = network.On(Device.Cpu);
        Says("4x1 is larger than input 'x', which has 3x3", new Occlusion(engine) { Window = (4, 1) });
        Says("1x4 is larger", new Occlusion(engine) { Window = (1, 4) });
        Says("3x1 leaves pixels out between windows of 2x2", new Occlusion(engine) { Window = (2, 2), Stride = (3, 1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Occlusion(engine) { Window = (0, 1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Occlusion(engine) { Stride = (1, -1) });

        var builder = new NetworkBuilder();
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(1, 4, 2), builder.Input("x", new Shape(1, 4))));
        using Network dense = builder.Build();
        using Engine flat = dense.On(Device.Cpu);
        string message = Assert.Throws<PreimageException>(() => new Occlusion(flat).Attribute(Methods.Samples(dense, 1), 0)).Message;
        Assert.Contains("no input with rows and columns", message, StringComparison.Ordinal);

        void Says(string what, Occlusion wrong) => Assert.Contains(what, Assert.Throws<PreimageException>(() => wrong.Attribute(Picture(1), 0)).Message, StringComparison.Ordinal);
    }

    static float[] Map(Occlusion method) => method.Attribute(Picture(1), 0).Row(0).ToArray();

    static Tensor<float> Picture(int samples) => Tensor.Create([.. Enumerable.Range(0, 9 * samples).Select(i => i + 1f)], [samples, 1, 3, 3]);

    /// <summary>relu(sum of the pixels - threshold).</summary>
    static Network Sum(float threshold)
    {
        var builder = new NetworkBuilder();
        Node flat = builder.Add("flat", new Flatten(), builder.Input("x", new Shape(1, 1, 3, 3)));
        Node sum = builder.Add("sum", new Dense { Weight = new MemoryWeights([.. Enumerable.Repeat(1f, 9)], 1, 9), Bias = new MemoryWeights([-threshold], 1), OutputMajor = true }, flat);
        builder.Output(builder.Add("f", new Relu(), sum));
        return builder.Build();
    }

    sealed class Listener(List<AttributionProgress> reports) : IProgress<AttributionProgress>
    {
        public void Report(AttributionProgress value) => reports.Add(value);
    }
}
