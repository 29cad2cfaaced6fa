namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>-weight * the mean of the squares of the values.</summary>
internal sealed class SquareTerm(TermPlace place, double weight, string name) : ITerm
{
    readonly double _factor = -weight / place.Shape.SampleCount;

    public string Name => name;

    public void Run()
    {
        place.Arrays.Dot(place.Value, place.Value, _factor, place.Energies, place.First);
        place.Arrays.Add(place.Value, place.Signal, (float)(2 * _factor));
    }
}
