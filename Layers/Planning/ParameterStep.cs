using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>The part of a backward step that makes the gradients of a node's parameters.</summary>
/// <param name="node">The node, first of those the operator computes.</param>
/// <param name="op">The operator.</param>
/// <param name="gradients">Where they go.</param>
/// <param name="scratch">Scratch of the call.</param>
internal sealed class ParameterStep(Node node, IHasParameters op, PlannedActivation[] gradients, Slot? scratch)
{
    readonly Activation[] _gradients = new Activation[gradients.Length];
    nint _scratch;

    public Node Node => node;

    /// <summary>The gradients, in the order of the layer's weights.</summary>
    public IReadOnlyList<PlannedActivation> Gradients => gradients;

    public void Bind(Addresses memory)
    {
        for (int i = 0; i < gradients.Length; i++)
            _gradients[i] = gradients[i].At(memory);
        _scratch = memory.Of(scratch);
    }

    /// <summary>Runs, and leaves the signal gated.</summary>
    public void Run(in BackwardCall call) => op.BackwardParameters(new ParameterCall
    {
        Queue = call.Queue, Signal = call.Signal, Input = call.Inputs[0], IsGated = call.IsGated, State = call.State, Gradients = _gradients, Scratch = _scratch, Rule = call.Rule,
    });
}
