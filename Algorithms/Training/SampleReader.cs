using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Training;

/// <summary>Reads samples as a network takes them: the channel order and the arithmetic of a <see cref="Preprocessing"/>, without its resize.</summary>
/// <remarks>Values are those of <see cref="Preprocessing.Apply(Picture, int, int, int, string)"/> on a picture that has the network's size.</remarks>
internal sealed class SampleReader
{
    readonly DataSet _data;
    readonly byte[] _sample;
    readonly float[][] _values;
    readonly int[] _planes;

    /// <summary>Makes a reader; it belongs to one thread at a time.</summary>
    public SampleReader(DataSet data, Preprocessing preprocessing)
    {
        _data = data;
        SampleCount = data.SampleShape.Count;
        int channels = data.SampleShape.C;
        _sample = new byte[SampleCount];
        _planes = [.. Enumerable.Range(0, channels).Select(c => preprocessing.Order == ChannelOrder.Bgr && channels == 3 ? 2 - c : c)];
        _values = [.. Enumerable.Range(0, channels).Select(c => Table(preprocessing, c))];
    }

    /// <summary>Values of a sample.</summary>
    public int SampleCount { get; }

    /// <summary>Reads a sample.</summary>
    public void Read(int index, Span<float> values)
    {
        ReadOnlySpan<byte> bytes = Bytes(index);
        int plane = SampleCount / _planes.Length;
        for (int c = 0; c < _planes.Length; c++)
        {
            ReadOnlySpan<byte> from = bytes.Slice(_planes[c] * plane, plane);
            Span<float> to = values.Slice(c * plane, plane);
            float[] table = _values[c];
            for (int i = 0; i < from.Length; i++)
                to[i] = table[from[i]];
        }
    }

    /// <summary>The mean of all samples, value by value.</summary>
    /// <remarks>Sums of the bytes are exact, so that the mean does not depend on their order.</remarks>
    public float[] Mean(CancellationToken cancellation)
    {
        var sums = new long[SampleCount];
        for (int n = 0; n < _data.Count; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> bytes = Bytes(n);
            for (int i = 0; i < bytes.Length; i++)
                sums[i] += bytes[i];
        }

        var mean = new float[SampleCount];
        int plane = SampleCount / _planes.Length;
        for (int i = 0; i < mean.Length; i++)
        {
            int c = i / plane;
            float[] table = _values[c];
            double at = (double)sums[_planes[c] * plane + i % plane] / _data.Count;
            // What the table does to a byte is affine.
            mean[i] = (float)(table[0] + at * ((double)table[255] - table[0]) / 255);
        }

        return mean;
    }

    ReadOnlySpan<byte> Bytes(int index)
    {
        _data.Read(index, _sample);
        return _sample;
    }

    static float[] Table(Preprocessing p, int channel)
    {
        double mean = p.Mean[p.Mean.Count == 1 ? 0 : channel], std = p.Std[p.Std.Count == 1 ? 0 : channel];
        var values = new float[256];
        for (int sample = 0; sample < 256; sample++)
            values[sample] = (float)((sample * p.Scale - mean) / std);
        return values;
    }
}
