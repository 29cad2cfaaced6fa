namespace Preimage.Algorithms.Attribution;

/// <summary>How the integral of <see cref="IntegratedGradients"/> over the path from baseline to input becomes a sum.</summary>
public enum Quadrature
{
    /// <summary>n nodes of Gauss and Legendre: exact for polynomials up to degree 2n - 1.</summary>
    GaussLegendre,

    /// <summary>The left ends of n equal steps.</summary>
    RiemannLeft,

    /// <summary>The right ends of n equal steps.</summary>
    RiemannRight,

    /// <summary>The middles of n equal steps.</summary>
    RiemannMiddle,

    /// <summary>Both ends and n - 2 equally spaced points between, the ends counting half. Weights sum to 1; captum's sum to (n - 1) / n, so that its maps
    /// are smaller by that factor.</summary>
    RiemannTrapezoid,
}
