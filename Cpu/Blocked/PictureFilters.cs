using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>Filters of the way back to a picture: per sweep [position in the sum][channel of the picture].</summary>
internal sealed unsafe class PictureFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly ConvolutionGeometry _g;
    readonly TapGrid[] _sweeps;
    readonly int[] _starts;

    /// <summary>Packs filters [K][C][R][S] for the adjoint of their convolution.</summary>
    public PictureFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters)
    {
        _g = g;
        _sweeps = TapGrid.Adjoint(g);
        _starts = new int[_sweeps.Length + 1];
        for (int i = 0; i < _sweeps.Length; i++)
            _starts[i + 1] = _starts[i] + g.C * g.K * _sweeps[i].Taps;
        _buffer = new AlignedBuffer((long)_starts[^1] * sizeof(float));
        Pack(filters, 1);
    }

    public void Pack(ReadOnlySpan<float> filters, int lanes)
    {
        ConvolutionGeometry g = _g;
        float* to = _buffer.Floats;
        foreach (TapGrid sweep in _sweeps)
        {
            for (int block = 0; block < g.K; block += TapOrder.Block)
            foreach (int r in sweep.TapsY)
            foreach (int s in sweep.TapsX)
            {
                for (int k = block; k < Math.Min(block + TapOrder.Block, g.K); k++)
                {
                    for (int c = 0; c < g.C; c++)
                        *to++ = filters[((k * g.C + c) * g.R + r) * g.S + s];
                }
            }
        }
    }

    public long Bytes => _buffer.Bytes;

    /// <summary>The filters of a sweep.</summary>
    public float* Sweep(int sweep) => _buffer.Floats + _starts[sweep];

    public void Dispose() => _buffer.Dispose();
}
