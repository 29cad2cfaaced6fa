using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>y = alpha * x W + beta * b over the innermost axis. The matrix stays where and as it is, and serves both directions.</summary>
internal sealed unsafe class CpuDense : CpuOperator, IHasParameters
{
    readonly DenseSpecification _specification;
    readonly MatrixView _matrix;
    readonly AlignedBuffer? _bias;

    public CpuDense(Execution execution, PackedWeights packed, in DenseSpecification specification, WeightSource weights, WeightSource? bias)
        : base(execution)
    {
        _specification = specification;
        (int inputs, int outputs) = (specification.Inputs, specification.Outputs);
        if (inputs < 1 || outputs < 1 || (long)inputs * outputs != weights.Count)
            throw new ShapeException($"a dense layer of {inputs} inputs and {outputs} outputs does not fit {weights.Count} weights");
        if (bias is not null && bias.Count != outputs)
            throw new ShapeException($"a bias of {bias.Count} values for {outputs} outputs");
        float* address = packed.Plain(weights);
        _matrix = specification.OutputMajor ? MatrixView.Rows(address, inputs).Transposed : MatrixView.Rows(address, outputs);
        if (bias is not null)
        {
            float[] values = bias.ToArray();
            for (int i = 0; i < values.Length; i++)
                values[i] *= specification.Beta;
            _bias = Copy(values);
        }
    }

    public override string Algorithm => "Gemm";

    public override long ScratchBytes(int rows, PassDirection direction) => MatrixMultiplication.ScratchBytes(Execution);

    public override void Forward(in ForwardCall call)
    {
        (int inputs, int outputs) = (_specification.Inputs, _specification.Outputs);
        float* bias = _bias is null ? null : _bias.Floats;
        Multiply(call.Output.Shape.Count / outputs, outputs, inputs, call.Inputs[0].Floats, _matrix, call.Output.Floats, bias, call.Scratch);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        (int inputs, int outputs) = (_specification.Inputs, _specification.Outputs);
        Multiply(call.Signal.Shape.Count / outputs, inputs, outputs, call.Signal.Floats, _matrix.Transposed, call.InputSignals[0].Floats, null, call.Scratch);
    }

    public int ParameterCount => _bias is null ? 1 : 2;

    public long ParameterScratchBytes(int samples) => MatrixMultiplication.ScratchBytes(Execution);

    /// <summary>dW = alpha dy' x, or alpha x' dy as the matrix lies: one chain over the samples each; db = beta times the sum of dy.</summary>
    public void BackwardParameters(in ParameterCall call)
    {
        (int inputs, int outputs) = (_specification.Inputs, _specification.Outputs);
        int rows = call.Signal.Shape.Count / outputs;
        MatrixView x = MatrixView.Rows(call.Input.Floats, inputs), dy = MatrixView.Rows(call.Signal.Floats, outputs);
        (MatrixView a, MatrixView b, int m, int n) = _specification.OutputMajor ? (dy, x, outputs, inputs) : (x, dy, inputs, outputs);
        MatrixMultiplication.Run(Execution, m, n, rows, a.Transposed, b, call.Gradients[0].Floats, n, _specification.Alpha, null, resume: false, call.Scratch);
        if (_bias is null)
            return;
        float* bias = call.Gradients[1].Floats;
        ChannelSums.Run(Execution, false, rows, outputs, 1, call.Signal.Floats, bias);
        for (int i = 0; _specification.Beta != 1 && i < outputs; i++)
            bias[i] *= _specification.Beta;
    }

    /// <summary>Few rows are bound by reading the matrix, many by the multiplying; the bits are the same.</summary>
    void Multiply(int m, int n, int k, float* x, MatrixView matrix, float* y, float* bias, nint scratch)
    {
        if (m <= StreamedProduct.MaxRows && matrix.ColumnStride == 1)
            StreamedProduct.Run(Execution, m, n, k, x, matrix, y, _specification.Alpha, bias);
        else
            MatrixMultiplication.Run(Execution, m, n, k, MatrixView.Rows(x, k), matrix, y, n, _specification.Alpha, bias, resume: false, scratch);
    }
}
