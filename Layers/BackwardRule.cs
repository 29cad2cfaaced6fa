namespace Preimage.Layers;

/// <summary>What a rectifier passes back, given the top signal R and its forward input y (Nie et al. 2018, section 2.1).</summary>
public enum ReluRule
{
    /// <summary>R where y &gt; 0: the true derivative, with relu'(0) = 0 (saliency).</summary>
    Gradient,

    /// <summary>max(R, 0), the forward pass not consulted (DeconvNet; Zeiler and Fergus).</summary>
    Deconvnet,

    /// <summary>max(R, 0) where y &gt; 0 (guided backpropagation).</summary>
    Guided,
}

/// <summary>Where a max-pooling window passes its signal to.</summary>
public enum PoolRule
{
    /// <summary>To the maximum of the forward pass, the first one in row-major order.</summary>
    Switches,

    /// <summary>To the centre of the window, index ceil(k/2) counted from 1, forward pass not consulted.</summary>
    Centre,
}

/// <summary>What local response normalisation passes back.</summary>
public enum LrnRule
{
    /// <summary>The true derivative.</summary>
    Derivative,

    /// <summary>The signal as it is.</summary>
    Identity,
}

/// <summary>How a signal is carried from a node back to the input: the true adjoint everywhere, except where a rule says otherwise.</summary>
/// <remarks>
/// Piecewise-linear activations multiply by their slope under <see cref="ReluRule.Gradient"/> and <see cref="ReluRule.Guided"/>,
/// and clamp the signal to be non-negative under <see cref="ReluRule.Guided"/> and <see cref="ReluRule.Deconvnet"/>. Smooth functions
/// (<see cref="Kinds.SmoothFunction"/>) have their true derivative under <see cref="ReluRule.Gradient"/> and no meaning under the other two: running one is an error that names the node.
/// </remarks>
/// <param name="Relu">The rule at every rectifier, dense-layer ones included.</param>
/// <param name="Pool">The rule at max pooling.</param>
/// <param name="Lrn">The rule at local response normalisation.</param>
/// <param name="Node">A rule that takes chosen nodes out of the above, or null.</param>
public sealed record BackwardRule(
    ReluRule Relu, PoolRule Pool = PoolRule.Switches, LrnRule Lrn = LrnRule.Derivative, INodeRule? Node = null)
{
    /// <summary>The true gradient (Simonyan et al. 2013).</summary>
    public static BackwardRule Gradient { get; } = new(ReluRule.Gradient);

    /// <summary>DeconvNet: max(R, 0) at rectifiers, normalisation left as it is (Zeiler and Fergus 2013).</summary>
    public static BackwardRule Deconvnet { get; } = new(ReluRule.Deconvnet, Lrn: LrnRule.Identity);

    /// <summary>Guided backpropagation: both masks, normalisation left as it is (Springenberg et al. 2014).</summary>
    public static BackwardRule Guided { get; } = new(ReluRule.Guided, Lrn: LrnRule.Identity);
}
