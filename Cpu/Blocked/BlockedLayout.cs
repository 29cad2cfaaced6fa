namespace Preimage.Cpu.Blocked;

/// <summary>NCHW16c: [N][ceil(C/16)][H][W][16], 16 channels of a pixel side by side in one cache line.</summary>
/// <remarks>
/// The same on every instruction set, so that packed filters, masks and results are too. Lanes beyond the last channel always hold +0: whoever
/// writes a blocked array restores them. There are no borders: planes stay without gaps, so a 1x1 convolution and everything element-wise see one
/// long row, and a kernel that reads beyond a plane copies it into bordered scratch first.
/// </remarks>
internal static class BlockedLayout
{
    /// <summary>Channels per block: one cache line, the widest vector.</summary>
    public const int Lanes = 16;

    /// <summary>Blocks of that many channels.</summary>
    public static int Blocks(int channels) => (channels + Lanes - 1) / Lanes;

    /// <summary>Channels with those of the last block that do not exist.</summary>
    public static int Padded(int channels) => Blocks(channels) * Lanes;

    /// <summary>Floats of an array with pad lanes in.</summary>
    public static long Floats(int samples, int channels, int plane) => (long)samples * Padded(channels) * plane;
}
