using Preimage.Cpu;
using Preimage.Cpu.Blocked;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>What convolutions cost by each implementation, in multiply-adds of the tile at its best. Functions of the geometry alone.</summary>
internal static class ConvolutionCosts
{
    /// <summary>What gathering panels costs the planar product, against the blocked tile, which reads in place.</summary>
    const double Gathering = 1.3;

    /// <summary>Rows of the planar tile: a group of fewer filters costs as much.</summary>
    const int TileRows = 8;

    /// <summary>What a tile costs beside its sums, as if they were so much deeper: depthwise convolutions are slow by it.</summary>
    const int TileDepths = 32;

    /// <summary>The part of the peak that the direct tile reaches.</summary>
    const double Efficiency = 0.95;

    /// <summary>What a product over samples costs against the direct tile, which has one pixel where planes have one.</summary>
    const double ManySamples = 0.5;

    /// <summary>A tap with a load of its own, in multiply-adds.</summary>
    const double LoadedTap = 3;

    /// <summary>A tap of one lane, in those of a vector.</summary>
    const double ScalarTap = 8;

    /// <summary>Weights read at once to count zeros.</summary>
    const int Piece = 4096;

    /// <summary>One in so many weights at most is not zero in filters that are worth counting.</summary>
    const int Sparsity = 4;

    public static double Winograd(ConvolutionSetup setup) => WinogradCost.MultiplyAdds(setup.Geometry, adjoint: false, setup.Execution.Isa);

    /// <summary>Lanes without a destination channel cost as much as others; the sums are as long as there are channels.</summary>
    public static double Direct(ConvolutionSetup setup)
    {
        ConvolutionGeometry g = setup.Geometry;
        return Sums(g) * g.R * g.S * (g.C / g.Groups) / Efficiency;
    }

    /// <summary>Lanes without a source channel take part.</summary>
    public static double Whole(ConvolutionSetup setup)
    {
        ConvolutionGeometry g = setup.Geometry;
        return ManySamples * Sums(g) * g.R * g.S * BlockedLayout.Padded(g.C);
    }

    /// <summary>As direct, with no lanes wasted on the picture.</summary>
    public static double First(ConvolutionSetup setup) => Sums(setup.Geometry) * setup.Geometry.R * setup.Geometry.S * setup.Geometry.C;

    /// <summary>Each tap is a load beside its multiply-add, and a tile is soon over: a third of the peak (Zen 5, AVX-512, 112x112x32 by 3x3).</summary>
    public static double Depthwise(ConvolutionSetup setup)
    {
        ConvolutionGeometry g = setup.Geometry;
        return LoadedTap * BlockedLayout.Padded(g.K) * g.OutH * g.OutW * g.R * g.S;
    }

    /// <summary>Taps down the rows as of depthwise ones; those across go one by one.</summary>
    public static double Separable(ConvolutionSetup setup)
    {
        ConvolutionGeometry g = setup.Geometry;
        return LoadedTap * g.C * g.OutH * ((double)g.W * g.R + ScalarTap * (double)g.OutW * g.S);
    }

    /// <summary>Taps as of depthwise ones, and as much for each output; one by one where there is a stride.</summary>
    public static double Sparse(ConvolutionSetup setup)
    {
        ConvolutionGeometry g = setup.Geometry;
        double step = Math.Max(g.StrideY, g.StrideX) > 1 ? ScalarTap : 1;
        return LoadedTap * step * ((double)Nonzero(setup) + g.K) * g.OutH * g.OutW;
    }

    /// <summary>A tile has whole vectors of columns, however small the plane.</summary>
    public static double Gemm(ConvolutionSetup setup)
    {
        ConvolutionGeometry g = setup.Geometry;
        double rows = (g.K / g.Groups + TileRows - 1) / TileRows * TileRows, depth = (double)g.C / g.Groups * g.R * g.S + TileDepths;
        return Gathering * g.Groups * rows * depth * BlockedLayout.Padded(g.OutH * g.OutW);
    }

    static double Sums(ConvolutionGeometry g) => (double)BlockedLayout.Padded(g.K / g.Groups) * g.Groups * g.OutH * g.OutW;

    /// <summary>Weights that are not zero; all of them as soon as a piece has too many, so that little is read of filters that are dense.</summary>
    static int Nonzero(ConvolutionSetup setup)
    {
        var piece = new float[Math.Min(Piece, setup.Weights.Count)];
        int count = 0;
        for (int start = 0; start < setup.Weights.Count; start += piece.Length)
        {
            Span<float> part = piece.AsSpan(0, Math.Min(piece.Length, setup.Weights.Count - start));
            setup.Weights.Read(start, part);
            int own = part.Length - part.Count(0f);
            if (own * Sparsity > part.Length)
                return setup.Weights.Count;
            count += own;
        }

        return count;
    }
}
