using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>-weight * the inner product of the values with a direction.</summary>
internal sealed class InnerTerm : ITerm
{
    readonly TermPlace _place;
    readonly DeviceArray<float> _direction;
    readonly double _weight;

    public InnerTerm(TermPlace place, double weight, float[] direction, string name)
    {
        (_place, _weight, Name) = (place, weight, name);
        ReadOnlySpan<float> own = place.RowsOf(direction, "a direction");
        _direction = place.Loop.Allocate(place.Shape.WithSamples(own.Length / place.Shape.SampleCount), own);
    }

    public string Name { get; }

    public void Run()
    {
        _place.Arrays.Dot(_place.Value, _direction, -_weight, _place.Energies, _place.First);
        _place.Arrays.Add(_direction, _place.Signal, (float)-_weight);
    }
}
