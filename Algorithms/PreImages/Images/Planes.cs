using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>Planes cut out of larger ones on the host, and put in.</summary>
internal static class Planes
{
    /// <summary>Copies the box of the size of <paramref name="to"/> at a row and a column of every plane of <paramref name="from"/>.</summary>
    public static float[] Cut(ReadOnlySpan<float> values, Shape from, Shape to, int top, int left)
    {
        var cut = new float[to.Count];
        for (int plane = 0; plane < to.N * to.C; plane++)
            for (int y = 0; y < to.H; y++)
                values.Slice((plane * from.H + top + y) * from.W + left, to.W).CopyTo(cut.AsSpan((plane * to.H + y) * to.W));
        return cut;
    }

    /// <summary>Puts planes in the middle of larger ones of zeros.</summary>
    public static float[] Surround(ReadOnlySpan<float> values, Shape from, Shape to, int top, int left)
    {
        var canvas = new float[to.Count];
        for (int plane = 0; plane < from.N * from.C; plane++)
            for (int y = 0; y < from.H; y++)
                values.Slice((plane * from.H + y) * from.W, from.W).CopyTo(canvas.AsSpan((plane * to.H + top + y) * to.W + left));
        return canvas;
    }
}
