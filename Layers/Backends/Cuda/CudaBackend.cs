using Preimage.Cpu;
using Preimage.Cpu.Orientation;
using Preimage.Interop;
using Preimage.Interop.Cuda;
using Preimage.Layers.Backends.Cuda.Arrays;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>An NVIDIA GPU: float32, NCHW, convolutions by cuDNN, products by cuBLAS, all else by kernels of our own.</summary>
internal sealed class CudaBackend : Backend
{
    /// <summary>What the driver aligns its own allocations to.</summary>
    const int AllocationAlignment = 256;

    readonly CudaContext _context;
    readonly KernelLibrary _kernels;
    readonly DeviceConstants _constants;
    readonly ConvolutionAlgorithms _algorithms;
    readonly Precision _precision;
    readonly bool _owned;

    /// <exception cref="DeviceException">There is no such device, CUDA is not here (the message lists every place tried), or the context is of another device.</exception>
    public CudaBackend(Device device, EngineOptions options)
    {
        foreach ((string name, _) in options.Force)
            throw new PreimageException($"no operator '{name}' has implementations to choose from on a GPU");
        Device = device;
        _precision = options.Precision;
        try
        {
            _context = options.Context ?? CudaContext.Primary(device.Ordinal);
            _owned = options.Context is null;
        }
        catch (Exception e) when (CudaLibraries.MeansAbsence(e))
        {
            throw new DeviceException($"{device} cannot be used: {e.Message}", e);
        }

        if (_context.Device.Ordinal != device.Ordinal)
            throw new DeviceException($"{device} cannot be used in a context of cuda:{_context.Device.Ordinal} (EngineOptions.Context)");
        _context.Synchronise |= options.Synchronise;
        _kernels = new KernelLibrary(_context);
        _constants = new DeviceConstants(_context);
        try
        {
            _algorithms = new ConvolutionAlgorithms(_context, options.Precision, options.Tuning);
        }
        catch
        {
            Free();
            throw;
        }
    }

    public override Device Device { get; }

    public override int Alignment => AllocationAlignment;

    public override long PackedBytes => _constants.Bytes;

    /// <summary>The next multiple of what device memory is aligned to.</summary>
    public static long RoundUp(long bytes) => (bytes + (AllocationAlignment - 1)) & ~(long)(AllocationAlignment - 1);

    public override long BytesFor(Shape shape, Layout layout) => RoundUp(shape.Bytes);

    public override DeviceBuffer Allocate(long bytes) => new CudaBuffer(_context, bytes);

    public override WorkQueue CreateQueue()
    {
        try
        {
            return new CudaQueue(_context, _kernels, _precision);
        }
        catch (NativeLibraryMissingException e)
        {
            throw new DeviceException($"{Device} cannot be used: {e.Message}", e);
        }
    }

    public override ConvolutionTuning Tune(Action prepare) => _algorithms.Tune(prepare);

    public override bool IsSameInAnyLayout(Shape shape) => true;

    public override bool JoinsBlocked(ReadOnlySpan<Shape> parts) => false;

    public override IOperator CreateReorder(Shape shape) => throw new InvalidOperationException("there is one layout on a GPU");

    public override IOperator CreateConvolution(in ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias) =>
        CreateConvolution(geometry, weights, bias, transposed: false);

    public override IOperator CreateTransposedConvolution(in ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias) =>
        CreateConvolution(geometry, weights, bias, transposed: true);

    IOperator CreateConvolution(ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias, bool transposed) =>
        Owned.Make(owned => new CudaConvolution(owned, _algorithms, _constants, geometry, weights, bias, transposed));

    public override IOperator CreateDense(in DenseSpecification specification, WeightSource weights, WeightSource? bias)
    {
        DenseSpecification dense = specification;
        return weights is SeededWeights { Streamed: { } drawn }
            ? Owned.Make(owned => new CudaDrawnDense(owned, _constants, dense, weights, drawn, bias))
            : Owned.Make(owned => new CudaDense(owned, _constants, dense, weights, bias));
    }

