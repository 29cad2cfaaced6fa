namespace Preimage.Layers.Resampling;

/// <summary>The interpolation kernel of a resize.</summary>
public enum ResamplingFilter
{
    /// <summary>The nearest sample.</summary>
    Nearest,

    /// <summary>A triangle of width 2.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5, width 4.</summary>
    Bicubic,
}
