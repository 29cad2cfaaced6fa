using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>A computation on shapes and other small host values; it is done while a plan is made and runs on no device.</summary>
internal abstract class HostOperation : Layer
{
    internal override bool ReadsOnHost(int input) => true;

    internal override Shape Infer(in LayerInputs inputs) => throw new ShapeException(
        "it is supported on values that follow from shapes and constants only, but here it depends on values of the network's input");

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) => throw NothingToPrepare();
}
