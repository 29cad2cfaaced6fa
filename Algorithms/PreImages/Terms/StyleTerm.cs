using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>weight / (4 N^2) * sum (G - A)^2, G and A being the Gram matrices of N channels over their numbers of places (Gatys, Ecker and Bethge 2016, equation 4).</summary>
internal sealed class StyleTerm : ITerm
{
    readonly TermPlace _place;
    readonly GramMatrices _gram;
    readonly DeviceArray<float> _target, _difference;
    readonly double _factor;

    public StyleTerm(TermPlace place, double weight, float[] values, int channels)
    {
        if (place.Shape.Rank != 4 || channels != place.Shape.C)
            throw new PreimageException($"a style of {channels} channels does not fit node '{place.Name}' ({place.Shape})");
        _place = place;
        _factor = weight / (4.0 * channels * channels);
        _gram = new GramMatrices(place);
        _target = place.Loop.Allocate<float>(_gram.Values.Shape.WithSamples(1), GramMatrices.Of(values, channels));
        _difference = place.Loop.Allocate<float>(_gram.Values.Shape);
    }

    public string Name => $"style {_place.Name}";

    public void Run()
    {
        _gram.Run();
        _place.Arrays.Residual(_gram.Values, _target, null, 1, _difference);
        _place.Arrays.Dot(_difference, _difference, _factor, _place.Energies, _place.First);
        _gram.AddDerivative(_difference, 2 * _factor);
    }
}
