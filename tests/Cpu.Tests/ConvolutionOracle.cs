namespace Preimage.Cpu.Tests;

/// <summary>Convolution and adjoint one fused multiply-add at a time, written from the documented order alone, and in double with the bound of the error.</summary>
internal static class ConvolutionOracle
{
    public static float[] Forward(ConvolutionGeometry g, float[] x, float[] w, float[]? bias)
    {
        var y = new float[g.K * g.OutH * g.OutW];
        Visit(g, (k, i, j, taps) =>
        {
            float acc = 0;
            foreach ((int weight, int at) in taps)
                acc = MathF.FusedMultiplyAdd(w[weight], at < 0 ? 0 : x[at], acc);
            y[(k * g.OutH + i) * g.OutW + j] = bias is null ? acc : acc + bias[k];
        });
        return y;
    }

    public static float[] Adjoint(ConvolutionGeometry g, float[] dy, float[] w, float[]? bias)
    {
        var dx = new float[g.C * g.H * g.W];
        VisitAdjoint(g, (c, y, x, taps) =>
        {
            float acc = 0;
            foreach ((int weight, int at) in taps)
                acc = MathF.FusedMultiplyAdd(w[weight], at < 0 ? 0 : dy[at], acc);
            dx[(c * g.H + y) * g.W + x] = bias is null ? acc : acc + bias[c];
        });
        return dx;
    }

    /// <summary>The forward sums in double, and for each the bound (terms + 2) 2^-24 sum |a||b| on a float's error.</summary>
    public static (double[] Values, double[] Bounds) ForwardExact(ConvolutionGeometry g, float[] x, float[] w)
    {
        double[] values = new double[g.K * g.OutH * g.OutW], bounds = new double[values.Length];
        Visit(g, (k, i, j, taps) =>
        {
            int o = (k * g.OutH + i) * g.OutW + j;
            foreach ((int weight, int at) in taps)
            {
                values[o] += (double)w[weight] * (at < 0 ? 0 : x[at]);
                bounds[o] += Math.Abs((double)w[weight] * (at < 0 ? 0 : x[at]));
            }

            bounds[o] *= (taps.Count + 2) * Math.Pow(2, -24);
        });
        return (values, bounds);
    }

    static void Visit(ConvolutionGeometry g, Action<int, int, int, List<(int Weight, int At)>> output)
    {
        int groupC = g.C / g.Groups, groupK = g.K / g.Groups;
        for (int k = 0; k < g.K; k++)
        for (int i = 0; i < g.OutH; i++)
        for (int j = 0; j < g.OutW; j++)
        {
            var taps = new List<(int, int)>();
            for (int block = 0; block < groupC; block += 16)
            for (int r = 0; r < g.R; r++)
            for (int s = 0; s < g.S; s++)
            for (int c = block; c < groupC && c < block + 16; c++)
            {
                int y = i * g.StrideY + r * g.DilationY - g.PadTop, x = j * g.StrideX + s * g.DilationX - g.PadLeft;
                bool inside = y >= 0 && y < g.H && x >= 0 && x < g.W;
                int channel = k / groupK * groupC + c;
                taps.Add((((k * groupC + c) * g.R + r) * g.S + s, inside ? (channel * g.H + y) * g.W + x : -1));
            }

            output(k, i, j, taps);
        }
    }

    static void VisitAdjoint(ConvolutionGeometry g, Action<int, int, int, List<(int Weight, int At)>> input)
    {
        int groupC = g.C / g.Groups, groupK = g.K / g.Groups;
        for (int c = 0; c < g.C; c++)
        for (int y = 0; y < g.H; y++)
        for (int x = 0; x < g.W; x++)
        {
            var taps = new List<(int, int)>();
            for (int block = 0; block < groupK; block += 16)
            for (int r = 0; r < g.R; r++)
            for (int s = 0; s < g.S; s++)
            for (int o = block; o < groupK && o < block + 16; o++)
            {
                int down = y + g.PadTop - r * g.DilationY, across = x + g.PadLeft - s * g.DilationX;
                if (Math.Abs(down) % g.StrideY != 0 || Math.Abs(across) % g.StrideX != 0)
                    continue;
                int i = down / g.StrideY, j = across / g.StrideX, k = c / groupC * groupK + o;
                bool inside = down >= 0 && across >= 0 && i < g.OutH && j < g.OutW;
                taps.Add((((k * groupC + c % groupC) * g.R + r) * g.S + s, inside ? (k * g.OutH + i) * g.OutW + j : -1));
            }

            input(c, y, x, taps);
        }
    }
}
