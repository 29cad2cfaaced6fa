using System.Text;
using static Preimage.Layers.Tests.Import.CaffeModels;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>Caffe's own rules, against double-precision loops written from its documentation, and what is refused.</summary>
public sealed class CaffeLayerTests
{
    const double Tolerance = 1e-6;

    static (float[] X, float[] Y, Shape Output) Run(CaffeDraft net)
    {
        using var network = Network.Load(net.ToBinary());
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        var random = new Random(3);
        float[] x = [.. Enumerable.Range(0, network.InputShape.Count).Select(_ => random.NextSingle() * 2 - 1)];
        Shape shape = plan.ShapeOf(network.Output);
        var y = new float[shape.Count];
        plan.Forward(x, y);
        return (x, y, shape);
    }

    [Theory]
    [InlineData(7, 3, 2, 0, 3)]
    [InlineData(8, 3, 2, 0, 4)]
    [InlineData(8, 3, 2, 1, 5)]
    [InlineData(7, 2, 2, 1, 4)]
    [InlineData(6, 2, 2, 1, 4)]
    [InlineData(5, 3, 3, 1, 2)]
    public void AveragePooling_CountsPaddingButNotBeyondIt(int extent, int kernel, int stride, int pad, int expected)
    {
        (float[] x, float[] y, Shape shape) = Run(Net(1, 1, extent, extent).Layer("p", "Pooling", "data", "p",
            Parameters("pooling_param", ("pool", "AVE"), ("kernel_size", kernel), ("stride", stride), ("pad", pad))));
        Assert.Equal(new Shape(1, 1, expected, expected), shape);
        var means = new double[expected * expected];
        for (int i = 0; i < means.Length; i++)
        {
            int top = i / expected * stride - pad, left = i % expected * stride - pad;
            int bottom = Math.Min(top + kernel, extent + pad), right = Math.Min(left + kernel, extent + pad);
            int size = (bottom - top) * (right - left);
            for (int r = Math.Max(top, 0); r < Math.Min(bottom, extent); r++)
            {
                for (int c = Math.Max(left, 0); c < Math.Min(right, extent); c++)
                    means[i] += x[r * extent + c] / (double)size;
            }
        }

        Agreement.Close(means, y, Tolerance, "means");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void NormalisationWithinAChannel_SumsOverItsNeighbours(int size)
    {
        const int C = 3, H = 6, W = 7;
        (float[] x, float[] y, _) = Run(Net(1, C, H, W).Layer("n", "LRN", "data", "n",
            Parameters("lrn_param", ("norm_region", "WITHIN_CHANNEL"), ("local_size", size), ("alpha", 5), ("beta", 0.75), ("k", 9))));
        var expected = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i / (H * W), row = i / W % H, column = i % W;
            double sum = 0;
            for (int r = Math.Max(row - size / 2, 0); r <= Math.Min(row + size / 2, H - 1); r++)
            {
                for (int q = Math.Max(column - size / 2, 0); q <= Math.Min(column + size / 2, W - 1); q++)
                    sum += (double)x[(c * H + r) * W + q] * x[(c * H + r) * W + q];
            }

            expected[i] = x[i] * Math.Pow(1 + 5.0 / (size * size) * sum, -0.75);
        }

        Agreement.Close(expected, y, Tolerance, "normalised");
    }

