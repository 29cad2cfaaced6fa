namespace Preimage.Cpu.Convolution;

/// <summary>The order in which every exact convolution and dense kernel adds up.</summary>
/// <remarks>
/// <para>One output is acc = +0; then for each block of 16 source channels, for each kernel row, for each kernel column, for each channel of the block:
/// acc = fma(weight, value, acc); the bias is added last. A tap outside the plane takes part with the value +0 (so a weight that is not
/// finite shows at the border, as it does in any padded copy). The last block has the channels that are left.</para>
/// <para>The adjoint has the same order with output channels as the source, the kernel rows and columns still ascending; taps that fall
/// between strides do not exist for that pixel and are skipped.</para>
/// <para>Channels are those of one group. Nothing here depends on the batch, on threads or on the width of vectors.</para>
/// </remarks>
internal static class TapOrder
{
    /// <summary>Channels per block: the lanes of the widest vector.</summary>
    public const int Block = 16;

    /// <summary>Where a tap of a channel stands in the sum.</summary>
    public static int Position(int channel, int channels, int taps, int tap)
    {
        int first = channel / Block * Block;
        return first * taps + tap * Math.Min(Block, channels - first) + channel - first;
    }
}
