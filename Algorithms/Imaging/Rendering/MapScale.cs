namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>How the numbers of a map are brought to 0..1 before colours are chosen.</summary>
public enum MapScale
{
    /// <summary>From the smallest to the largest over all pixels and channels together.</summary>
    JointMinMax,

    /// <summary>Symmetric about zero, which becomes the middle.</summary>
    Signed,

    /// <summary>Magnitudes from zero up.</summary>
    Magnitude,
}
