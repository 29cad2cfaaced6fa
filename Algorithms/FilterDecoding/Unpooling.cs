namespace Preimage.Algorithms.FilterDecoding;

/// <summary>How a map of n places becomes one of s(n-1)+k on the way back through a pool of window k and stride s (spec section 5.2).</summary>
/// <remarks>The first three are MATLAB's imresize. For the paper's pools of 2 by 2 and stride 2 they double the map.</remarks>
public enum Unpooling
{
    /// <summary>The nearest place's value.</summary>
    Nearest,

    /// <summary>Linear between places.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = -0.5.</summary>
    Bicubic,

    /// <summary>The first place of each window has the value and all others none: what deconvolution without switches does. The control of spec section 5.5.</summary>
    Zeros,
}
