using System.Collections.Concurrent;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

public sealed partial class Network
{
    readonly ConcurrentDictionary<(Convolution, BatchNormalisation), Convolution> _folded = new();

    /// <summary>A convolution with the batch norm behind it folded in; the same object each time, so that plans share its packed weights.</summary>
    internal Convolution Folded(Convolution convolution, BatchNormalisation norm) =>
        _folded.GetOrAdd((convolution, norm), static pair => Fold(pair.Item1, pair.Item2));

    static Convolution Fold(Convolution convolution, BatchNormalisation norm)
    {
        (double[] factors, double[] summands) = norm.Affine();
        float[]? bias = convolution.Bias?.ToArray();
        var shifted = new float[factors.Length];
        for (int k = 0; k < shifted.Length; k++)
            shifted[k] = (float)((bias?[k] ?? 0) * factors[k] + summands[k]);
        return new Convolution
        {
            Weight = new ScaledWeights(convolution.Weight, factors), Bias = new MemoryWeights(shifted, shifted.Length),
            Sliding = convolution.Sliding, Groups = convolution.Groups,
        };
    }
}
