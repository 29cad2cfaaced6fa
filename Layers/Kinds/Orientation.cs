using Preimage.Cpu.Orientation;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>How a gradient is shared among the bins of its orientation.</summary>
public enum BinningKind
{
    /// <summary>All of its length to the nearest direction, the first of equal ones (HOG).</summary>
    Hard,

    /// <summary>Shared between the two neighbouring directions by angle; the parts sum to its length (HOGb, dense SIFT).</summary>
    Bilinear,

    /// <summary>max(0, g . u_k - a |g|) / (1 - a) with a = cos(2 pi / K): made of rectifiers alone, an approximation of <see cref="Bilinear"/>.</summary>
    Rectified,

    /// <summary>As <see cref="Bilinear"/>, the angle found as vl_hog of VLFeat does: by the arc cosine of a float, which right beside a direction has steps of
    /// 3.5e-4 radians. Its derivative is that of <see cref="Bilinear"/>.</summary>
    BilinearByCosine,

    /// <summary>As <see cref="Bilinear"/>, by what vl_dsift of VLFeat takes for the angle, a cubic polynomial of (x - |y|) / (x + |y|), within 0.0062 radians. Its derivative is its own.</summary>
    BilinearByCubic,
}

/// <summary>Image gradients sorted by direction: [N][2 colours][H][W], x then y derivative of every colour, to [N][K][H][W].</summary>
/// <remarks>
/// Direction k is (cos, sin) of 2 pi k / K, rows counted downwards. Of several colours each pixel takes the one with the longest gradient, the first
/// of equal ones. A pixel without gradient gives zeros and passes no signal back. Where the function has a corner (the border between two bins of
/// <see cref="BinningKind.Hard"/>, a direction itself otherwise), the derivative is that of one side or, bilinear, along the gradient only.
/// Mahendran and Vedaldi 2016, section 4.1; Dalal and Triggs 2005.
/// </remarks>
public sealed class OrientationBinning : Layer
{
    /// <inheritdoc/>
    public override string Operator => "OrientationBinning";

    /// <summary>K, the number of directions around the circle, 2 to 4096.</summary>
    public required int Bins { get; init; }

    /// <summary>How a gradient is shared.</summary>
    public BinningKind Kind { get; init; } = BinningKind.Bilinear;

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        if (x.Rank != Shape.MaxRank || x.C % 2 != 0)
            throw new ShapeException($"orientation binning takes planes of x and y derivatives in turn, N x 2 colours x H x W, not {x}");
        if (Bins is < 2 or > 4096)
            throw new ShapeException($"orientation binning into {Bins} bins: it must be 2 to 4096");
        return new Shape(x.N, Bins, x.H, x.W);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateOrientationBinning(Kind, new OrientationGeometry(Bins, inputs.Shape(0).C / 2, output.H * output.W));
}

/// <summary>Normalisation of each place over its channels, then a limit from above: y = min(v / N, limit).</summary>
/// <remarks>
/// N = max(sqrt(epsilon + sum of v_c^2), least) over the channels with c % period &gt;= first. HOG's blocks of four cells of 27 channels have period 27
/// and first 18 (only the undirected channels count); dense SIFT's all count. Backward: exact; a value right at the limit passes its signal, a norm
/// at its least counts as constant. Dalal and Triggs 2005, section 6.4; Mahendran and Vedaldi 2016, section 4.1.
/// </remarks>
public sealed class BlockNormalisation : Layer
{
    /// <inheritdoc/>
    public override string Operator => "BlockNormalisation";

    /// <summary>Channels of a cell, a divisor of all there are.</summary>
    public int Period { get; init; } = 1;

    /// <summary>The first channel of a cell that counts in the norm.</summary>
    public int First { get; init; }

    /// <summary>Added to the sum of squares.</summary>
    public float Epsilon { get; init; }

    /// <summary>The least norm.</summary>
    public float Least { get; init; }

    /// <summary>What results are clipped at; infinity for no limit.</summary>
    public float Limit { get; init; } = float.PositiveInfinity;

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        if (x.Rank != Shape.MaxRank)
            throw new ShapeException($"block normalisation takes N x C x H x W, not {x}");
        if (Period < 1 || x.C % Period != 0 || First < 0 || First >= Period)
            throw new ShapeException($"cells of {Period} channels, the norm over those from {First} on, do not fit {x.C} channels");
        if (!(Epsilon >= 0 && Least >= 0 && Limit > 0 && Epsilon + Least > 0))
        {
            throw new ShapeException($"block normalisation with epsilon {Epsilon}, least norm {Least}, limit {Limit}: the limit must be above 0, "
                + "epsilon and the least norm at least 0 and one of them above");
        }

        return x;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateBlockNormalisation(new BlockNormGeometry(output.C, output.H * output.W, Period, First, Epsilon, Least, Limit));
}
