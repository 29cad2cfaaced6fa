using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Metrics;

/// <summary>What images are moved by: a list that was given, or draws that follow from the seed and the image.</summary>
internal sealed class PerturbationDraws
{
    readonly string _metric;
    readonly IReadOnlyList<Tensor<float>>? _given;

    /// <summary>Checks a list, if there is one.</summary>
    /// <exception cref="PreimageException">A perturbation has more or fewer values than an image.</exception>
    public PerturbationDraws(string metric, IReadOnlyList<Tensor<float>>? given, int size)
    {
        (_metric, _given) = (metric, given);
        for (int i = 0; i < given?.Count; i++)
        {
            if (given[i].FlattenedLength != size)
                throw new PreimageException($"{metric}: perturbation {i} has {given[i].FlattenedLength} values, an image has {size}");
        }
    }

    /// <summary>Writes a perturbation.</summary>
    /// <param name="picture">Of which image.</param>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="distribution">What is drawn where nothing was given.</param>
    /// <param name="values">Receives it.</param>
    public void Take(MeasuredPicture picture, int number, Distribution distribution, Span<float> values)
    {
        if (_given is not null)
            TensorSpans.Dense(_given[number]).CopyTo(values);
        else
            new SeededWeights(picture.Seed, picture.Stream(_metric) + (ulong)number, distribution, values.Length).ToArray().CopyTo(values);
    }
}
