namespace Preimage.Layers.Weights;

/// <summary>Another source's weights with a factor for each slice of the outermost axis: made as they are read, never stored.</summary>
internal sealed class ScaledWeights(WeightSource source, double[] factors) : WeightSource([.. source.Extents])
{
    protected override void ReadCore(long start, Span<float> destination)
    {
        source.Read(start, destination);
        long slice = LongCount / factors.Length;
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)(destination[i] * factors[(start + i) / slice]);
    }
}
