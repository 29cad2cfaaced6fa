using Preimage.Cpu;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A convolution or a transposed one: each is the other's way back. Implementations say how the two directions are computed.</summary>
internal abstract unsafe class CpuConvolution : CpuOperator, IHasParameters
{
    readonly float* _bias;
    readonly bool _transposed;

    protected CpuConvolution(ConvolutionSetup setup) : base(setup.Execution)
    {
        Geometry = setup.Geometry;
        _transposed = setup.Transposed;
        _bias = setup.Bias is null ? null : Vector(setup.Bias);
    }

    protected ConvolutionGeometry Geometry { get; }

    /// <summary>Whether a direction goes from the convolution's outputs to its inputs.</summary>
    protected bool IsAdjoint(PassDirection direction) => _transposed != (direction == PassDirection.Backward);

    public sealed override void Forward(in ForwardCall call) =>
        Run(_transposed, call.Output.Shape.N, call.Inputs[0].Floats, call.Output.Floats, _bias, call.Scratch);

    public sealed override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            Run(!_transposed, call.Signal.Shape.N, call.Signal.Floats, call.InputSignals[0].Floats, null, call.Scratch);
    }

    public int ParameterCount => _bias == null ? 1 : 2;

    public virtual long ParameterScratchBytes(int samples) => 0;

    public void BackwardParameters(in ParameterCall call)
    {
        // A transposed convolution reads what the convolution would have written.
        (Activation x, Activation dy) = _transposed ? (call.Signal, call.Input) : (call.Input, call.Signal);
        RunFilters(x.Shape.N, x.Floats, dy.Floats, call.Gradients[0].Floats, call.Scratch);
        if (_bias == null)
            return;
        (int channels, int plane) = _transposed ? (Geometry.C, Geometry.H * Geometry.W) : (Geometry.K, Geometry.OutH * Geometry.OutW);
        ChannelSums.Run(Execution, false, x.Shape.N, channels, plane, call.Signal.Floats, call.Gradients[1].Floats);
    }

    /// <summary>The gradient of the filters, from what the convolution reads and the signal at what it writes.</summary>
    protected virtual void RunFilters(int samples, float* x, float* dy, float* filters, nint scratch) =>
        FilterGradient.Run(Execution, Geometry, samples, x, dy, filters);

    /// <summary>The convolution, or its adjoint, for some samples, plus bias where there is one.</summary>
    protected abstract void Run(bool adjoint, int samples, float* from, float* to, float* bias, nint scratch);
}
