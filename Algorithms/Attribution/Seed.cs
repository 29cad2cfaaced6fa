namespace Preimage.Algorithms.Attribution;

/// <summary>The value a signal starts with at its target.</summary>
/// <remarks>The maps of the gradient-type methods are positively homogeneous: seeding with a positive activation scales the map of <see cref="One"/> by it.</remarks>
public enum Seed
{
    /// <summary>1 at every target unit.</summary>
    One,

    /// <summary>The activation of each target unit (Zeiler and Fergus).</summary>
    Activation,
}