    [Fact]
    public void NormalisationWithinAChannel_HasTheWrittenDerivative()
    {
        const int H = 5, W = 4, Size = 3;
        const double Alpha = 5, Beta = 0.75;
        CaffeDraft net = Net(1, 2, H, W).Layer("n", "LRN", "data", "n",
            Parameters("lrn_param", ("norm_region", "WITHIN_CHANNEL"), ("local_size", Size), ("alpha", Alpha), ("beta", Beta)));
        using var network = Network.Load(net.ToBinary());
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        var random = new Random(4);
        float[] x = [.. Enumerable.Range(0, 2 * H * W).Select(_ => random.NextSingle() * 2 - 1)], seed = [.. x.Select(_ => random.NextSingle() - 0.5f)];
        float[] y = new float[x.Length], gradient = new float[x.Length];
        plan.Forward(x, y);
        plan.Backward(seed, BackwardRule.Gradient, gradient);
        IEnumerable<int> neighbours(int i) => Enumerable.Range(0, x.Length).Where(j => j / (H * W) == i / (H * W)
            && Math.Abs(j / W % H - i / W % H) <= Size / 2 && Math.Abs(j % W - i % W) <= Size / 2);
        double[] bases = [.. x.Select((_, i) => 1 + Alpha / (Size * Size) * neighbours(i).Sum(j => (double)x[j] * x[j]))];
        double[] expected = [.. x.Select((v, i) => seed[i] * Math.Pow(bases[i], -Beta)
            - 2 * Alpha * Beta / (Size * Size) * v * neighbours(i).Sum(t => (double)seed[t] * x[t] * Math.Pow(bases[t], -Beta - 1)))];
        Agreement.Close(expected, gradient, Tolerance, "derivative");
    }

    [Fact]
    public void NormalisationAcrossChannels_DividesAlphaByItsSize()
    {
        (float[] x, float[] y, _) = Run(Net(1, 4, 1, 1).Layer("n", "LRN", "data", "n", Parameters("lrn_param", ("local_size", 3), ("alpha", 6), ("beta", 0.5), ("k", 2))));
        double Square(int c) => c is < 0 or > 3 ? 0 : (double)x[c] * x[c];
        Agreement.Close([.. Enumerable.Range(0, 4).Select(c => x[c] / Math.Sqrt(2 + 2 * (Square(c - 1) + Square(c) + Square(c + 1))))], y, Tolerance, "normalised");
    }

    [Fact]
    public void BatchNorm_DividesItsSumsByTheirWeight()
    {
        (float[] x, float[] y, _) = Run(Net(1, 2, 1, 2)
            .Layer("bn", "BatchNorm", "data", "bn", Parameters("batch_norm_param", ("eps", 0.5)), Values([2, 4], 2), Values([6, 10], 2), Values([4], 1))
            .Layer("scale", "Scale", "bn", "bn", Parameters("scale_param", ("bias_term", true)), Values([3, -1], 2), Values([0.25f, 5], 2)));
        double[] expected = [.. x.Select((v, i) => i < 2 ? (v - 0.5) / Math.Sqrt(1.5 + 0.5) * 3 + 0.25 : (v - 1.0) / Math.Sqrt(2.5 + 0.5) * -1 + 5)];
        Agreement.Close(expected, y, Tolerance, "normalised");
    }

    [Fact]
    public void BatchNorm_OfNoSamplesHasNoStatistics()
    {
        (float[] x, float[] y, _) = Run(Net(1, 1, 1, 2).Layer("bn", "BatchNorm", "data", "bn", Parameters("batch_norm_param", ("eps", 0.25)),
            Values([2], 1), Values([6], 1), Values([0], 1)));
        Agreement.Close([.. x.Select(v => v / 0.5)], y, Tolerance, "normalised");
    }

    [Theory]
    [InlineData("SUM")]
    [InlineData("PROD")]
    [InlineData("MAX")]
    public void Eltwise_JoinsThreeValues(string operation)
    {
        (string, object) parameters = operation == "SUM"
            ? Parameters("eltwise_param", ("operation", operation), ("coeff", 2), ("coeff", 1), ("coeff", -1))
            : Parameters("eltwise_param", ("operation", operation));
        (float[] x, float[] y, Shape shape) = Run(Net(1, 3, 2, 2)
            .Layer("t", "TanH", "data", "t").Layer("p", "Power", "data", "p", Parameters("power_param", ("scale", -1), ("shift", 0.125)))
            .Layer("e", "Eltwise", "data t p", "e", parameters));
        Assert.Equal(new Shape(1, 3, 2, 2), shape);
        Agreement.Close([.. x.Select(v => operation switch
        {
            "SUM" => 2.0 * v + Math.Tanh(v) - (0.125 - v),
            "PROD" => v * Math.Tanh(v) * (0.125 - v),
            _ => Math.Max(v, Math.Max(Math.Tanh(v), 0.125 - v)),
        })], y, Tolerance, operation);
    }

