using System.Buffers.Binary;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>Turns rows of samples of any colour type and depth into 8-bit grey or RGB on white.</summary>
internal sealed class PngPixels(PngHeader header, PngTransparency transparency)
{
    // 255 / (2^depth - 1) is whole for 1, 2, 4 and 8 bits.
    readonly int _scale = header.Depth < 16 ? 255 / ((1 << header.Depth) - 1) : 0;
    readonly ushort[] _samples = new ushort[header.Samples * header.Width];

    /// <summary>Writes a row's pixels to the picture, every <paramref name="step"/> pixels from the start of <paramref name="target"/>.</summary>
    public void Store(ReadOnlySpan<byte> row, int count, Span<byte> target, int step)
    {
        var samples = _samples.AsSpan(0, count * header.Samples);
        Unpack(row, samples);
        int stride = step * header.Channels;
        for (int i = 0; i < count; i++)
        {
            var pixel = samples.Slice(i * header.Samples, header.Samples);
            var place = target.Slice(i * stride, header.Channels);
            switch (header.Colour)
            {
                case PngColour.Palette:
                    transparency.LookUp(pixel[0], place);
                    break;
                case PngColour.Grey or PngColour.Rgb:
                    bool hidden = transparency.IsKey(pixel);
                    for (int c = 0; c < place.Length; c++) place[c] = hidden ? (byte)255 : ToByte(pixel[c]);
                    break;
                default:
                    int alpha = ToByte(pixel[^1]);
                    for (int c = 0; c < place.Length; c++) place[c] = PngTransparency.OnWhite(ToByte(pixel[c]), alpha);
                    break;
            }
        }
    }

    byte ToByte(int sample) =>
        header.Depth == 16 ? (byte)((sample * 255 + 32895) >> 16) : (byte)(sample * _scale);

    void Unpack(ReadOnlySpan<byte> row, Span<ushort> samples)
    {
        int depth = header.Depth;
        if (depth == 16)
        {
            for (int i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadUInt16BigEndian(row.Slice(2 * i, 2));
        }
        else if (depth == 8)
        {
            for (int i = 0; i < samples.Length; i++) samples[i] = row[i];
        }
        else
        {
            int mask = (1 << depth) - 1, perByte = 8 / depth;
            for (int i = 0; i < samples.Length; i++)
                samples[i] = (ushort)((row[i / perByte] >> (8 - depth * (i % perByte + 1))) & mask);
        }
    }
}
