using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Experiments.ImageRecovery;

/// <summary>What Nie, Zhang and Patel (2018) prove of random networks of three layers, by numbers.</summary>
public sealed class TheoryTests(ITestOutputHelper output)
{
    const int Side = 64, Seeds = 8;

    public static TheoryData<string, int, bool> Maps
    {
        get
        {
            var data = new TheoryData<string, int, bool>();
            foreach (string method in new[] { "saliency", "deconvnet", "guided" })
            {
                data.Add(method, 1, false);
                data.Add(method, 2, true);
            }

            return data;
        }
    }

    /// <summary>Lemma 1, by plain loops in double: s = sum_j D_j^T sum_i h(V_ij) wt_ij, with wt_ij = w_i for DeconvNet and w_i [w_i.y_j > 0] for the others.</summary>
    /// <remarks>Bound: a value is a sum of terms v w, at most 49 N of them, each rounded twice at most; any order of n roundings errs by n 2^-24 of the sum of sizes.</remarks>
    [Theory]
    [MemberData(nameof(Maps))]
    public void Lemma1_IsTheMap(string method, int stride, bool padded)
    {
        const int Small = 17, Filters = 6, Classes = 3, Logit = 2, Kernel = 7;
        using Network network = new RandomNetworks(11).ThreeLayer(Small, Small, Filters, stride, Classes, padded: padded);
        float[] w = network.Nodes["conv"].Layer.Weights[0].Value.ToArray(), v = network.Nodes["logits"].Layer.Weights[0].Value.ToArray(), x = Formula(Small);
        float[] actual = Map(network, method, x, Small, Logit);
        PlacedWindow placed = network.Nodes["conv"].Layer.Window!.Place(Small, Small);
        double[] expected = new double[x.Length], sizes = new double[x.Length];
        int row = Logit * Filters * placed.OutH * placed.OutW;
        for (int i = 0; i < Filters; i++)
        {
            for (int oy = 0; oy < placed.OutH; oy++)
            {
                for (int ox = 0; ox < placed.OutW; ox++)
                {
                    double top = v[row + (i * placed.OutH + oy) * placed.OutW + ox], response = 0, size = 0;
                    Each(oy, ox, (weight, pixel) =>
                    {
                        response += (double)w[i * 147 + weight] * x[pixel];
                        size += Math.Abs((double)w[i * 147 + weight] * x[pixel]);
                    });
                    Assert.True(Math.Abs(response) > 150 * Math.Pow(2, -24) * size, "a response that rounding might turn");
                    if (method != "saliency")
                        top = Math.Max(top, 0);
                    if (method != "deconvnet" && response <= 0)
                        continue;
                    Each(oy, ox, (weight, pixel) =>
                    {
                        expected[pixel] += top * w[i * 147 + weight];
                        sizes[pixel] += Math.Abs(top * w[i * 147 + weight]);
                    });
                }
            }
        }

        Assert.Contains(expected, e => e != 0);
        for (int p = 0; p < x.Length; p++)
            Assert.True(Math.Abs(actual[p] - expected[p]) <= 2 * 49 * Filters * Math.Pow(2, -24) * sizes[p], $"value {p}: {actual[p]} where the lemma says {expected[p]}");

        void Each(int oy, int ox, Action<int, int> visit)
        {
            for (int c = 0; c < 3; c++)
            {
                for (int r = 0; r < Kernel; r++)
                {
                    for (int s = 0; s < Kernel; s++)
                    {
                        int py = oy * stride - placed.Top + r, px = ox * stride - placed.Left + s;
                        if (py >= 0 && py < Small && px >= 0 && px < Small)
                            visit((c * Kernel + r) * Kernel + s, (c * Small + py) * Small + px);
                    }
                }
            }
        }
    }

    /// <summary>Theorem 1: the map tends to the locally normalised input times its factor, with an error like 1/sqrt(N).</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Theorem1_HasItsConstant(int stride, bool cut)
    {
        float[] x = Formula(Side), limit = LocalNormalisation.Of(x, new Shape(1, 3, Side, Side), new Window { Kernel = (7, 7), Stride = (stride, stride) });
        int[] filters = cut ? [256, 1024] : [64, 256, 1024];
        double[] errors = Array.ConvertAll(filters, n =>
        {
            double factor = cut ? LocalNormalisation.TruncatedFactor(n, 0.1) : LocalNormalisation.GaussianFactor(n, 0.1), sum = 0;
            float[] scaled = [.. limit.Select(value => (float)(value * factor))];
            for (ulong seed = 0; seed < Seeds; seed++)
            {
                using Network network = new RandomNetworks(seed, cut ? RandomWeights.Paper : RandomWeights.Gaussian(0.1)).ThreeLayer(Side, Side, n, stride, 1, padded: false);
                sum += Math.Sqrt(NormalisedError.Squared(Map(network, "guided", x, Side, 0), scaled));
            }

            return sum / Seeds;
        });
        output.WriteLine($"stride {stride}, {(cut ? "cut" : "normal")}: " + string.Join(", ", filters.Zip(errors, (n, e) => $"N {n}: {e:F4}, times sqrt(N) {e * Math.Sqrt(n):F2}")));
        Assert.InRange(errors[^1] / errors[^2], 0.45, 0.55);
        double[] constants = [.. filters.Zip(errors, (n, e) => e * Math.Sqrt(n))];
        if (cut)
            return;
        Assert.All(constants, c => Assert.InRange(c / constants.Average(), 0.85, 1.15));
        if (stride == 1)
            Assert.InRange(constants.Average(), 0.9 * 5.7, 1.1 * 5.7);
    }

