namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>How the channels of a map become one number per pixel.</summary>
public enum ChannelReduction
{
    /// <summary>They do not: each channel is drawn in its own colour.</summary>
    None,

    /// <summary>Their sum, with its sign.</summary>
    Sum,

    /// <summary>The largest magnitude.</summary>
    MaxAbs,

    /// <summary>The sum of magnitudes.</summary>
    SumAbs,
}
