using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The gradient with negative signals dropped at every ReLU (Springenberg et al. 2014).</summary>
/// <remarks>Sharp, and hardly dependent on the class: it partly recovers the image (Nie et al. 2018). Compare with <see cref="Saliency"/>.</remarks>
/// <param name="engine">The network on a device.</param>
public sealed class GuidedBackprop(Engine engine) : GradientMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "guided";

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new GuidedBackprop(engine);

    internal override BackwardRule Rule => BackwardRule.Guided;
}
