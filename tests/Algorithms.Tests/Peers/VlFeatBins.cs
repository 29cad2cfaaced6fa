namespace Preimage.Algorithms.Tests.Peers;

/// <summary>How VLFeat 0.9.21 shares a gradient between two directions, with the approximate angles that are all of its difference from ours.</summary>
/// <remarks>vl_hog takes the arc cosine of a float next to 1, which has steps of 3.5e-4 radians there; vl_dsift takes pi/4 - 0.9675 r + 0.1821 r^3 of r = (x - |y|) / (x + |y|)
/// for the angle, within 0.0062 radians.</remarks>
internal static class VlFeatBins
{
    /// <summary>18 planes of bins from [colours][2][plane] gradients.</summary>
    public static float[] Hog(float[] gradients, int colours, bool bilinear)
    {
        int plane = gradients.Length / 2 / colours;
        var bins = new float[18 * plane];
        for (int i = 0; i < plane; i++)
        {
            (float x, float y, float square) = (0, 0, 0);
            for (int c = 0; c < colours; c++)
            {
                float ownX = gradients[2 * c * plane + i], ownY = gradients[(2 * c + 1) * plane + i];
                if (ownX * ownX + ownY * ownY > square)
                    (x, y, square) = (ownX, ownY, ownX * ownX + ownY * ownY);
            }

            if (square == 0)
                continue;
            float size = MathF.Sqrt(square);
            (int Bin, float Score)[] order = [.. Enumerable.Range(0, 9).Select(k => Undirected(x, y, k)).OrderByDescending(s => s.Score).Take(2)];
            float share = bilinear ? MathF.Acos(MathF.Min(order[0].Score / size, 1)) / (MathF.PI / 9) : 0;
            bins[order[0].Bin * plane + i] += size * (1 - share);
            bins[order[1].Bin * plane + i] += size * share;
        }

        return bins;
    }

    /// <summary>8 planes of bins from [2][plane] gradients.</summary>
    public static float[] DenseSift(float[] gradients)
    {
        int plane = gradients.Length / 2;
        var bins = new float[8 * plane];
        for (int i = 0; i < plane; i++)
        {
            float x = gradients[i], y = gradients[plane + i], size = MathF.Sqrt(x * x + y * y);
            float position = Angle(y, x) * 8 / (2 * MathF.PI), whole = MathF.Floor(position);
            // Along the x axis the approximation is a little below 0.
            int lower = ((int)whole + 8) % 8;
            bins[lower * plane + i] += size * (1 - (position - whole));
            bins[(lower + 1) % 8 * plane + i] += size * (position - whole);
        }

        return bins;
    }

    static (int Bin, float Score) Undirected(float x, float y, int k)
    {
        float score = x * (float)Math.Cos(k * Math.PI / 9) + y * (float)Math.Sin(k * Math.PI / 9);
        return score < 0 ? (k + 9, -score) : (k, score);
    }

    /// <summary>From 0 to 2 pi, but for the error.</summary>
    internal static float Angle(float y, float x)
    {
        float size = MathF.Abs(y) + 1.1920929e-7f;
        float r = x >= 0 ? (x - size) / (x + size) : (x + size) / (size - x);
        float angle = (x >= 0 ? MathF.PI / 4 : 3 * MathF.PI / 4) + (0.1821f * r * r - 0.9675f) * r;
        return y < 0 ? 2 * MathF.PI - angle : angle;
    }
}
