using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The true gradient of the target by every input value, signed (Simonyan, Vedaldi and Zisserman 2013).</summary>
/// <param name="engine">The network on a device.</param>
public sealed class Saliency(Engine engine) : AttributionMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "saliency";

    internal override BackwardRule Rule => BackwardRule.Gradient;
}
