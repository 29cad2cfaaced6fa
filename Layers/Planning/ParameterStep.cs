using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>The part of a backward step that makes the gradients of a node's parameters.</summary>
/// <param name="node">The node, first of those the operator computes.</param>
/// <param name="op">The operator.</param>
/// <param name="gradients">Where they are when the backward pass is done.</param>
/// <param name="own">Where the operator leaves them: there, or, of a layer whose gradients another node has left there before, beside it, to be added.</param>
/// <param name="scratch">Scratch of the call.</param>
internal sealed class ParameterStep(Node node, IHasParameters op, PlannedActivation[] gradients, PlannedActivation[] own, Slot? scratch)
{
    readonly Activation[] _gradients = new Activation[gradients.Length], _own = new Activation[gradients.Length];
    nint _scratch;

    public Node Node => node;

    /// <summary>The gradients, in the order of the layer's weights.</summary>
    public IReadOnlyList<PlannedActivation> Gradients => gradients;

    /// <summary>The gradient of a role.</summary>
    /// <exception cref="PreimageException">There is none.</exception>
    public PlannedActivation Find(string role)
    {
        for (int i = 0; i < gradients.Length; i++)
        {
            if (node.Layer.Weights[i].Key == role)
                return gradients[i];
        }

        throw new PreimageException($"'{node.Name}' has gradients of {string.Join(", ", node.Layer.Weights.Take(gradients.Length).Select(w => w.Key))}, not of '{role}'");
    }

    public void Bind(Addresses memory)
    {
        for (int i = 0; i < gradients.Length; i++)
            (_gradients[i], _own[i]) = (gradients[i].At(memory), own[i].At(memory));
        _scratch = memory.Of(scratch);
    }

    /// <summary>Runs, and leaves the signal gated.</summary>
    public void Run(in BackwardCall call)
    {
        op.BackwardParameters(new ParameterCall
        {
            Queue = call.Queue, Signal = call.Signal, Input = call.Inputs[0], IsGated = call.IsGated, State = call.State, Gradients = _own, Scratch = _scratch, Rule = call.Rule,
        });
        for (int i = 0; i < _own.Length; i++)
        {
            if (_own[i].Address != _gradients[i].Address)
                call.Queue.Accumulate(_gradients[i], _own[i]);
        }
    }
}
