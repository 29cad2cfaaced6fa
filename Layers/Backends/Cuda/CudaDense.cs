using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>y = alpha * x W + beta * b over the innermost axis, by cuBLAS; one copy of the matrix serves both directions.</summary>
/// <remarks>cuBLAS counts by columns: a row-major matrix is its transpose there, so that factors change places.</remarks>
internal sealed class CudaDense : CudaOperator, IHasParameters, IFollowsParameters
{
    readonly DenseSpecification _s;
    readonly nint _matrix;
    readonly nint _bias, _given;

    public CudaDense(Owned owned, DeviceConstants constants, in DenseSpecification specification, WeightSource weights, WeightSource? bias) : base(owned)
    {
        GeometryChecks.Dense(specification, weights, bias);
        _s = specification;
        _matrix = constants.Of(weights);
        if (bias is null)
            return;
        _bias = _given = constants.Of(bias);
        if (specification.Beta == 1)
            return;
        float[] values = bias.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] *= specification.Beta;
        _bias = owned.Own(constants.Upload<float>(values)).Handle;
    }

    public override string Algorithm => "cuBLAS";

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        nint y = call.Output.Address;
        int rows = call.Output.Shape.Count / _s.Outputs;
        // y' = W' x', or W x' where W lies [out][in].
        q.Blas.Multiply(_s.OutputMajor, false, _s.Outputs, rows, _s.Inputs, _s.Alpha, _matrix, Leading, call.Inputs[0].Address, _s.Inputs, 0, y, _s.Outputs);
        if (_bias != 0)
            BiasKernels.AddBias(q.Kernels, q.Stream, LaunchShape.OverFours(call.Output.Shape.Count), y, _bias, y, call.Output.Shape.Count, _s.Outputs, 1);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        int rows = call.Signal.Shape.Count / _s.Outputs;
        call.Queue.Cuda.Blas.Multiply(!_s.OutputMajor, false, _s.Inputs, rows, _s.Outputs, _s.Alpha, _matrix, Leading, call.Signal.Address, _s.Outputs, 0,
            call.InputSignals[0].Address, _s.Inputs);
    }

    public int ParameterCount => _bias == 0 ? 1 : 2;

    public long ParameterScratchBytes(int samples) => 0;

    /// <summary>dW = alpha dy' x as the matrix lies; db = beta times the sum of dy.</summary>
    public void BackwardParameters(in ParameterCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        int rows = call.Signal.Shape.Count / _s.Outputs;
        (nint x, nint dy, nint gradient) = (call.Input.Address, call.Signal.Address, call.Gradients[0].Address);
        if (_s.OutputMajor)
            q.Blas.Multiply(false, true, _s.Inputs, _s.Outputs, rows, _s.Alpha, x, _s.Inputs, dy, _s.Outputs, 0, gradient, _s.Inputs);
        else
            q.Blas.Multiply(false, true, _s.Outputs, _s.Inputs, rows, _s.Alpha, dy, _s.Outputs, x, _s.Inputs, 0, gradient, _s.Outputs);
        if (_bias == 0)
            return;
        nint sums = call.Gradients[1].Address;
        ChannelSums.Run(q, call.Signal, _s.Outputs, 1, 0, 0, 0, sums, 0);
        if (_s.Beta != 1)
            ElementwiseKernels.Scale(q.Kernels, q.Stream, LaunchShape.OverFours(_s.Outputs), sums, sums, _s.Beta, _s.Outputs);
    }

    public void Follow(WorkQueue queue)
    {
        if (_bias != _given)
            ElementwiseKernels.Scale(queue.Cuda.Kernels, queue.Cuda.Stream, LaunchShape.OverFours(_s.Outputs), _given, _bias, _s.Beta, _s.Outputs);
    }

    int Leading => _s.OutputMajor ? _s.Inputs : _s.Outputs;
}
