namespace Preimage.Layers;

/// <summary>What a backward pass reads from the forward pass. A plan keeps exactly the union of what its operators need.</summary>
[Flags]
internal enum Needs
{
    /// <summary>Nothing: a linear operator.</summary>
    None = 0,

    /// <summary>The operator's inputs.</summary>
    Input = 1,

    /// <summary>The operator's output.</summary>
    Output = 2,

    /// <summary>One bit per unit, set where a piecewise-linear function had its upper slope.</summary>
    Mask = 4,

    /// <summary>For each pooled value, the position of its maximum in the unpadded plane, y*W + x.</summary>
    Switches = 8,
}
