using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>y = alpha * x W + beta * b over the innermost axis. The matrix stays where and as it is, and serves both directions.</summary>
/// <remarks>
/// Order: the direction whose sums run along the axis in which the weights lie together (forward for [out][in], backward for [in][out]) takes 16
/// interleaved partial sums, see <see cref="DotProduct"/>; the other, whose sums run across rows, one chain, see <see cref="MatrixMultiplication"/>.
/// Both read the weights as they lie; neither order depends on the batch, the threads or the instruction set.
/// </remarks>
internal sealed unsafe class CpuDense : CpuDenseProduct, IHasParameters, IFollowsParameters
{
    readonly float* _matrix;
    readonly WeightSource? _given;

    public CpuDense(Execution execution, PackedWeights packed, in DenseSpecification specification, WeightSource weights, WeightSource? bias)
        : base(execution, specification)
    {
        GeometryChecks.Dense(specification, weights, bias);
        _matrix = packed.Plain(weights);
        _given = bias;
        if (bias is null)
            return;
        // A parameter is read where it is, and so may not be multiplied there.
        Bias = specification.Beta == 1 ? Vector(bias) : Own(new AlignedBuffer((long)bias.Count * sizeof(float))).Floats;
        Follow();
    }

    public override string Algorithm => "Gemm";

    public override long WeightBytes => sizeof(float) * (long)Specification.Inputs * Specification.Outputs;

    public override long ScratchBytes(int rows, PassDirection direction) =>
        SumsAlong(direction) ? DotProduct.ScratchBytes(Execution) : MatrixMultiplication.ScratchBytes(Execution);

    public int ParameterCount => Bias == null ? 1 : 2;

    public long ParameterScratchBytes(int samples) => MatrixMultiplication.ScratchBytes(Execution);

    /// <summary>dW = alpha dy' x, or alpha x' dy as the matrix lies: one chain over the samples each; db = beta times the sum of dy.</summary>
    public void BackwardParameters(in ParameterCall call)
    {
        (int inputs, int outputs) = (Specification.Inputs, Specification.Outputs);
        int rows = call.Signal.Shape.Count / outputs;
        MatrixView x = MatrixView.Rows(call.Input.Floats, inputs), dy = MatrixView.Rows(call.Signal.Floats, outputs);
        (MatrixView a, MatrixView b, int m, int n) = Specification.OutputMajor ? (dy, x, outputs, inputs) : (x, dy, inputs, outputs);
        MatrixMultiplication.Run(Execution, m, n, rows, a.Transposed, b, call.Gradients[0].Floats, n, Specification.Alpha, null, resume: false, call.Scratch);
        if (Bias == null)
            return;
        float* bias = call.Gradients[1].Floats;
        ChannelSums.Run(Execution, false, rows, outputs, 1, call.Signal.Floats, bias);
        for (int i = 0; Specification.Beta != 1 && i < outputs; i++)
            bias[i] *= Specification.Beta;
    }

    public void Follow(WorkQueue queue) => Follow();

    void Follow()
    {
        if (_given is null || Specification.Beta == 1)
            return;
        var scaled = new Span<float>(Bias, _given.Count);
        _given.Read(0, scaled);
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] *= Specification.Beta;
    }

    /// <summary>Across the rows of the matrix few samples are bound by reading it, many by the multiplying; the bits are the same.</summary>
    protected override void Multiply(PassDirection direction, int m, int n, int k, float* x, float* y, float* bias, nint scratch)
    {
        float alpha = Specification.Alpha;
        if (SumsAlong(direction))
            DotProduct.Run(Execution, m, n, k, x, _matrix, y, alpha, bias, scratch);
        else if (m <= StreamedProduct.MaxRows)
            StreamedProduct.Run(Execution, m, n, k, x, _matrix, y, alpha, bias);
        else
            MatrixMultiplication.Run(Execution, m, n, k, MatrixView.Rows(x, k), MatrixView.Rows(_matrix, n), y, n, alpha, bias, resume: false, scratch);
    }
}