    [Fact]
    public void APRelu_HasASlopePerChannel()
    {
        (float[] x, float[] y, _) = Run(Net(1, 2, 1, 3).Layer("r", "PReLU", "data", "r", Values([0.5f, -2], 2)));
        Agreement.Close([.. x.Select((v, i) => v > 0 ? v : v * (i < 3 ? 0.5 : -2))], y, Tolerance, "rectified");
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "layer { name: 'c' type: 'Crop' bottom: 'data' bottom: 'data' top: 'c' }", "node 'c' (Crop): cutting one value" },
        { "layer { name: 'c' type: 'Nonsense' bottom: 'data' top: 'c' }", "node 'c' (Nonsense): this type of layer is not supported" },
        { "layer { name: 'c' type: 'ReLU' bottom: 'dat' top: 'c' }", "node 'c' (ReLU): its bottom 'dat' is given by no layer before it" },
        { "layer { name: 'c' type: 'Power' bottom: 'data' top: 'c' power_param { power: 0.5 } }", "its power 0.5 is not supported" },
        { "layer { name: 'c' type: 'LRN' bottom: 'data' top: 'c' lrn_param { local_size: 4 } }", "its local_size 4 must be odd" },
        { "layer { name: 'c' type: 'Pooling' bottom: 'data' top: 'c' pooling_param { pool: STOCHASTIC kernel_size: 2 } }", "its pool STOCHASTIC is not supported" },
        { "layer { name: 'c' type: 'Pooling' bottom: 'data' top: 'c' pooling_param { kernel_size: 2 pad: 2 } }", "its padding 2x2 must be below its kernel 2x2" },
        { "layer { name: 'c' type: 'Convolution'\n bottom: 'data' top: 'c' convolution_param { kernal_size: 3 } }", "line 3 of the network's structure: Convolution has no field 'kernal_size'" },
        { "layer { name: 'c' type: 'Pooling' bottom: 'data' top: 'c' pooling_param { pool: MEDIAN } }", "MEDIAN is no value for pool: MAX, AVE, STOCHASTIC are" },
        { "layer { name: 'c' type: 'ReLU' bottom: 'data' top: 'c'", "the name of a field is expected, not the end of the text" },
        { "layers { layer { name: 'c' type: 'relu' } bottom: 'data' top: 'c' }", "upgrade the file" },
        { "layers { name: 'c' type: 77 bottom: 'data' top: 'c' }", "its type 77 is none of the 40 there are" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatIsNotSupported_IsRefusedByName(string layer, string expected)
    {
        string text = "input: 'data' input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8 # a picture\n" + layer;
        ModelException error = Assert.ThrowsAny<ModelException>(() => Network.Load(Encoding.UTF8.GetBytes(text), new LoadOptions { Seed = 1 }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_MustFitTheStructure()
    {
        CaffeDraft net(params (string, object)[] fields) => Net(1, 2).Layer("ip", "InnerProduct", "data", "ip", fields);
        (string, object) two = Parameters("inner_product_param", ("num_output", 2));
        Assert.Contains("its blob 0 is 3x2 where its parameters ask for 2x2", Refusal(net(two, Blob(1, 3, 2), Blob(2, 2))), StringComparison.Ordinal);
        Assert.Contains("its blob 1 (2) is not in the file of weights, which has 1", Refusal(net(two, Blob(1, 2, 2))), StringComparison.Ordinal);
        Assert.Contains("3 blobs for it where its parameters ask for 2", Refusal(net(two, Blob(1, 2, 2), Blob(2, 2), Blob(3, 2))), StringComparison.Ordinal);
        Assert.Contains("its blob 0 holds 3 values where its extents ask for 4", Refusal(net(two, Values([1, 2, 3], 2, 2), Blob(2, 2))), StringComparison.Ordinal);
    }

    static string Refusal(CaffeDraft net) => Assert.ThrowsAny<ModelException>(() => Network.Load(net.ToBinary())).Message;
}
