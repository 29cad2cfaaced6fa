using Preimage.Cpu;
using Preimage.Cpu.Blocked;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>What convolutions cost by each implementation, in multiply-adds of the tile at its best. Functions of the geometry alone.</summary>
internal static class ConvolutionCosts
{
    /// <summary>Channels up to which a first layer reads the picture as it is.</summary>
    public const int PictureChannels = 4;

    /// <summary>What gathering panels costs the planar product, against the blocked tile, which reads in place.</summary>
    const double Gathering = 1.3;

    public static double Winograd(ConvolutionGeometry g) => g.C >= 32 && g.K >= 32 && g.OutH * g.OutW >= 144 ? Direct(g) / 2 : double.PositiveInfinity;

    /// <summary>Lanes without a channel cost as much as others.</summary>
    public static double Direct(ConvolutionGeometry g) => Sums(g) * g.R * g.S * BlockedLayout.Padded(g.C / g.Groups);

    /// <summary>As direct, with no lanes wasted on the picture.</summary>
    public static double First(ConvolutionGeometry g) => Sums(g) * g.R * g.S * g.C;

    public static double Gemm(ConvolutionGeometry g) => g.MultiplyAdds * Gathering;

    static double Sums(ConvolutionGeometry g) => (double)BlockedLayout.Padded(g.K / g.Groups) * g.Groups * g.OutH * g.OutW;
}
