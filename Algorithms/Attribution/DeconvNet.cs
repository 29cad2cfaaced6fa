using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The signal carried back through switches, rectified at every ReLU, the forward masks not consulted (Zeiler and Fergus 2013).</summary>
/// <remarks>
/// Signed at the pixels: the first layer's filters have negative weights. From a class logit the map of a net that ends in global pooling
/// may be zero nearly everywhere; inner nodes show what the method can do.
/// </remarks>
/// <param name="engine">The network on a device.</param>
public sealed class DeconvNet(Engine engine) : GradientMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "deconvnet";

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new DeconvNet(engine);

    internal override BackwardRule Rule => BackwardRule.Deconvnet;
}
