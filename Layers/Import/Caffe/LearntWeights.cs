using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>The weights that layers ask for: those of the file or, where it has none and a seed is given, random ones.</summary>
internal sealed class LearntWeights(CaffeWeights? file, ulong? seed)
{
    ulong _stream;

    /// <summary>How many blobs the file has for a layer.</summary>
    public int Count(string layer) => file?.Count(layer) ?? 0;

    /// <summary>One array of weights.</summary>
    /// <param name="layer">The layer's name in the file.</param>
    /// <param name="index">Which of its blobs.</param>
    /// <param name="fill">What an untrained network has there; null for random values.</param>
    /// <param name="extents">The extents.</param>
    /// <exception cref="ShapeException">It is not there, or has other extents.</exception>
    public WeightSource Read(string layer, int index, float? fill, ReadOnlySpan<int> extents)
    {
        foreach (int extent in extents)
        {
            if (extent < 1)
                throw new ShapeException($"its weights would be {string.Join('x', extents.ToArray())}");
        }

        if (index < Count(layer))
            return file!.Read(layer, index, extents);
        if (seed is not { } key)
            throw new ShapeException($"its blob {index} ({string.Join('x', extents.ToArray())}) is not in the file of weights, which has {Count(layer)} for it");
        _stream++;
        if (fill is { } value)
            return new SeededWeights(key, _stream, Distribution.Uniform(value, value), extents);
        // He et al. 2015, as of the topologies of ours: activations stay in range through any depth of rectified layers.
        double inputs = 1;
        foreach (int extent in extents[1..])
            inputs *= extent;
        return new SeededWeights(key, _stream, Distribution.Gaussian(Math.Sqrt(2 / inputs)), extents);
    }
}
