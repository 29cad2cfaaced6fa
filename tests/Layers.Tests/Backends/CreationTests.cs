using Preimage.Cpu;
using Preimage.Cpu.Orientation;
using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

/// <summary>What cannot run is refused when it is made, with the numbers; what is forced is what runs.</summary>
public class CreationTests
{
    static readonly ConvolutionGeometry s_conv = new() { C = 4, H = 5, W = 5, K = 6, OutH = 3, OutW = 3, R = 3, S = 3 };
    static readonly PoolingGeometry s_pool = new() { C = 1, H = 4, W = 4, OutH = 2, OutW = 2, R = 2, S = 2 };

    public static TheoryData<string, string> Impossible => new()
    {
        { "groups", "3 groups divide" },
        { "weights", "have 216 weights, not 5" },
        { "bias", "a bias of 5 values for 6" },
        { "transposed bias", "a bias of 6 values for 4" },
        { "stride", "must all be at least 1" },
        { "no output", "must all be at least 1" },
        { "pool pads", "at least 0" },
        { "pool stride", "must all be at least 1" },
        { "dense", "does not fit 5 weights" },
        { "product", "do not multiply" },
        { "arithmetic", "do not broadcast" },
        { "slope", "do not broadcast" },
        { "slice", "leaves axis 1" },
        { "transpose", "no permutation" },
        { "concat", "do not give" },
        { "mean", "is not" },
        { "affine", "for 4 channels" },
        { "resample", "do not lead" },
        { "lrn", "at least 1" },
        { "softmax", "at least 1" },
        { "orientation", "into 1 bins" },
        { "block norm", "do not fit 10 channels" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Impossible_problems_are_refused(string what, string message)
    {
        using var b = new CpuBackend(new EngineOptions());
        Shape x = new(2, 4, 3, 3);
        var error = Assert.Throws<ShapeException>(() => what switch
        {
            "groups" => b.CreateConvolution(s_conv with { Groups = 3 }, Weights(216), null),
            "weights" => b.CreateConvolution(s_conv, Weights(5), null),
            "bias" => b.CreateConvolution(s_conv, Weights(216), Weights(5)),
            "transposed bias" => b.CreateTransposedConvolution(s_conv, Weights(216), Weights(6)),
            "stride" => b.CreateConvolution(s_conv with { StrideX = 0 }, Weights(216), null),
            "no output" => b.CreateConvolution(s_conv with { OutH = 0 }, Weights(216), null),
            "pool pads" => b.CreateMaxPool(s_pool with { PadTop = -1 }),
            "pool stride" => b.CreateAveragePool(s_pool with { StrideY = 0 }),
            "dense" => b.CreateDense(new DenseSpecification(3, 2, true), Weights(5), null),
            "product" => b.CreateMatrixProduct(new Shape(2, 3), new Shape(4, 2), new Shape(2, 2)),
            "arithmetic" => b.CreateArithmetic(ArithmeticOperation.Add, x, new Shape(5, 1), x),
            "slope" => b.CreateParametricRelu(x, Weights(5), new Shape(5, 1, 1)),
            "slice" => b.CreateSlice(x, [0, 1, 0, 0], [1, 2, 1, 1], new Shape(2, 3, 3, 3)),
            "transpose" => b.CreateTranspose(x, [0, 1, 2, 2], x),
            "concat" => b.CreateConcat(1, [x, x], new Shape(2, 9, 3, 3)),
            "mean" => b.CreateReduceMean(x, [false, false, true, true], new Shape(2, 4, 3, 1)),
            "affine" => b.CreateBatchNormalisation(x, new BatchNormSpecification(Weights(2), Weights(2), Weights(2), Weights(2), 1e-5f)),
            "resample" => b.CreateResample(x, x, ResamplingTable.OnnxNearest(4, 3), ResamplingTable.OnnxNearest(3, 3)),
            "lrn" => b.CreateLocalResponseNormalisation(new LrnSpecification(4, 9, 0, 1, 1, 1)),
            "orientation" => b.CreateOrientationBinning(BinningKind.Hard, new OrientationGeometry(1, 1, 9)),
            "block norm" => b.CreateBlockNormalisation(new BlockNormGeometry(10, 9, 4, 0, 1, 1, 1)),
            _ => b.CreateSoftmax(new SoftmaxSpecification(1, 0, 1, false)),
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Implementations_are_listed_and_forced_by_name()
    {
        Assert.Equal("Reference", ConvolutionList.All[^1].Name);
        foreach (ConvolutionImplementation implementation in ConvolutionList.All)
        {
            using var backend = new CpuBackend(new EngineOptions { Force = new Dictionary<string, string> { ["conv"] = implementation.Name.ToLowerInvariant() } });
            bool depthwise = implementation.Name is "Depthwise" or "Separable";
            ConvolutionGeometry problem = depthwise ? s_conv with { K = 4, Groups = 4 } : implementation.Name == "Whole" ? s_conv with { H = 3, W = 3, OutH = 1, OutW = 1 } : s_conv;
            // Products of a column and a row.
            WeightSource ones = new MemoryWeights([.. Enumerable.Repeat(1f, 36)], 36);
            using IOperator conv = backend.CreateConvolution(problem, depthwise ? ones : Weights(216), null);
            Assert.Equal(implementation.Name, conv.Algorithm);
        }
    }

    [Theory]
    [InlineData(3, 64, 3, 56, 1, "First", "First")]
    [InlineData(64, 64, 3, 56, 1, "Winograd", "Direct")]
    [InlineData(512, 512, 3, 7, 1, "Direct", "Direct")]
    [InlineData(64, 128, 3, 28, 1, "Winograd", "Direct")]
    [InlineData(64, 64, 1, 56, 1, "Direct", "Direct")]
    [InlineData(32, 32, 3, 28, 32, "Depthwise", "Depthwise")]
    [InlineData(500, 10, 1, 1, 1, "Whole", "Whole")]
    [InlineData(20, 50, 5, 12, 1, "Direct", "Direct")]
    [InlineData(24, 24, 3, 28, 4, "Gemm", "Gemm")]
    public void The_cheapest_is_chosen_and_in_strict_precision_the_cheapest_exact_one(
        int c, int k, int taps, int plane, int groups, string single, string strict)
    {
        var g = new ConvolutionGeometry
        {
            C = c, H = plane, W = plane, K = k, OutH = plane, OutW = plane, R = taps, S = taps, PadTop = taps / 2, PadLeft = taps / 2, Groups = groups,
        };
        var setup = new ConvolutionSetup(new Execution(Isa.Avx512, 1), new PackedWeights(), g, Weights(k * (c / groups) * taps * taps), null, false);
        Assert.Equal(single, ConvolutionList.Choose(setup, exact: false, forced: null).Name);
        Assert.Equal(strict, ConvolutionList.Choose(setup, exact: true, forced: null).Name);
    }

    /// <summary>What is chosen stays, whatever becomes of parameters: it may not follow from their values.</summary>
    [Theory]
    [InlineData(1, "Depthwise")]
    [InlineData(0, "Depthwise")]
    public void Values_of_parameters_choose_nothing(float value, string chosen)
    {
        var storage = new ParameterStorage(null);
        ConvolutionGeometry g = s_conv with { C = 32, H = 30, W = 30, K = 32, OutH = 28, OutW = 28, Groups = 32 };
        var weights = new ParameterWeights(storage, new MemoryWeights([.. Enumerable.Repeat(value, 32 * 9)], 32, 1, 3, 3));
        Assert.Equal(chosen, ConvolutionList.Choose(new ConvolutionSetup(new Execution(Isa.Avx512, 1), new PackedWeights(), g, weights, null, false), exact: false, forced: null).Name);
        storage.Release();
    }

    /// <summary>One in nine weights is not zero; products of a column and a row; neither.</summary>
    [Theory]
    [InlineData("corner", "Sparse", "Sparse")]
    [InlineData("ones", "Separable", "Depthwise")]
    [InlineData("diagonal and corner", "Depthwise", "Depthwise")]
    public void What_is_chosen_goes_by_the_weights(string filters, string single, string strict)
    {
        const int Taps = 16;
        var g = new ConvolutionGeometry { C = 18, H = 80, W = 80, K = 18, OutH = 9, OutW = 9, R = Taps, S = Taps, StrideY = 8, StrideX = 8, Groups = 18 };
        var weights = new float[18 * Taps * Taps];
        for (int i = 0; i < weights.Length; i++)
        {
            (int r, int s) = (i / Taps % Taps, i % Taps);
            weights[i] = filters switch { "ones" => 1, "corner" => r == 0 && s == 0 ? 1 : 0, _ => r == s || r + s > Taps ? 1 : 0 };
        }

        var setup = new ConvolutionSetup(new Execution(Isa.Avx512, 1), new PackedWeights(), g, new MemoryWeights(weights, 18, 1, Taps, Taps), null, false);
        Assert.Equal(single, ConvolutionList.Choose(setup, exact: false, forced: null).Name);
        Assert.Equal(strict, ConvolutionList.Choose(setup, exact: true, forced: null).Name);
    }

    [Fact]
    public void What_cannot_be_forced_is_refused()
    {
        Assert.Contains("Gemm, Reference", Force("Conv", "Fourier").Message, StringComparison.Ordinal);
        Assert.Contains("'Pool'", Force("Pool", "Reference").Message, StringComparison.Ordinal);
        var never = new ConvolutionImplementation("Never", _ => false, _ => 0, _ => throw new InvalidOperationException());
        var error = Assert.Throws<PreimageException>(() => ConvolutionList.Choose(new ConvolutionSetup(Execution.Default, new PackedWeights(), s_conv, Weights(216), null, false), false, never));
        Assert.Contains("'Never' was forced", error.Message, StringComparison.Ordinal);
        Assert.Throws<PreimageException>(() => new CpuBackend(new EngineOptions { Isa = "mmx" }));
    }

    [Fact]
    public void Packed_weights_are_shared_and_the_way_back_is_packed_when_it_is_gone()
    {
        using var backend = new CpuBackend(new EngineOptions());
        var weights = Weights(216);
        Assert.Equal(0, backend.PackedBytes);
        using OperatorBench one = new(backend.CreateConvolution(s_conv, weights, null), [new(1, 4, 5, 5)], new(1, 6, 3, 3));
        long forward = backend.PackedBytes;
        Assert.True(forward >= 216 * sizeof(float));
        ConvolutionGeometry larger = s_conv with { H = 7, W = 9, OutH = 5, OutW = 7 };
        using OperatorBench two = new(backend.CreateConvolution(larger, weights, null), [new(1, 4, 7, 9)], new(1, 6, 5, 7));
        Assert.Equal(forward, backend.PackedBytes);
        one.Run(one.Draw(1), Draw.Normal(2, one.Output), BackwardRule.Gradient);
        long both = backend.PackedBytes;
        Assert.True(both > forward);
        two.Run(two.Draw(1), Draw.Normal(2, two.Output), BackwardRule.Gradient);
        Assert.Equal(both, backend.PackedBytes);
        using IOperator dense = backend.CreateDense(new DenseSpecification(12, 18, true), weights, null);
        Assert.InRange(backend.PackedBytes - both, 216 * sizeof(float), 216 * sizeof(float) + 64);
    }

    static PreimageException Force(string name, string implementation) =>
        Assert.Throws<PreimageException>(() => new CpuBackend(new EngineOptions { Force = new Dictionary<string, string> { [name] = implementation } }));

    static MemoryWeights Weights(int count) => Draw.Weights(1, 1, count);
}
