using System.Diagnostics;

namespace Preimage.Cpu.Blocked;

/// <summary>A convolution by 3x3 windows at stride 1 as Winograd sees it: tiles of 4x4 outputs, each read from 6x6 inputs.</summary>
/// <remarks>Forward and adjoint are the same kind of thing here: the adjoint reads the K channels of the output's plane through rotated filters with
/// padding 2 - p, which may be negative. Tiles are numbered sample by sample, row by row; those at the right and bottom edge may stick out.</remarks>
internal readonly record struct WinogradTiles
{
    /// <summary>Outputs along a side of a tile.</summary>
    public const int Side = 4;

    /// <summary>Inputs along a side of a tile.</summary>
    public const int Window = 6;

    /// <summary>Products per tile and pair of channels.</summary>
    public const int Positions = Window * Window;

    public required int SourceChannels { get; init; }
    public required int SourceH { get; init; }
    public required int SourceW { get; init; }
    public required int Channels { get; init; }
    public required int H { get; init; }
    public required int W { get; init; }
    public required int PadTop { get; init; }
    public required int PadLeft { get; init; }

    /// <summary>Rows of tiles.</summary>
    public int Down => (H + Side - 1) / Side;

    /// <summary>Tiles in a row.</summary>
    public int Across => (W + Side - 1) / Side;

    /// <summary>Tiles of a sample.</summary>
    public int PerSample => Down * Across;

    /// <summary>Bytes of transformed filters.</summary>
    public long FilterBytes => (long)Positions * BlockedLayout.Padded(Channels) * SourceChannels * sizeof(float);

    /// <summary>Floats of transformed filters before a group's.</summary>
    public nint GroupStart(int group) => (nint)group * Positions * ChannelGroups.Channels * SourceChannels;

    /// <summary>Floats from one position of a group of so many blocks to the next.</summary>
    public nint PositionStep(int blocks) => (nint)blocks * BlockedLayout.Lanes * SourceChannels;

    /// <summary>Whether the algorithm covers it.</summary>
    public static bool Suits(in ConvolutionGeometry g) => g is
    {
        R: 3, S: 3, StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1, Groups: 1,
    };

    public static WinogradTiles Of(in ConvolutionGeometry g, bool adjoint)
    {
        Debug.Assert(Suits(g));
        return adjoint
            ? new()
            {
                SourceChannels = g.K, SourceH = g.OutH, SourceW = g.OutW, Channels = g.C, H = g.H, W = g.W,
                PadTop = 2 - g.PadTop, PadLeft = 2 - g.PadLeft,
            }
            : new()
            {
                SourceChannels = g.C, SourceH = g.H, SourceW = g.W, Channels = g.K, H = g.OutH, W = g.OutW,
                PadTop = g.PadTop, PadLeft = g.PadLeft,
            };
    }
}
