using Preimage.Layers.Planning;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    /// <summary>The nodes whose parameters a backward pass computes gradients of.</summary>
    public IReadOnlyList<Node> ParameterNodes => _scope.Parameters;

    /// <summary>Copies out the gradient of a node's parameter after a backward pass: of sum(seed * value) over all samples.</summary>
    /// <remarks>Where several nodes share the layer, of all of them together.</remarks>
    /// <param name="node">One of <see cref="PlanOptions.ParametersOf"/>.</param>
    /// <param name="role">The role among the layer's <see cref="Layer.Weights"/>: weight, bias, scale, shift.</param>
    /// <param name="gradient">As many values as the weights have, in their layout.</param>
    /// <exception cref="PreimageException">The plan does not compute it.</exception>
    public void ReadParameterGradient(Node node, string role, Span<float> gradient)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(node);
        PlannedActivation values = _part.ParametersOf(node).Find(role);
        RequireCount(gradient.Length, values.Shape, "the gradient of parameters of", node);
        _part.Read(values, gradient);
    }
}
