using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Planning;

/// <summary>Weights that may change: where they and their gradients are, and what is made of them.</summary>
internal sealed partial class PlanPart
{
    readonly IFollowsParameters[] _followers;
    long _followed = -1;

    /// <summary>What makes the gradients of a node's parameters.</summary>
    /// <exception cref="PreimageException">None are computed.</exception>
    public ParameterStep ParametersOf(Node node) => _steps.Parameters.GetValueOrDefault(node)
        ?? throw new PreimageException($"the plan does not compute the gradients of parameters of '{node.Name}': list it in PlanOptions.ParametersOf");

    /// <summary>Makes all that is made of parameters follow them, where they may change; not under recording.</summary>
    public void FollowParameters()
    {
        if (Scope.Network.Parameters is not { } parameters)
            return;
        _backend.FollowParameters(parameters, Queue);
        if (_followed == parameters.Version)
            return;
        _followed = parameters.Version;
        Follow();
        foreach (IOperator? op in _variants.Values)
            op?.Dispose();
        _variants.Clear();
    }

    /// <summary>Makes all that is made of parameters follow changes that the work before made, as a part of other work, which may be under recording.</summary>
    /// <exception cref="PreimageException">The plan's network has no parameters.</exception>
    public void RefreshParameters()
    {
        ParameterStorage parameters = RequireParameters();
        _backend.RefreshParameters(parameters, Queue);
        Follow();
        _followed = parameters.Version;
    }

    /// <summary>Notes that work went to the queue that changed parameters and made this plan follow them.</summary>
    public void NoteRefreshed()
    {
        ParameterStorage parameters = RequireParameters();
        _backend.NoteRefreshed(parameters);
        _followed = parameters.Version;
    }

    /// <summary>The memory where a parameter is changed.</summary>
    /// <exception cref="PreimageException">The node has no such parameter.</exception>
    public DeviceBuffer ParameterOf(Node node, string role)
    {
        _ = RequireParameters();
        foreach ((string own, WeightSource source) in node.Layer.Learnt)
        {
            if (own == role && source is ParameterWeights parameter)
                return new BorrowedBuffer(_backend.AddressOf(parameter), (long)parameter.Count * sizeof(float));
        }

        throw new PreimageException($"'{node.Name}' has no parameter '{role}' but {string.Join(", ", node.Layer.Learnt.Select(w => $"'{w.Key}'"))}");
    }

    /// <summary>The memory where the gradient of a parameter is after a backward pass.</summary>
    public DeviceBuffer GradientOf(Node node, string role)
    {
        PlannedActivation gradient = ParametersOf(node).Find(role);
        return new BorrowedBuffer(gradient.At(At(0)).Address, gradient.Shape.Bytes);
    }

    ParameterStorage RequireParameters() => Scope.Network.Parameters
        ?? throw new PreimageException("the weights of this plan's network never change: plan on Parameters.Network");

    void Follow()
    {
        foreach (IFollowsParameters follower in _followers)
            follower.Follow(Queue);
    }

    IFollowsParameters[] FollowersOf(ForwardStep[] steps) =>
        Scope.Network.Parameters is null ? [] : [.. steps.Select(s => s.Operator).OfType<IFollowsParameters>()];
}
