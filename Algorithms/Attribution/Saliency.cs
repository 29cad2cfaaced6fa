using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The true gradient of the target by every input value, signed (Simonyan, Vedaldi and Zisserman 2013).</summary>
/// <param name="engine">The network on a device.</param>
public sealed class Saliency(Engine engine) : GradientMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "saliency";

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new Saliency(engine);

    internal override BackwardRule Rule => BackwardRule.Gradient;
}
