namespace Preimage.Cpu.Blocked;

/// <summary>What Winograd costs, so that it can be compared with a convolution that multiplies everything.</summary>
/// <remarks>Fitted to one thread of an AMD EPYC (Zen 5, AVX-512, 250 GFLOP/s measured) with inputs and filters that no cache held: 23 shapes of VGG, ResNet,
/// SqueezeNet and AlexNet, 13 to 224 pixels wide.</remarks>
internal static class WinogradCost
{
    /// <summary>The part of the peak that products reach.</summary>
    const double Efficiency = 0.93;

    /// <summary>Multiply-adds in the time that a block of 16 channels of a tile takes to be transformed on its way in, or out, pixels' memory traffic included.</summary>
    const double PerTransform = 10_000;

    /// <summary>Multiply-adds of 512-bit vectors in the time a byte of filters takes to arrive; fewer of narrower ones.</summary>
    const double PerFilterByte = 5.3;

    /// <summary>The time for one sample, in multiply-adds at the machine's peak.</summary>
    /// <remarks>Filters arrive while products are computed: the slower of the two counts. Nothing here knows of the batch or of threads.</remarks>
    public static unsafe double MultiplyAdds(in ConvolutionGeometry g, bool adjoint, Isa isa)
    {
        var tiles = WinogradTiles.Of(g, adjoint);
        int width = ChannelGroups.Width(isa);
        double pairs = WinogradTiles.Positions * (double)tiles.SourceChannels * BlockedLayout.Padded(tiles.Channels);
        double products = pairs * WinogradProducts.Rows(width, tiles.PerSample, null) / Efficiency;
        double filters = pairs * sizeof(float) * PerFilterByte * width / BlockedLayout.Lanes;
        double blocks = BlockedLayout.Blocks(tiles.SourceChannels) + BlockedLayout.Blocks(tiles.Channels);
        return Math.Max(products, filters) + tiles.PerSample * blocks * PerTransform;
    }
}
