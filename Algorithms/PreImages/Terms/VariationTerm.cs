namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>lambda / (H W V^beta) * sum over pixels and channels of (d1^2 + d2^2)^(beta / 2): the total variation (reference specification 6.1).</summary>
internal sealed class VariationTerm(TermPlace image, double lambda, double beta, double v) : ITerm
{
    readonly double _factor = lambda / ((double)image.Shape.H * image.Shape.W * Math.Pow(v, beta));

    public string Name => "variation";

    public void Run()
    {
        image.Arrays.VariationEnergy(image.Value, (float)beta, _factor, image.Energies, image.First);
        image.Arrays.VariationGradient(image.Value, (float)beta, (float)_factor, image.Signal);
    }
}
