using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Running mean and squared deviations of maps, in double, copy after copy (Welford 1962): the same numbers however many copies come at once.</summary>
internal sealed class MapMoments
{
    readonly double[] _means, _deviations;
    readonly int _size;

    /// <summary>Makes room.</summary>
    /// <param name="samples">N.</param>
    /// <param name="rows">K.</param>
    /// <param name="maps">Maps like those that will come.</param>
    public MapMoments(int samples, int rows, Tensor<float> maps)
    {
        _size = checked((int)(maps.FlattenedLength / maps.Lengths[0]) * rows);
        Lengths = [samples * rows, .. maps.Lengths[1..]];
        _means = new double[checked(samples * _size)];
        _deviations = new double[samples * _size];
    }

    /// <summary>The extents of the maps of all samples.</summary>
    public nint[] Lengths { get; }

    /// <summary>Adds the K maps of a copy.</summary>
    /// <param name="sample">The sample it is a copy of.</param>
    /// <param name="number">How many copies of it were added before.</param>
    /// <param name="maps">Maps of some copies.</param>
    /// <param name="copy">Which of them.</param>
    public void Add(int sample, int number, Tensor<float> maps, int copy)
    {
        ReadOnlySpan<float> values = TensorSpans.Dense(maps).Slice(copy * _size, _size);
        for (int i = 0; i < _size; i++)
        {
            ref double mean = ref _means[sample * _size + i];
            double from = values[i] - mean;
            mean += from / (number + 1);
            _deviations[sample * _size + i] += from * (values[i] - mean);
        }
    }

    /// <summary>What was asked for, of all samples.</summary>
    public float[] Finish(Smoothing statistic, int count)
    {
        var maps = new float[_means.Length];
        for (int i = 0; i < maps.Length; i++)
        {
            double mean = _means[i], variance = _deviations[i] / count;
            maps[i] = (float)(statistic switch { Smoothing.Mean => mean, Smoothing.MeanOfSquares => mean * mean + variance, _ => variance });
        }

        return maps;
    }
}
