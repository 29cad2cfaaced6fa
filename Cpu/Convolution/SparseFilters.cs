using System.Runtime.InteropServices;

namespace Preimage.Cpu.Convolution;

/// <summary>A weight that is not zero, and where it reads.</summary>
/// <param name="Channel">The source channel, counted over all groups.</param>
/// <param name="Row">Which of the sweep's row offsets.</param>
/// <param name="Column">Which of its column offsets.</param>
/// <param name="Weight">The weight.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SparseTap(int Channel, int Row, int Column, float Weight);

/// <summary>Filters most of whose weights are zero: per sweep and destination channel those that are not, in the order of <see cref="TapOrder"/>.</summary>
internal sealed unsafe class SparseFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly int[] _starts;
    readonly int _rows;

    /// <summary>Picks the weights of filters [K][C/groups][R][S] for a convolution, or for its adjoint.</summary>
    public SparseFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters, bool adjoint)
    {
        TapGrid[] sweeps = TapGrid.Of(g, adjoint);
        int groupC = g.C / g.Groups, groupK = g.K / g.Groups;
        (_rows, int groupRows, int channels) = adjoint ? (g.C, groupC, groupK) : (g.K, groupK, groupC);
        var taps = new List<SparseTap>();
        var starts = new List<int>();
        foreach (TapGrid sweep in sweeps)
        {
            for (int row = 0; row < _rows; row++)
            {
                starts.Add(taps.Count);
                int group = row / groupRows;
                for (int block = 0; block < channels; block += TapOrder.Block)
                for (int r = 0; r < sweep.TapsY.Length; r++)
                for (int s = 0; s < sweep.TapsX.Length; s++)
                for (int channel = block; channel < Math.Min(block + TapOrder.Block, channels); channel++)
                {
                    (int k, int c) = adjoint ? (group * groupK + channel, row % groupC) : (row, channel);
                    float weight = filters[((k * groupC + c) * g.R + sweep.TapsY[r]) * g.S + sweep.TapsX[s]];
                    if (weight != 0)
                        taps.Add(new SparseTap(group * channels + channel, r, s, weight));
                }
            }
        }

        starts.Add(taps.Count);
        _starts = [.. starts];
        _buffer = new AlignedBuffer((long)taps.Count * sizeof(SparseTap));
        CollectionsMarshal.AsSpan(taps).CopyTo(new Span<SparseTap>((void*)_buffer.Address, taps.Count));
    }

    public long Bytes => _buffer.Bytes;

    /// <summary>The taps of a destination channel in a sweep.</summary>
    public ReadOnlySpan<SparseTap> Taps(int sweep, int row)
    {
        int first = _starts[sweep * _rows + row];
        return new ReadOnlySpan<SparseTap>((SparseTap*)_buffer.Address + first, _starts[sweep * _rows + row + 1] - first);
    }

    public void Pack(ReadOnlySpan<float> filters, int lanes) => throw new NotSupportedException("filters packed by their values are not packed again");

    public void Dispose() => _buffer.Dispose();
}
