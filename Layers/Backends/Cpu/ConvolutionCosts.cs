using Preimage.Cpu;
using Preimage.Cpu.Blocked;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>What convolutions cost by each implementation, in multiply-adds of the tile at its best. Functions of the geometry alone.</summary>
internal static class ConvolutionCosts
{
    /// <summary>What gathering panels costs the planar product, against the blocked tile, which reads in place.</summary>
    const double Gathering = 1.3;

    /// <summary>The part of the peak that the direct tile reaches.</summary>
    const double Efficiency = 0.95;

    public static double Winograd(ConvolutionGeometry g, Isa isa) => WinogradCost.MultiplyAdds(g, adjoint: false, isa);

    /// <summary>Lanes without a channel cost as much as others.</summary>
    public static double Direct(ConvolutionGeometry g, Isa isa) => Sums(g) * g.R * g.S * BlockedLayout.Padded(g.C / g.Groups) / Efficiency;

    /// <summary>As direct, with no lanes wasted on the picture.</summary>
    public static double First(ConvolutionGeometry g, Isa isa) => Sums(g) * g.R * g.S * g.C;

    /// <summary>Each tap is a load beside its multiply-add.</summary>
    public static double Depthwise(ConvolutionGeometry g, Isa isa) => 2.0 * BlockedLayout.Padded(g.K) * g.OutH * g.OutW * g.R * g.S;

    public static double Gemm(ConvolutionGeometry g, Isa isa) => g.MultiplyAdds * Gathering;

    static double Sums(ConvolutionGeometry g) => (double)BlockedLayout.Padded(g.K / g.Groups) * g.Groups * g.OutH * g.OutW;
}
