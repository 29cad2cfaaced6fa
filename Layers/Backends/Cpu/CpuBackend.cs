using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Orientation;
using Preimage.Layers.Backends.Cpu.Arrays;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The processor: float32 in aligned memory, NCHW or NCHW16c, kernels for the chosen instruction set, lanes of the process-wide team.</summary>
internal sealed unsafe class CpuBackend : Backend
{
    /// <summary>Half of a third-level cache of 32 MB; the rest is other cores'. With it SqueezeNet's batch of 8 runs sample by sample, 2.9 ms each instead of
    /// 3.5 (Zen 5, two lanes), and ResNet-18's 16 in two halves, 3 % faster.</summary>
    const long SharedCache = 16 << 20;

    readonly ConvolutionImplementation? _forcedConvolution;
    readonly bool _exact;
    readonly PackedWeights _packed = new();

    /// <exception cref="PreimageException">The options name an instruction set or implementation that is not there.</exception>
    public CpuBackend(EngineOptions options)
    {
        if (options.Tuning is { } tuning)
            throw new PreimageException($"the tuning is of a GPU ({tuning.Gpu}): an engine on the CPU takes none (EngineOptions.Tuning)");
        _exact = options.Precision == Precision.Strict;
        int lanes = WorkerTeam.Shared.Lanes;
        Execution = new Execution(Chosen(options.Isa), options.Threads > 0 ? Math.Min(options.Threads, lanes) : lanes);
        foreach ((string name, string implementation) in options.Force)
        {
            if (!name.Equals(ConvolutionList.Operator, StringComparison.OrdinalIgnoreCase))
                throw new PreimageException($"no operator '{name}' has implementations to choose from on the CPU; '{ConvolutionList.Operator}' has");
            _forcedConvolution = ConvolutionList.Named(implementation);
        }

        if (_forcedConvolution is null && Environment.GetEnvironmentVariable(ConvolutionList.Variable) is { Length: > 0 } named)
            _forcedConvolution = ConvolutionList.Named(named);
    }

    /// <summary>Vectors and lanes of this backend's kernels.</summary>
    public Execution Execution { get; }

    public override Device Device => Device.Cpu;

    public override int Alignment => AlignedBuffer.Alignment;

    public override long PackedBytes => _packed.Bytes;

    public override long BytesFor(Shape shape, Layout layout) => AlignedBuffer.RoundUp(CpuLayouts.Floats(shape, layout) * sizeof(float));

    public override bool IsSameInAnyLayout(Shape shape) =>
        shape.Rank != Shape.MaxRank || (shape.H * shape.W == 1 && shape.C % BlockedLayout.Lanes == 0);

    public override bool JoinsBlocked(ReadOnlySpan<Shape> parts)
    {
        Span<int> channels = stackalloc int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            channels[i] = parts[i].C;
            if (parts[i].Rank != Shape.MaxRank)
                return false;
        }

