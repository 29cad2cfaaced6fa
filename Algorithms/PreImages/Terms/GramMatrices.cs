using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>G(i, j) = the mean over a node's places of F_i F_j, F being the values of N channels at M places, for every row (Gatys, Ecker and Bethge 2016, equation 3, over M).</summary>
internal sealed class GramMatrices
{
    readonly TermPlace _place;
    readonly int _channels, _places;

    public GramMatrices(TermPlace place)
    {
        _place = place;
        (_channels, _places) = (place.Shape.C, place.Shape.SampleCount / place.Shape.C);
        Values = place.Loop.Allocate<float>(new Shape(place.Shape.N, 1, _channels, _channels));
    }

    /// <summary>G: [rows][N][N].</summary>
    public DeviceArray<float> Values { get; }

    /// <summary>The same matrix of values on the host.</summary>
    /// <param name="values">F: [N][M].</param>
    /// <param name="channels">N.</param>
    public static float[] Of(ReadOnlySpan<float> values, int channels)
    {
        int places = values.Length / channels;
        var gram = new float[channels * channels];
        for (int i = 0; i < channels; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < places; k++)
                    sum += (double)values[i * places + k] * values[j * places + k];
                gram[i * channels + j] = gram[j * channels + i] = (float)(sum / places);
            }
        }

        return gram;
    }

    /// <summary>In a body: makes them.</summary>
    public void Run() => _place.Arrays.Product(_channels, _channels, _places, _place.Value, false, _place.Value, true, 1f / _places, 0, Values);

    /// <summary>In a body: adds factor times the derivative by the values to the place's signal, given that by the matrices, which must be symmetric.</summary>
    public void AddDerivative(DeviceArray<float> byMatrices, double factor) =>
        _place.Arrays.Product(_channels, _places, _channels, byMatrices, false, _place.Value, false, (float)(2 * factor / _places), 1, _place.Signal);
}
