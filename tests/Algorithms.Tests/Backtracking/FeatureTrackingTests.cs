using System.Numerics.Tensors;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Backtracking;

/// <summary>Difference images, probabilities with units at zero, and the two looks.</summary>
public sealed class FeatureTrackingTests
{
    [Fact]
    public void Image_IsTheDifferenceOfGreyReconstructions()
    {
        using Network network = SmallChains.Build();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create(Draw.Normal(31, network.InputShape), network.InputShape.ToLengths());
        BacktrackingResult trace = new DenseBacktracking(engine).Trace(input, BacktrackingOptions.LiteralRule)[0];
        UnitSet none = UnitSet.Of("pool2", trace.Traced.Shape);
        IReadOnlyList<TrackedFeatures> tracked = new FeatureTracking(engine, "pool2").Track(input, ChannelOrder.Bgr, [trace.Traced, none]);
        Assert.True(trace.Traced.Count > 0);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = ["pool2"], Keep = Keep.ForBackward });
        var maps = new float[plan.SeedShape.Count];
        plan.Forward(TensorSpans.Dense(input), maps);
        Agreement.SameBits(trace.Features, maps, "features");
        var oracle = new MirrorOracle(network, plan.Export());
        double[] whole = Reconstruct(maps);
        trace.Traced.Suppress(maps);
        double[] without = Reconstruct(maps);
        var expected = new double[120];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = Math.Abs(0.114 * (without[i] - whole[i]) + 0.587 * (without[120 + i] - whole[120 + i]) + 0.299 * (without[240 + i] - whole[240 + i]));
        Assert.Contains(expected, v => v > 0);
        Agreement.Close(expected, tracked[0].Image, 1e-5, "feature image");
        Agreement.Close(whole, tracked[0].Reconstruction, 1e-5, "whole");
        Agreement.Close(without, tracked[0].Suppressed, 1e-5, "without");
        Assert.All(tracked[1].Image.ToArray(), v => Assert.Equal(0, v));

        double[] Reconstruct(float[] from) => oracle.Reconstruct(network.Nodes["pool2"], [.. from.Select(v => (double)v)], MirrorOptions.Fang);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tail_SaysWhatTheNetworkWouldSay(bool windows)
    {
        using Network network = SmallChains.Build(windows);
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create(Draw.Normal(32, network.InputShape), network.InputShape.ToLengths());
        var backtracking = new DenseBacktracking(engine);
        BacktrackingResult trace = backtracking.Trace(input, BacktrackingOptions.LiteralRule)[0];
        using var tail = new DenseTail(backtracking);
        UnitSet none = UnitSet.Of("pool2", trace.Traced.Shape), all = UnitSet.Of("pool2", trace.Traced.Shape, [.. Enumerable.Range(0, trace.Traced.Units)]);
        // More than one run holds, and not a power of two.
        UnitSet[] sets = [none, all, trace.Traced, .. Enumerable.Range(0, 70).Select(i => UnitSet.Of("pool2", trace.Traced.Shape, i % trace.Traced.Units))];
        IReadOnlyList<double[]> probabilities = tail.Probabilities(trace.Features, sets);
        Assert.Equal(sets.Length, probabilities.Count);
        for (int c = 0; c < SmallChains.Classes; c++)
            Assert.Equal(trace.Probabilities[c], probabilities[0][c], 1e-6);
        for (int k = 0; k < sets.Length; k++)
        {
            float[] features = trace.Features.ToArray();
            sets[k].Suppress(features);
            double[] expected = Scores(network, features);
            for (int c = 0; c < SmallChains.Classes; c++)
                Assert.Equal(expected[c], probabilities[k][c], 1e-5);
        }

        Assert.True(probabilities[2][trace.Class] < probabilities[0][trace.Class]);
    }

    [Fact]
    public void Misfits_AreRefused()
    {
        using Network network = SmallChains.Build();
        using Engine engine = network.On(Device.Cpu);
        using var tail = new DenseTail(new DenseBacktracking(engine));
        Assert.Contains("pool2", Assert.Throws<PreimageException>(() => tail.Probabilities(new float[3], [])).Message, StringComparison.Ordinal);
        Assert.Contains("'relu3'", Assert.Throws<PreimageException>(() => tail.Probabilities(new float[36], [UnitSet.Of("relu3", new Shape(1, 36))])).Message, StringComparison.Ordinal);
        Shape two = network.InputShape.WithSamples(2);
        Assert.Contains("one image", Assert.Throws<PreimageException>(() =>
            new FeatureTracking(engine, "pool2").Track(Tensor.Create(new float[two.Count], two.ToLengths()), ChannelOrder.Rgb, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PaperLook_IsTheProgramsArithmetic()
    {
        // 38 trunc(v): 0, 0, 38, 266; inverted 255, 255, 217, 0 or, wrapped, 245.
        float[] image = [0, 0.9f, 1.5f, 7.2f];
        var features = new TrackedFeatures(UnitSet.Of("x", new Shape(1, 2)), ChannelOrder.Grey, 1, 2, 2, image, image, image);
        // Brightness 0.75: 191, 191, 162, 0, mean 136; contrast 2.5 about it: 273.5, 273.5, 201, -204.
        Assert.Equal([255, 255, 201, 0], FeatureLook.Paper.FeatureImage(features).Pixels.ToArray());
        // 191, 191, 162, 183, mean 181.75 = 182: 204.5, 204.5, 132, 184.5.
        Assert.Equal([204, 204, 132, 184], FeatureLook.PaperWrapped.FeatureImage(features).Pixels.ToArray());
        Assert.Equal([255, 255, 254, 248], FeatureLook.Paper.Reconstruction(features).Pixels.ToArray());
        // 255 - v: 255, 254 (cut), 253, 247; times 0.7: 178, 177, 177, 172, mean 176; times 40 about it.
        Assert.Equal([255, 216, 216, 16], FeatureLook.Paper.Map(image, 2, 2, 8).Pixels.ToArray());
        Assert.Equal((2, 2), (FeatureLook.Clean.FeatureImage(features).Width, FeatureLook.Clean.Reconstruction(features).Height));
        Assert.True(FeatureLook.Clean.Maps([0, 1, 2, 3, 4, 5, 6, 7], new Shape(1, 2, 2, 2)).Width > 56);
    }

    /// <summary>The dense layers in double.</summary>
    static double[] Scores(Network network, float[] features)
    {
        double[] x = [.. features.Select(v => (double)v)];
        foreach (string name in (string[])["fc3", "fc4", "fc5"])
        {
            float[] w = network.Nodes[name].Layer.Weights[0].Value.ToArray(), b = network.Nodes[name].Layer.Weights[1].Value.ToArray();
            double[] from = x;
            x = [.. b.Select((bias, u) => bias + from.Select((v, i) => v * w[u * from.Length + i]).Sum())];
            if (name != "fc5")
                x = [.. x.Select(v => Math.Max(v, 0))];
        }

        double highest = x.Max(), sum = x.Sum(v => Math.Exp(v - highest));
        return [.. x.Select(v => Math.Exp(v - highest) / sum)];
    }
}