    /// <summary>What a map shows of the input: more with more filters; guided more than DeconvNet with pooling, which is more than the two that show nothing.</summary>
    [Fact]
    public void Correlations_AreInTheirOrder()
    {
        const int Pictures = 4;
        float[] x = Formula(Side);
        double last = 0;
        foreach (int filters in new[] { 16, 64, 256 })
        {
            double guided = Mean(filters, "guided", null), pooled = Mean(filters, "deconvnet", RandomNetworks.MaxPool9);
            double unpooled = Mean(filters, "deconvnet", null), saliency = Mean(filters, "saliency", null);
            output.WriteLine($"N {filters}: guided {guided:F3}, DeconvNet pooled {pooled:F3}, DeconvNet {unpooled:F3}, saliency {saliency:F3}");
            Assert.True(guided > last, "rising");
            Assert.True(guided > pooled && pooled > Math.Abs(unpooled) && pooled > Math.Abs(saliency), $"order at {filters} filters");
            last = guided;
        }

        double Mean(int filters, string method, Window? pool)
        {
            double sum = 0;
            for (ulong seed = 0; seed < Pictures; seed++)
            {
                using Network network = new RandomNetworks(seed).ThreeLayer(Side, Side, filters, 1, 1, pool, padded: false);
                sum += Correlation.Pearson(Map(network, method, x, Side, 0), x);
            }

            return sum / Pictures;
        }
    }

    /// <summary>A fully connected network shows the picture the worse the more pixels it has: 1 / sqrt(1 + pi^2 d / N), d of them; the other maps are noise.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(5000)]
    [InlineData(40_000)]
    public void FullyConnected_RecoversAsItsWidthSays(int hidden)
    {
        const int Small = 16, Networks = 4;
        float[] x = Formula(Small);
        var means = new Dictionary<string, double> { ["guided"] = 0, ["saliency"] = 0, ["deconvnet"] = 0 };
        for (ulong seed = 0; seed < Networks; seed++)
        {
            using Network network = new RandomNetworks(seed).FullyConnected(Small, Small, hidden, 1);
            foreach (string method in means.Keys)
                means[method] += Correlation.Pearson(Map(network, method, x, Small, 0), x) / Networks;
        }

        double expected = 1 / Math.Sqrt(1 + Math.PI * Math.PI * x.Length / hidden);
        output.WriteLine($"{hidden}: guided {means["guided"]:F3} where {expected:F3} is expected, saliency {means["saliency"]:F3}, DeconvNet {means["deconvnet"]:F3}");
        Assert.InRange(means["guided"], expected - 0.05, expected + 0.05);
        // Four times the deviation 1/sqrt(d) of a correlation with noise, over four networks.
        Assert.InRange(means["saliency"], -0.075, 0.075);
        Assert.InRange(means["deconvnet"], -0.075, 0.075);
    }

    /// <summary>Figure 5 at a quarter of its size: 64 shared filters over a picture that is then shrunk show more than 5.7 hidden units per pixel.</summary>
    [Fact]
    public void SharedFilters_ShowMoreThanManyHiddenUnits()
    {
        const int Large = 64, Small = 16;
        float[] large = Formula(Large), small = Formula(Small);
        var window = new Window { Kernel = (7, 7), Stride = (2, 2), AutoPad = AutoPad.SameUpper };
        float[] limit = Shrunk(LocalNormalisation.Of(large, new Shape(1, 3, Large, Large), window), Large);
        using Network shared = new RandomNetworks(1).ThreeLayer(Large, Large, 64, classes: 1), connected = new RandomNetworks(1).FullyConnected(Small, Small, 4375, 1);
        double filters = Correlation.Pearson(Shrunk(Map(shared, "guided", large, Large, 0), Large), limit);
        double units = Correlation.Pearson(Map(connected, "guided", small, Small, 0), small);
        output.WriteLine($"64 filters {filters:F3}, 4375 hidden units {units:F3}");
        Assert.True(filters > units + 0.1);
    }

    /// <summary>Means of 4x4 squares.</summary>
    static float[] Shrunk(float[] planes, int side)
    {
        int small = side / 4;
        var shrunk = new float[planes.Length / 16];
        for (int i = 0; i < planes.Length; i++)
        {
            int plane = i / (side * side), y = i / side % side, x = i % side;
            shrunk[(plane * small + y / 4) * small + x / 4] += planes[i] / 16;
        }

        return shrunk;
    }

    static float[] Map(Network network, string method, float[] x, int side, int logit)
    {
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        AttributionMethod explained = method switch { "saliency" => new Saliency(engine), "deconvnet" => new DeconvNet(engine), _ => new GuidedBackprop(engine) };
        return explained.Attribute(Tensor.Create(x, [1, 3, side, side]), Target.Class(logit)).Row(0).ToArray();
    }

    /// <summary>A picture by a formula, less its mean: waves of three lengths and a bright blob, u and v from 0 to 1.</summary>
    static float[] Formula(int side)
    {
        var values = new double[3 * side * side];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i / (side * side);
            double v = (i / side % side + 0.5) / side, u = (i % side + 0.5) / side;
            values[i] = 0.5 + 0.2 * Math.Sin(5 * u + 3 * v + c) + 0.15 * Math.Cos(9 * v - 4 * u + 2 * c) + 0.1 * Math.Sin(23 * u * v + c)
                + 0.3 * Math.Exp(-20 * ((u - 0.6) * (u - 0.6) + (v - 0.35) * (v - 0.35)));
        }

        double mean = values.Average();
        return Array.ConvertAll(values, value => (float)(value - mean));
    }
}
