using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>exp(x) / sum exp(x), or its logarithm, along an axis.</summary>
public sealed class Softmax : Layer
{
    /// <inheritdoc/>
    public override string Operator => Logarithm ? "LogSoftmax" : "Softmax";

    /// <summary>The axis; negative counts from the innermost.</summary>
    public int Axis { get; init; } = -1;

    /// <summary>Whether the axis and all further in are summed over together (ONNX below opset 13).</summary>
    public bool Flattened { get; init; }

    /// <summary>Whether the logarithm is wanted.</summary>
    public bool Logarithm { get; init; }

    internal override Shape Infer(in LayerInputs inputs)
    {
        Axes.Normalise(Axis, inputs.Shape(0).Rank);
        return inputs.Shape(0);
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => Axes.Normalise(Axis, output.Rank) > 0;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        int axis = Axes.Normalise(Axis, output.Rank);
        int outer = 1, extent = 1, inner = 1;
        for (int i = 0; i < output.Rank; i++)
        {
            if (i < axis)
                outer *= output[i];
            else if (i == axis || Flattened)
                extent *= output[i];
            else
                inner *= output[i];
        }

        return backend.CreateSoftmax(new SoftmaxSpecification(outer, extent, inner, Logarithm));
    }
}
