namespace Preimage.Layers.Tests.Rules;

/// <summary>A node rule that takes nothing over.</summary>
internal sealed class NoRule : INodeRule
{
    public bool AppliesTo(Node node) => false;

    public void Backward(in NodeBackward call) => throw new InvalidOperationException("it applies to no node");
}
