using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>Filters of one channel per group, packed [sweep][block of channels][tap][16] with +0 in lanes without a channel.</summary>
internal sealed unsafe class DepthwiseFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly ConvolutionGeometry _g;
    readonly TapGrid[] _sweeps;

    /// <summary>Packs filters [C][1][R][S] for a convolution, or for its adjoint.</summary>
    public DepthwiseFilters(in ConvolutionGeometry g, ReadOnlySpan<float> weights, bool adjoint)
    {
        (IsAdjoint, _g) = (adjoint, g);
        _sweeps = TapGrid.Of(g, adjoint);
        _buffer = new AlignedBuffer((long)BlockedLayout.Padded(g.C) * _sweeps.Sum(sweep => sweep.Taps) * sizeof(float));
        Pack(weights, 1);
    }

    public void Pack(ReadOnlySpan<float> filters, int lanes)
    {
        ConvolutionGeometry g = _g;
        int padded = BlockedLayout.Padded(g.C);
        float* to = _buffer.Floats;
        foreach (TapGrid sweep in _sweeps)
        {
            for (int block = 0; block < padded; block += BlockedLayout.Lanes)
            foreach (int r in sweep.TapsY)
            foreach (int s in sweep.TapsX)
            {
                for (int c = block; c < block + BlockedLayout.Lanes; c++)
                    *to++ = c < g.C ? filters[(c * g.R + r) * g.S + s] : 0;
            }
        }
    }

    public bool IsAdjoint { get; }

    public long Bytes => _buffer.Bytes;

    /// <summary>The first sweep's first block.</summary>
    public float* Floats => _buffer.Floats;

    public void Dispose() => _buffer.Dispose();
}
