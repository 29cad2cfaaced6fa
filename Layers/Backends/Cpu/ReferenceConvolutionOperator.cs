using Preimage.Cpu.Convolution;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Convolutions by the loops they are defined by: what the others are tested against.</summary>
internal sealed unsafe class ReferenceConvolutionOperator(ConvolutionSetup setup) : CpuConvolution(setup)
{
    readonly float* _weights = setup.Packed.Plain(setup.Weights);
    readonly int _count = setup.Weights.Count;

    public override string Algorithm => "Reference";

    protected override void Run(bool adjoint, int samples, float* from, float* to, float* bias, nint scratch)
    {
        int input = Geometry.C * Geometry.H * Geometry.W, output = Geometry.K * Geometry.OutH * Geometry.OutW;
        var weights = new ReadOnlySpan<float>(_weights, _count);
        for (int n = 0; n < samples; n++)
        {
            if (adjoint)
            {
                ReferenceConvolution.Adjoint(Geometry, new(from + (nint)n * output, output), weights,
                    bias == null ? default : new(bias, Geometry.C), new(to + (nint)n * input, input));
            }
            else
            {
                ReferenceConvolution.Forward(Geometry, new(from + (nint)n * input, input), weights,
                    bias == null ? default : new(bias, Geometry.K), new(to + (nint)n * output, output));
            }
        }
    }
}
