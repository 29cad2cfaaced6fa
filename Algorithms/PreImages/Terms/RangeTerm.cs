namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>lambda / (H W) * sum over pixels of (norm / B)^alpha: the bounded range (reference specification 6.1).</summary>
internal sealed class RangeTerm(TermPlace image, double lambda, double alpha, double bound) : ITerm
{
    readonly double _factor = lambda / ((double)image.Shape.H * image.Shape.W);

    public string Name => "range";

    public void Run()
    {
        image.Arrays.RangeEnergy(image.Value, (float)alpha, (float)bound, _factor, image.Energies, image.First);
        image.Arrays.RangeGradient(image.Value, (float)alpha, (float)bound, (float)_factor, image.Signal);
    }
}
