using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>The way back to a picture: the adjoint of a convolution from a blocked signal to a planar destination of few channels.</summary>
internal sealed unsafe class PictureAdjoint : IBlockedConvolution
{
    readonly ConvolutionGeometry _geometry;
    readonly TapGrid[] _sweeps;
    readonly PackedFilters _filters;

    public PictureAdjoint(in ConvolutionGeometry g, ReadOnlySpan<float> filters, Isa isa)
    {
        _geometry = g;
        _sweeps = TapGrid.Adjoint(g);
        _filters = PackedFilters.Pack(g, filters, _sweeps, adjoint: true, isa);
    }

    public long PackedBytes => _filters.Bytes;

    public long ScratchBytes(Execution execution, int samples) =>
        Planar(samples) + GemmConvolution.ScratchBytes(execution, _geometry.K, _geometry.C, _sweeps);

    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch)
    {
        ConvolutionGeometry g = _geometry;
        Reorder.ToPlanar(execution, samples, g.K, g.OutH * g.OutW, source, (float*)scratch);
        GemmConvolution.Run(execution, samples, 1, g.K, g.C, _sweeps, _filters, (float*)scratch, destination, g.H * g.W, null, scratch + (nint)Planar(samples));
    }

    public void Dispose() => _filters.Dispose();

    long Planar(int samples) => AlignedBuffer.RoundUp((long)samples * _geometry.K * _geometry.OutH * _geometry.OutW * sizeof(float));
}
