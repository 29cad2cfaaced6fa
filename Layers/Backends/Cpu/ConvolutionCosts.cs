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

    public static double Winograd(ConvolutionGeometry g, Isa isa) => WinogradCost.MultiplyAdds(g, adjoint: false, isa);

    /// <summary>Lanes without a channel cost as much as others.</summary>
    public static double Direct(ConvolutionGeometry g, Isa isa) => Sums(g) * g.R * g.S * BlockedLayout.Padded(g.C / g.Groups) / Efficiency;

    /// <summary>As direct, with no lanes wasted on the picture.</summary>
    public static double First(ConvolutionGeometry g, Isa isa) => Sums(g) * g.R * g.S * g.C;

    /// <summary>Each tap is a load beside its multiply-add, and a tile is soon over: a third of the peak (Zen 5, AVX-512, 112x112x32 by 3x3).</summary>
    public static double Depthwise(ConvolutionGeometry g, Isa isa) => 3.0 * BlockedLayout.Padded(g.K) * g.OutH * g.OutW * g.R * g.S;

    public static double Gemm(ConvolutionGeometry g, Isa isa)
    {
        double rows = (g.K / g.Groups + TileRows - 1) / TileRows * TileRows, depth = (double)g.C / g.Groups * g.R * g.S + TileDepths;
        return Gathering * g.Groups * rows * depth * g.OutH * g.OutW;
    }

    static double Sums(ConvolutionGeometry g) => (double)BlockedLayout.Padded(g.K / g.Groups) * g.Groups * g.OutH * g.OutW;
}
