namespace Preimage.Cpu.Tests;

/// <summary>Gradients of filters one product at a time, written from the documented order alone, and in double with the bound of the error.</summary>
internal static class FilterGradientOracle
{
    /// <summary>dw [K][C/groups][R][S], each chunk a chain of fused multiply-adds from +0, chunks added in order.</summary>
    public static float[] Of(ConvolutionGeometry g, int samples, float[] x, float[] dy)
    {
        var dw = new float[g.K * (g.C / g.Groups) * g.R * g.S];
        Visit(g, samples, (at, terms) =>
        {
            float total = 0, sum = 0;
            int chunk = 0;
            foreach ((int of, int from, int signal) in terms)
            {
                if (of != chunk)
                    (total, sum, chunk) = (total + sum, 0, of);
                sum = MathF.FusedMultiplyAdd(x[from], dy[signal], sum);
            }

            dw[at] = total + sum;
        });
        return dw;
    }

    /// <summary>The sums in double, and for each the bound (terms + 2) 2^-24 sum |a||b| on a float's error.</summary>
    public static (double[] Values, double[] Bounds) Exact(ConvolutionGeometry g, int samples, float[] x, float[] dy)
    {
        double[] values = new double[g.K * (g.C / g.Groups) * g.R * g.S], bounds = new double[values.Length];
        Visit(g, samples, (at, terms) =>
        {
            foreach ((_, int from, int signal) in terms)
            {
                values[at] += (double)x[from] * dy[signal];
                bounds[at] += Math.Abs((double)x[from] * dy[signal]);
            }

            bounds[at] *= (terms.Count + 2) * Math.Pow(2, -24);
        });
        return (values, bounds);
    }

    static void Visit(ConvolutionGeometry g, int samples, Action<int, List<(int Chunk, int From, int Signal)>> element)
    {
        int groupC = g.C / g.Groups, groupK = g.K / g.Groups, plane = g.OutH * g.OutW;
        // Planes of more than 256 outputs are cut into as few equal bands of rows as have no more, others are joined while they have no more.
        int bands = Math.Min((plane + 255) / 256, g.OutH), bandRows = (g.OutH + bands - 1) / bands, together = Math.Max(256 / plane, 1);
        for (int k = 0; k < g.K; k++)
        for (int c = 0; c < groupC; c++)
        for (int r = 0; r < g.R; r++)
        for (int s = 0; s < g.S; s++)
        {
            var terms = new List<(int, int, int)>();
            for (int n = 0; n < samples; n++)
            for (int i = 0; i < g.OutH; i++)
            for (int j = 0; j < g.OutW; j++)
            {
                int y = i * g.StrideY + r * g.DilationY - g.PadTop, across = j * g.StrideX + s * g.DilationX - g.PadLeft;
                if (y < 0 || y >= g.H || across < 0 || across >= g.W)
                    continue;
                int chunk = bands > 1 ? n * g.OutH + i / bandRows : n / together;
                terms.Add((chunk, ((n * g.C + k / groupK * groupC + c) * g.H + y) * g.W + across, ((n * g.K + k) * g.OutH + i) * g.OutW + j));
            }

            element(((k * groupC + c) * g.R + r) * g.S + s, terms);
        }
    }
}
