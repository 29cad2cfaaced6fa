namespace Preimage.Algorithms.Backtracking;

/// <summary>What the mirrored network does beside transposed convolutions and unpooling.</summary>
public sealed record MirrorOptions
{
    /// <summary>Whether the bias of the layer whose output is reconstructed is added behind each transposed convolution; the pixels have none.</summary>
    public bool AddBias { get; init; } = true;

    /// <summary>Whether a rectifier follows each transposed convolution, that to the pixels too.</summary>
    public bool ReluAfterDeconvolution { get; init; } = true;

    /// <summary>Whether the signal is rectified where the network has a rectifier, before it enters the transposed convolution, as Zeiler and Fergus do.</summary>
    public bool RectifyBetween { get; init; }

    /// <summary>Fang's network: biases, and a rectifier behind each transposed convolution.</summary>
    public static MirrorOptions Fang { get; } = new();

    /// <summary>Zeiler and Fergus' network: no biases, rectified between; the library's DeconvNet.</summary>
    public static MirrorOptions ZeilerFergus { get; } = new() { AddBias = false, ReluAfterDeconvolution = false, RectifyBetween = true };
}
