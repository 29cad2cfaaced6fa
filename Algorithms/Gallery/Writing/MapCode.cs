using System.IO.Compression;

namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>The values of a map as the page stores them: whole numbers of 16 or 8 bits, deflated.</summary>
/// <remarks>
/// With m the largest magnitude of the finite values: 16 bits hold q = round(32767 v/m), so that a value is within m/65534 of what it was;
/// 8 bits hold q = sign(v) round(127 sqrt(|v|/m)), finer near zero, where most values of a map are: within (|q| + 1/4) m/127^2, at worst m/127.
/// The lowest number (-32768, -128) stands for a value that is not finite. 16-bit numbers are stored as a plane of high bytes
/// (q + 32768) >> 8 and one of low bytes, 8-bit ones as q + 128.
/// </remarks>
internal sealed class MapCode
{
    MapCode(int bits, double scale, double lowest, double highest, int count, int notFinite, byte[] packed)
    {
        (Bits, Scale, Lowest, Highest, Count, NotFinite, Packed) = (bits, scale, lowest, highest, count, notFinite, packed);
    }

    /// <summary>16 or 8.</summary>
    public int Bits { get; }

    /// <summary>The largest magnitude of the finite values; 0 for a map that is zero everywhere.</summary>
    public double Scale { get; }

    /// <summary>The smallest finite value before it was quantised.</summary>
    public double Lowest { get; }

    /// <summary>The largest finite value before it was quantised.</summary>
    public double Highest { get; }

    /// <summary>How many values there are.</summary>
    public int Count { get; }

    /// <summary>How many are not finite.</summary>
    public int NotFinite { get; }

    /// <summary>The deflated bytes.</summary>
    public byte[] Packed { get; }

    /// <summary>The most that a value differs from what it was.</summary>
    public double Error => ErrorOf(Bits, Scale);

    /// <summary>Quantises and packs values.</summary>
    public static MapCode Encode(ReadOnlySpan<float> values, int bits)
    {
        double lowest = double.PositiveInfinity, highest = double.NegativeInfinity;
        int notFinite = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
                (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
            else
                notFinite++;
        }

        if (notFinite == values.Length)
            (lowest, highest) = (0, 0);
        double scale = Math.Max(Math.Abs(lowest), Math.Abs(highest));
        var bytes = new byte[values.Length * (bits / 8)];
        for (int i = 0; i < values.Length; i++)
        {
            if (bits == 16)
            {
                int q = Quantised16(values[i], scale) + 32768;
                (bytes[i], bytes[values.Length + i]) = ((byte)(q >> 8), (byte)q);
            }
            else
            {
                bytes[i] = (byte)(Quantised8(values[i], scale) + 128);
            }
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            deflate.Write(bytes);
        return new MapCode(bits, scale, lowest, highest, values.Length, notFinite, packed.ToArray());
    }

    /// <summary>The values as the page will read them.</summary>
    public double[] Decode()
    {
        using var inflate = new DeflateStream(new MemoryStream(Packed), CompressionMode.Decompress);
        var bytes = new byte[Count * (Bits / 8)];
        inflate.ReadExactly(bytes);
        var values = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            int q = Bits == 16 ? (bytes[i] << 8 | bytes[Count + i]) - 32768 : bytes[i] - 128;
            values[i] = ValueOf(q, Bits, Scale);
        }

        return values;
    }

    static double ErrorOf(int bits, double scale) => bits == 16 ? scale / 65534 : scale / 127;

    static double ValueOf(int q, int bits, double scale) => bits switch
    {
        16 => q == short.MinValue ? double.NaN : q / 32767.0 * scale,
        _ => q == sbyte.MinValue ? double.NaN : Math.Sign(q) * (q / 127.0) * (q / 127.0) * scale,
    };

    static int Quantised16(float value, double scale)
    {
        if (!float.IsFinite(value))
            return short.MinValue;
        return scale == 0 ? 0 : (int)Math.Round(value / scale * 32767);
    }

    static int Quantised8(float value, double scale)
    {
        if (!float.IsFinite(value))
            return sbyte.MinValue;
        return scale == 0 ? 0 : Math.Sign(value) * (int)Math.Round(Math.Sqrt(Math.Abs(value) / scale) * 127);
    }
}
