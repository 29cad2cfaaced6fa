using Preimage.Cpu;
using Preimage.Cpu.Orientation;
using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

/// <summary>A device's memory and its operators: one factory per operator, each returning it prepared.</summary>
/// <remarks>
/// A backend is safe to use from several threads. Packed weights are cached by <see cref="WeightSource"/>, so that plans of several shapes
/// share one copy; they live as long as the backend.
/// </remarks>
internal abstract class Backend : IDisposable
{
    public abstract Device Device { get; }

    /// <summary>Bytes a buffer for this shape takes in a layout.</summary>
    public abstract long BytesFor(Shape shape, Layout layout);

    /// <summary>Bytes that arrays in its memory start at a multiple of.</summary>
    public abstract int Alignment { get; }

    /// <summary>Allocates memory, aligned to <see cref="Alignment"/> or more; its contents are undefined.</summary>
    public abstract DeviceBuffer Allocate(long bytes);

    /// <summary>A queue for the work of one plan.</summary>
    public abstract WorkQueue CreateQueue();

    /// <summary>Whether both layouts of this shape are the same bytes, so that no reorder is needed.</summary>
    public abstract bool IsSameInAnyLayout(Shape shape);

    /// <summary>Whether parts along the channels lie one behind the other in the blocked value of one sample that joins them.</summary>
    public abstract bool JoinsBlocked(ReadOnlySpan<Shape> parts);

    /// <summary>Copies a value from one layout into the other.</summary>
    public abstract IOperator CreateReorder(Shape shape);

    /// <summary>Bytes of a cache worth staying in, for which a plan runs a batch in portions; 0 where there is none.</summary>
    public virtual long CacheBytes => 0;

    /// <summary>Samples that a portion has at least, so that all lanes have work.</summary>
    public virtual int LeastPortion => 1;

    /// <summary>Bytes of packed weights held now.</summary>
    public abstract long PackedBytes { get; }

    public abstract IOperator CreateConvolution(in ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias);

    /// <summary>The adjoint of the convolution that <paramref name="geometry"/> describes (whose input is this one's output), plus bias.</summary>
    public abstract IOperator CreateTransposedConvolution(in ConvolutionGeometry geometry, WeightSource weights, WeightSource? bias);

    public abstract IOperator CreateDense(in DenseSpecification specification, WeightSource weights, WeightSource? bias);

    /// <summary>The matrix product over the last two axes, leading axes broadcast (ONNX MatMul), both inputs activations.</summary>
    public abstract IOperator CreateMatrixProduct(Shape a, Shape b, Shape output);

    public abstract IOperator CreateUnary(in UnaryFunction function, Shape shape);

    /// <summary>x where x &gt; 0, else slope * x; the slope broadcasts to the shape.</summary>
    public abstract IOperator CreateParametricRelu(Shape shape, WeightSource slope, Shape slopeShape);

    public abstract IOperator CreateSoftmax(in SoftmaxSpecification specification);

    public abstract IOperator CreateMaxPool(in PoolingGeometry geometry);

    public abstract IOperator CreateAveragePool(in PoolingGeometry geometry);

    public abstract IOperator CreateLocalResponseNormalisation(in LrnSpecification specification);

    /// <summary>y = factor[c] * x + summand[c], these two made of the layer's weights in double and rounded once.</summary>
    public abstract IOperator CreateBatchNormalisation(Shape shape, BatchNormSpecification specification);

    /// <summary>Normalises each plane of each sample to zero mean and unit variance, then scale[c] * x + shift[c].</summary>
    public abstract IOperator CreateInstanceNormalisation(Shape shape, WeightSource scale, WeightSource shift, float epsilon);

    /// <summary>a op b with multidirectional broadcasting, axes aligned at the innermost.</summary>
    public abstract IOperator CreateArithmetic(ArithmeticOperation kind, Shape a, Shape b, Shape output);

    public abstract IOperator CreateConcat(int axis, ReadOnlySpan<Shape> inputs, Shape output);

    /// <summary>output[i] = input[starts + i * steps] per axis; steps may be negative.</summary>
    public abstract IOperator CreateSlice(Shape input, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape output);

    public abstract IOperator CreateTranspose(Shape input, ReadOnlySpan<int> permutation, Shape output);

    /// <summary>Pads (or, where a number is negative, crops) each axis.</summary>
    public abstract IOperator CreatePad(Shape input, ReadOnlySpan<int> before, Shape output, PadFill mode, float value);

    /// <summary>The mean over the marked axes.</summary>
    public abstract IOperator CreateReduceMean(Shape input, ReadOnlySpan<bool> reduced, Shape output);

    /// <summary>Resizes the rows and columns of every plane by a table of taps each.</summary>
    public abstract IOperator CreateResample(Shape input, Shape output, ResamplingTable rows, ResamplingTable columns);

    /// <summary>Image gradients sorted by direction.</summary>
    public abstract IOperator CreateOrientationBinning(BinningKind kind, in OrientationGeometry geometry);

    /// <summary>Each place divided by the norm of its channels, and a limit.</summary>
    public abstract IOperator CreateBlockNormalisation(in BlockNormGeometry geometry);

    /// <summary>Arithmetic on arrays, in the order of a queue.</summary>
    /// <param name="queue">The queue of a plan of this backend.</param>
    /// <param name="counter">The iteration.</param>
    public abstract ILoopOperators CreateArrayOperators(WorkQueue queue, DeviceArray<int> counter);

    /// <summary>Where the values of a parameter are that operators read and steps change, followed by zeros up to a whole vector.</summary>
    public abstract nint AddressOf(ParameterWeights parameter);

    /// <summary>Makes what plans share follow parameters that have changed; called before work that reads them goes to a queue.</summary>
    public abstract void FollowParameters(ParameterStorage parameters, WorkQueue queue);

    /// <summary>In work of a queue that has changed values at <see cref="AddressOf"/>: makes what plans share follow them.</summary>
    public abstract void RefreshParameters(ParameterStorage parameters, WorkQueue queue);

    /// <summary>Notes, when work that holds a <see cref="RefreshParameters"/> has gone to a queue, that the values are newer here than elsewhere.</summary>
    public abstract void NoteRefreshed(ParameterStorage parameters);

    /// <summary>Chooses by timing while some work prepares operators.</summary>
    /// <exception cref="PreimageException">Nothing is chosen by timing on this device.</exception>
    public virtual ConvolutionTuning Tune(Action prepare) =>
        throw new PreimageException($"{Device} has nothing to tune: its kernels are chosen by the problem alone; a GPU's convolutions can be chosen by timing");

    /// <summary>Frees packed weights and the backend's own resources.</summary>
    public abstract void Dispose();
}
