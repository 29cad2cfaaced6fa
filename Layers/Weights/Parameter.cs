namespace Preimage.Layers.Weights;

/// <summary>One array of <see cref="Parameters"/>.</summary>
/// <param name="Node">The first node of <see cref="Parameters.Network"/> whose layer has it.</param>
/// <param name="Role">Its role in the layer: weight, bias, scale, shift, slope.</param>
/// <param name="Extents">Its extents, outermost first.</param>
/// <param name="Count">How many values it has.</param>
public sealed record Parameter(Node Node, string Role, IReadOnlyList<int> Extents, int Count)
{
    /// <summary>The node's name and the role: conv1.weight.</summary>
    public override string ToString() => $"{Node.Name}.{Role}";
}