    public override IOperator CreateMatrixProduct(Shape a, Shape b, Shape output) => new CudaMatrixProduct(new MatrixPairs(a, b, output));

    public override IOperator CreateUnary(in UnaryFunction function, Shape shape) => function.IsSmooth
        ? new CudaSmooth(function)
        : new CudaPiecewise(function, shape);

    public override IOperator CreateParametricRelu(Shape shape, WeightSource slope, Shape slopeShape) =>
        Owned.Make(owned => new CudaPiecewise(owned, _constants, shape, slope, slopeShape));

    public override IOperator CreateSoftmax(in SoftmaxSpecification specification) => new CudaSoftmax(specification);

    public override IOperator CreateMaxPool(in PoolingGeometry geometry) => new CudaMaxPool(geometry);

    public override IOperator CreateAveragePool(in PoolingGeometry geometry) => new CudaAveragePool(geometry);

    public override IOperator CreateLocalResponseNormalisation(in LrnSpecification specification) => new CudaLocalResponse(specification);

    public override IOperator CreateBatchNormalisation(Shape shape, BatchNormSpecification specification) =>
        Owned.Make(owned => new CudaChannelAffine(owned, _constants, shape, specification));

    public override IOperator CreateInstanceNormalisation(Shape shape, WeightSource scale, WeightSource shift, float epsilon) =>
        new CudaInstanceNormalisation(_constants, shape, scale, shift, epsilon);

    public override IOperator CreateArithmetic(ArithmeticOperation kind, Shape a, Shape b, Shape output) => new CudaArithmetic(kind, a, b, output);

    public override IOperator CreateConcat(int axis, ReadOnlySpan<Shape> inputs, Shape output) => new CudaConcat(new JoinedRuns(axis, inputs, output));

    public override IOperator CreateSlice(Shape input, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape output) =>
        new CudaStridedView(StridedView.Slice(input, starts, steps, output));

    public override IOperator CreateTranspose(Shape input, ReadOnlySpan<int> permutation, Shape output) =>
        new CudaStridedView(StridedView.Transpose(input, permutation, output));

    public override IOperator CreatePad(Shape input, ReadOnlySpan<int> before, Shape output, PadFill mode, float value)
    {
        var tables = new PadTables(input, before, output, mode);
        return Owned.Make(owned => new CudaPad(owned, _constants, tables, value));
    }

    public override IOperator CreateReduceMean(Shape input, ReadOnlySpan<bool> reduced, Shape output) => new CudaReduceMean(new MeanAxes(input, reduced, output));

    public override IOperator CreateResample(Shape input, Shape output, ResamplingTable rows, ResamplingTable columns) =>
        Owned.Make(owned => new CudaResample(owned, _constants, input, output, rows, columns));

    public override IOperator CreateOrientationBinning(BinningKind kind, in OrientationGeometry geometry)
    {
        OrientationGeometry directions = geometry;
        return Owned.Make(owned => new CudaOrientationBinning(owned, _constants, kind, directions));
    }

    public override IOperator CreateBlockNormalisation(in BlockNormGeometry geometry) => new CudaBlockNormalisation(geometry);

    public override ILoopOperators CreateArrayOperators(WorkQueue queue, DeviceArray<int> counter) => new CudaArrayOperators(queue.Cuda, counter);

    public override nint AddressOf(ParameterWeights parameter) => _constants.Of(parameter);

    public override void FollowParameters(ParameterStorage parameters, WorkQueue queue) => _constants.Follow(queue.Cuda);

    public override void RefreshParameters(ParameterStorage parameters, WorkQueue queue)
    {
        // Operators read the values where they are changed.
    }

    public override void NoteRefreshed(ParameterStorage parameters) => _constants.NoteChanged();

    public override void Dispose()
    {
        _algorithms.Dispose();
        Free();
    }

    void Free()
    {
        _constants.Dispose();
        _kernels.Dispose();
        if (_owned)
            _context.Dispose();
    }
}
