namespace Preimage.Cpu.Blocked;

/// <summary>Switches in and out of the form that every backend shares.</summary>
internal sealed partial class BlockedMaxPooling
{
    /// <summary>Writes switches in the shared form: y * W + x in the plane, NCHW, -1 for none.</summary>
    public void Export(int samples, ReadOnlySpan<byte> switches, Span<int> record)
    {
        PoolingGeometry g = _geometry;
        for (int i = 0; i < samples * g.C * g.OutH * g.OutW; i++)
        {
            byte tap = switches[Position(i, out int row, out int column)];
            record[i] = tap == None ? -1
                : (row * g.StrideY - g.PadTop + tap / g.S * g.DilationY) * g.W + column * g.StrideX - g.PadLeft + tap % g.S * g.DilationX;
        }
    }

    /// <summary>Reads switches in the shared form.</summary>
    /// <returns>The index in the record of the first switch that is no tap of its window, or -1 where all are.</returns>
    public int Import(int samples, ReadOnlySpan<int> record, Span<byte> switches)
    {
        PoolingGeometry g = _geometry;
        switches[..checked((int)SwitchBytes(samples))].Clear();
        for (int i = 0; i < samples * g.C * g.OutH * g.OutW; i++)
        {
            int at = Position(i, out int row, out int column);
            if (record[i] == -1)
            {
                switches[at] = None;
                continue;
            }

            int y = record[i] / g.W - (row * g.StrideY - g.PadTop), x = record[i] % g.W - (column * g.StrideX - g.PadLeft);
            if (record[i] < 0 || record[i] >= g.H * g.W || y < 0 || x < 0 || y % g.DilationY != 0 || x % g.DilationX != 0
                || y / g.DilationY >= g.R || x / g.DilationX >= g.S)
                return i;
            switches[at] = (byte)(y / g.DilationY * g.S + x / g.DilationX);
        }

        return -1;
    }

    /// <summary>Where the switch of an output counted in NCHW order lies.</summary>
    int Position(int output, out int row, out int column)
    {
        int plane = _geometry.OutH * _geometry.OutW, pixel = output % plane, channel = output / plane % _geometry.C, sample = output / plane / _geometry.C;
        (row, column) = (pixel / _geometry.OutW, pixel % _geometry.OutW);
        int block = sample * Blocks + channel / BlockedLayout.Lanes;
        return (block * plane + pixel) * BlockedLayout.Lanes + channel % BlockedLayout.Lanes;
    }
}