        return BlockedConcat.Supports(channels);
    }

    public override IOperator CreateReorder(Shape shape) => new CpuReorder(Execution, shape);

    public override DeviceBuffer Allocate(long bytes) => new CpuBuffer(bytes);

    public override WorkQueue CreateQueue() => new CpuQueue(Execution);

    public override long CacheBytes => SharedCache;

    /// <summary>Two lanes run one sample as fast as they run several; more have not been measured, and get a sample for every two.</summary>
    public override int LeastPortion => (Execution.Lanes + 1) / 2;

    public override IOperator CreateConvolution(in ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias)
    {
        GeometryChecks.Convolution(geometry, weights, bias, geometry.K);
        return CreateConvolution(new ConvolutionSetup(Execution, _packed, geometry, weights, bias, false));
    }

    public override IOperator CreateTransposedConvolution(in ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias)
    {
        GeometryChecks.Convolution(geometry, weights, bias, geometry.C);
        return CreateConvolution(new ConvolutionSetup(Execution, _packed, geometry, weights, bias, true));
    }

    IOperator CreateConvolution(ConvolutionSetup setup) => ConvolutionList.Choose(setup, _exact, _forcedConvolution).Create(setup);

    public override IOperator CreateDense(in DenseSpecification specification, WeightSource weights, WeightSource? bias) =>
        weights is SeededWeights { Streamed: { } drawn }
            ? new CpuDrawnDense(Execution, specification, weights, drawn, bias)
            : new CpuDense(Execution, _packed, specification, weights, bias);

    public override IOperator CreateMatrixProduct(Shape a, Shape b, Shape output) => new CpuMatrixProduct(Execution, new MatrixPairs(a, b, output));

    public override IOperator CreateUnary(in UnaryFunction function, Shape shape) => function.IsSmooth
        ? new CpuSmooth(Execution, function)
        : new CpuPiecewise(Execution, function, shape);

    public override IOperator CreateParametricRelu(Shape shape, WeightSource slope, Shape slopeShape) =>
        new CpuPiecewise(Execution, shape, slope, slopeShape);

    public override IOperator CreateSoftmax(in SoftmaxSpecification specification) => new CpuSoftmax(Execution, specification);

    public override IOperator CreateMaxPool(in PoolingGeometry geometry) => new CpuMaxPool(Execution, geometry);

    public override IOperator CreateAveragePool(in PoolingGeometry geometry) => new CpuAveragePool(Execution, geometry);

    public override IOperator CreateLocalResponseNormalisation(in LrnSpecification specification) =>
        new CpuLocalResponse(Execution, specification);

    public override IOperator CreateBatchNormalisation(Shape shape, BatchNormSpecification specification) => new CpuChannelAffine(Execution, shape, specification);

    public override IOperator CreateInstanceNormalisation(Shape shape, WeightSource scale, WeightSource shift, float epsilon) =>
        new CpuInstanceNormalisation(Execution, shape, scale, shift, epsilon);

    public override IOperator CreateArithmetic(ArithmeticOperation kind, Shape a, Shape b, Shape output) =>
        new CpuArithmetic(Execution, kind, a, b, output);

    public override IOperator CreateConcat(int axis, ReadOnlySpan<Shape> inputs, Shape output) => new CpuConcat(Execution, axis, inputs, output);

    public override IOperator CreateSlice(Shape input, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape output) =>
        new CpuStridedView(Execution, StridedView.Slice(input, starts, steps, output));

    public override IOperator CreateTranspose(Shape input, ReadOnlySpan<int> permutation, Shape output) =>
        new CpuStridedView(Execution, StridedView.Transpose(input, permutation, output));

    public override IOperator CreatePad(Shape input, ReadOnlySpan<int> before, Shape output, PadFill mode, float value) =>
        new CpuPad(Execution, new PadTables(input, before, output, mode), value);

    public override IOperator CreateReduceMean(Shape input, ReadOnlySpan<bool> reduced, Shape output) =>
        new CpuReduceMean(Execution, new MeanAxes(input, reduced, output));

    public override IOperator CreateResample(Shape input, Shape output, ResamplingTable rows, ResamplingTable columns) =>
        new CpuResample(Execution, input, output, rows, columns);

    public override IOperator CreateOrientationBinning(BinningKind kind, in OrientationGeometry geometry) =>
        new CpuOrientationBinning(Execution, kind, geometry);

    public override IOperator CreateBlockNormalisation(in BlockNormGeometry geometry) => new CpuBlockNormalisation(Execution, geometry);

    public override ILoopOperators CreateArrayOperators(WorkQueue queue, DeviceArray<int> counter) => new CpuArrayOperators(Execution, counter);

    public override nint AddressOf(ParameterWeights parameter) => parameter.TryGetAddress(out nint address) ? address : 0;

    public override void FollowParameters(ParameterStorage parameters, WorkQueue queue)
    {
        foreach (ParameterWeights parameter in parameters.All)
            parameter.Fetch();
        _packed.Follow(Execution.Lanes);
    }

    public override void RefreshParameters(ParameterStorage parameters, WorkQueue queue)
    {
        foreach (ParameterWeights parameter in parameters.All)
            parameter.ChangedIn(null);
        _packed.Follow(Execution.Lanes);
    }

    public override void NoteRefreshed(ParameterStorage parameters)
    {
        // It was noted when it was done.
    }

    public override void Dispose() => _packed.Dispose();

    static Isa Chosen(string? name)
    {
        try
        {
            return name is null ? IsaChoice.Default : IsaChoice.Named(name);
        }
        catch (NotSupportedException e)
        {
            throw new PreimageException(e.Message, e);
        }
    }
}
