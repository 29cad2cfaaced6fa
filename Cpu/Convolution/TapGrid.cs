namespace Preimage.Cpu.Convolution;

/// <summary>One dense sweep of taps over planes: what a convolution is, and what each phase of its adjoint is.</summary>
/// <remarks>
/// Grid point (i, j) reads source rows i*StepY + OffsetsY[r] and columns j*StepX + OffsetsX[s], zero outside the plane, and writes
/// destination row i*ToStepY + ToStartY, column j*ToStepX + ToStartX. The adjoint of a convolution of stride s falls apart into s*s
/// such sweeps of step 1: destination points of equal residue see the same taps, and no tap is spent on zeros between strides.
/// </remarks>
internal sealed class TapGrid
{
    public required int SourceH { get; init; }

    public required int SourceW { get; init; }

    public required int GridH { get; init; }

    public required int GridW { get; init; }

    public required int StepY { get; init; }

    public required int StepX { get; init; }

    public required int[] OffsetsY { get; init; }

    public required int[] OffsetsX { get; init; }

    /// <summary>Kernel rows that the offsets belong to, in ascending order.</summary>
    public required int[] TapsY { get; init; }

    public required int[] TapsX { get; init; }

    public required int ToW { get; init; }

    public int ToStartY { get; init; }

    public int ToStartX { get; init; }

    public int ToStepY { get; init; } = 1;

    public int ToStepX { get; init; } = 1;

    public int Points => GridH * GridW;

    public int Taps => TapsY.Length * TapsX.Length;

    /// <summary>The sweeps of a convolution, or of its adjoint.</summary>
    public static TapGrid[] Of(in ConvolutionGeometry g, bool adjoint) => adjoint ? Adjoint(g) : [Forward(g)];

    /// <summary>The sweep of a convolution.</summary>
    public static TapGrid Forward(in ConvolutionGeometry g)
    {
        int[] tapsY = [.. Enumerable.Range(0, g.R)], tapsX = [.. Enumerable.Range(0, g.S)];
        var (dy, dx, top, left) = (g.DilationY, g.DilationX, g.PadTop, g.PadLeft);
        bool flat = IsFlat(g);
        return new TapGrid
        {
            SourceH = flat ? 1 : g.H, SourceW = flat ? g.H * g.W : g.W, GridH = flat ? 1 : g.OutH, GridW = flat ? g.H * g.W : g.OutW,
            StepY = g.StrideY, StepX = g.StrideX, TapsY = tapsY, TapsX = tapsX,
            OffsetsY = Array.ConvertAll(tapsY, r => r * dy - top), OffsetsX = Array.ConvertAll(tapsX, s => s * dx - left),
            ToW = flat ? g.H * g.W : g.OutW,
        };
    }

    /// <summary>The sweeps of a convolution's adjoint, from the plane of outputs to the plane of inputs.</summary>
    public static TapGrid[] Adjoint(in ConvolutionGeometry g)
    {
        if (IsFlat(g))
            return [Forward(g)];
        var phases = new List<TapGrid>();
        for (int y = 0; y < Math.Min(g.StrideY, g.H); y++)
        {
            for (int x = 0; x < Math.Min(g.StrideX, g.W); x++)
            {
                int[] tapsY = Hitting(g.R, g.DilationY, g.PadTop, g.StrideY, y), tapsX = Hitting(g.S, g.DilationX, g.PadLeft, g.StrideX, x);
                var (fromY, fromX, g2) = (y + g.PadTop, x + g.PadLeft, g);
                phases.Add(new TapGrid
                {
                    SourceH = g.OutH, SourceW = g.OutW, StepY = 1, StepX = 1, TapsY = tapsY, TapsX = tapsX,
                    GridH = (g.H - y + g.StrideY - 1) / g.StrideY, GridW = (g.W - x + g.StrideX - 1) / g.StrideX,
                    OffsetsY = Array.ConvertAll(tapsY, r => (fromY - r * g2.DilationY) / g2.StrideY),
                    OffsetsX = Array.ConvertAll(tapsX, s => (fromX - s * g2.DilationX) / g2.StrideX),
                    ToW = g.W, ToStartY = y, ToStartX = x, ToStepY = g.StrideY, ToStepX = g.StrideX,
                });
            }
        }

        return [.. phases];
    }

    /// <summary>A 1x1 convolution that moves nothing, either way, sees each plane as one long row: no runs to cut.</summary>
    static bool IsFlat(in ConvolutionGeometry g) =>
        g is { R: 1, S: 1, StrideY: 1, StrideX: 1, PadTop: 0, PadLeft: 0 } && g.OutH == g.H && g.OutW == g.W;

    /// <summary>The taps that fall on an output, not between two, from the inputs of one residue.</summary>
    static int[] Hitting(int taps, int dilation, int pad, int stride, int residue) =>
        [.. Enumerable.Range(0, taps).Where(t => (residue + pad - (long)t * dilation) % stride == 0)];
}
