using Preimage.Algorithms.FilterDecoding;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>Maps in double, and the operators of spec section 5.2 as loops from their definitions.</summary>
/// <param name="Channels">Maps.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal sealed record NaiveMaps(int Channels, int Height, int Width)
{
    public double[] Values { get; } = new double[Channels * Height * Width];

    public ref double this[int c, int y, int x] => ref Values[(c * Height + y) * Width + x];

    /// <summary>Every place of every map stamps the slice of its filter for each channel below; overlaps add up.</summary>
    /// <param name="filters">[K][C/groups][rows][columns].</param>
    /// <param name="channels">C.</param>
    /// <param name="kernel">Rows and columns of a filter.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="stride">Places between stamps.</param>
    /// <param name="dilation">Places between taps.</param>
    public NaiveMaps Subst(float[] filters, int channels, (int Y, int X) kernel, int groups, (int Y, int X) stride, (int Y, int X) dilation)
    {
        int slice = channels / groups;
        var result = new NaiveMaps(channels, stride.Y * (Height - 1) + dilation.Y * (kernel.Y - 1) + 1, stride.X * (Width - 1) + dilation.X * (kernel.X - 1) + 1);
        for (int k = 0; k < Channels; k++)
            for (int c = 0; c < slice; c++)
                for (int y = 0; y < Height; y++)
                    for (int x = 0; x < Width; x++)
                        for (int a = 0; a < kernel.Y; a++)
                            for (int b = 0; b < kernel.X; b++)
                                result[k / (Channels / groups) * slice + c, y * stride.Y + a * dilation.Y, x * stride.X + b * dilation.X] +=
                                    this[k, y, x] * filters[((k * slice + c) * kernel.Y + a) * kernel.X + b];
        return result;
    }

    /// <summary>MATLAB's imresize of n places to s(n-1)+k (spec section 2.3), or zeros between.</summary>
    public NaiveMaps Unpool(Unpooling unpooling, (int Y, int X) window, (int Y, int X) stride)
    {
        var result = new NaiveMaps(Channels, stride.Y * (Height - 1) + window.Y, stride.X * (Width - 1) + window.X);
        for (int y = 0; y < result.Height; y++)
            for (int x = 0; x < result.Width; x++)
                foreach ((int v, double p) in Taps(unpooling, Height, result.Height, y, stride.Y))
                    foreach ((int u, double q) in Taps(unpooling, Width, result.Width, x, stride.X))
                        for (int c = 0; c < Channels; c++)
                            result[c, y, x] += p * q * this[c, v, u];
        return result;
    }

    static IEnumerable<(int, double)> Taps(Unpooling unpooling, int from, int to, int place, int stride)
    {
        if (unpooling == Unpooling.Zeros)
            return place % stride == 0 && place / stride < from ? [(place / stride, 1.0)] : [];
        double scale = (double)to / from, u = (place + 1) / scale + 0.5 * (1 - 1 / scale);
        (int Index, double Weight)[] taps = [.. Enumerable.Range((int)Math.Floor(u) - 3, 8).Select(i => (Mirrored(i, from), Kernel(unpooling, u - i)))];
        return taps.Select(t => (t.Index, t.Weight / taps.Sum(s => s.Weight)));
    }

    static double Kernel(Unpooling unpooling, double t) => (unpooling, Math.Abs(t)) switch
    {
        (Unpooling.Nearest, _) => t is >= -0.5 and < 0.5 ? 1 : 0,
        (Unpooling.Bilinear, var d) => Math.Max(0, 1 - d),
        (_, <= 1 and var d) => 1.5 * d * d * d - 2.5 * d * d + 1,
        (_, <= 2 and var d) => -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2,
        _ => 0,
    };

    /// <summary>Places counted from 1 in a row that goes on as its own mirror image: 1..n, n..1, 1..n.</summary>
    static int Mirrored(int place, int count)
    {
        while (place < 1 || place > count)
            place = place < 1 ? 1 - place : 2 * count + 1 - place;
        return place - 1;
    }
}
