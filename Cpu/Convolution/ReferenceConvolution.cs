namespace Preimage.Cpu.Convolution;

/// <summary>Convolution and its adjoint as the loops they are defined by, in the order of <see cref="TapOrder"/>: slow, and easy to believe.</summary>
internal static unsafe class ReferenceConvolution
{
    /// <summary>y = conv(x, w) + bias, for one sample.</summary>
    public static void Forward(in ConvolutionGeometry g, ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, Span<float> y)
    {
        int groupC = g.C / g.Groups, groupK = g.K / g.Groups;
        for (int k = 0; k < g.K; k++)
        {
            for (int i = 0; i < g.OutH; i++)
            {
                for (int j = 0; j < g.OutW; j++)
                {
                    float acc = 0;
                    for (int block = 0; block < groupC; block += TapOrder.Block)
                    for (int r = 0; r < g.R; r++)
                    for (int s = 0; s < g.S; s++)
                    for (int c = block; c < Math.Min(block + TapOrder.Block, groupC); c++)
                    {
                        int row = i * g.StrideY + r * g.DilationY - g.PadTop, column = j * g.StrideX + s * g.DilationX - g.PadLeft;
                        bool inside = (uint)row < (uint)g.H && (uint)column < (uint)g.W;
                        float value = inside ? x[((k / groupK * groupC + c) * g.H + row) * g.W + column] : 0;
                        acc = MathF.FusedMultiplyAdd(w[((k * groupC + c) * g.R + r) * g.S + s], value, acc);
                    }

                    y[(k * g.OutH + i) * g.OutW + j] = bias.IsEmpty ? acc : acc + bias[k];
                }
            }
        }
    }

    /// <summary>dx = the adjoint of the convolution at dy, plus bias (of a transposed convolution), for one sample.</summary>
    public static void Adjoint(in ConvolutionGeometry g, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, ReadOnlySpan<float> bias, Span<float> dx)
    {
        int groupC = g.C / g.Groups, groupK = g.K / g.Groups;
        for (int c = 0; c < g.C; c++)
        {
            for (int row = 0; row < g.H; row++)
            {
                for (int column = 0; column < g.W; column++)
                {
                    float acc = 0;
                    int first = c / groupC * groupK;
                    for (int block = 0; block < groupK; block += TapOrder.Block)
                    for (int r = 0; r < g.R; r++)
                    for (int s = 0; s < g.S; s++)
                    {
                        int y = row + g.PadTop - r * g.DilationY, x = column + g.PadLeft - s * g.DilationX;
                        if (y % g.StrideY != 0 || x % g.StrideX != 0)
                            continue;
                        int i = y / g.StrideY, j = x / g.StrideX;
                        bool inside = y >= 0 && x >= 0 && i < g.OutH && j < g.OutW;
                        for (int k = first + block; k < first + Math.Min(block + TapOrder.Block, groupK); k++)
                        {
                            float value = inside ? dy[(k * g.OutH + i) * g.OutW + j] : 0;
                            acc = MathF.FusedMultiplyAdd(w[((k * groupC + c % groupC) * g.R + r) * g.S + s], value, acc);
                        }
                    }

                    dx[(c * g.H + row) * g.W + column] = bias.IsEmpty ? acc : acc + bias[c];
                }
            }
        }
    }
}
