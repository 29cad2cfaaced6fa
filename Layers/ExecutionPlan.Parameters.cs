using Preimage.Layers.Planning;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    /// <summary>The nodes whose parameters a backward pass computes gradients of.</summary>
    public IReadOnlyList<Node> ParameterNodes => _scope.Parameters;

    /// <summary>Copies out the gradient of a node's parameter after a backward pass: of sum(seed * value) over all samples.</summary>
    /// <param name="node">One of <see cref="PlanOptions.ParametersOf"/>.</param>
    /// <param name="role">The role among the layer's <see cref="Layer.Weights"/>: weight, bias, scale, shift.</param>
    /// <param name="gradient">As many values as the weights have, in their layout.</param>
    /// <exception cref="PreimageException">The plan does not compute it.</exception>
    public void ReadParameterGradient(Node node, string role, Span<float> gradient)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(node);
        ParameterStep step = _part.ParametersOf(node)
            ?? throw new PreimageException($"the plan does not compute the gradients of parameters of '{node.Name}': list it in PlanOptions.ParametersOf");
        for (int i = 0; i < step.Gradients.Count; i++)
        {
            if (node.Layer.Weights[i].Key != role)
                continue;
            RequireCount(gradient.Length, step.Gradients[i].Shape, "the gradient of parameters of", node);
            _part.Read(step.Gradients[i], gradient);
            return;
        }

        throw new PreimageException($"'{node.Name}' has gradients of {string.Join(", ", node.Layer.Weights.Take(step.Gradients.Count).Select(w => w.Key))}, not of '{role}'");
    }
}
