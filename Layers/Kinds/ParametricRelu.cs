using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>x where x &gt; 0, else slope * x, with a learnt slope that broadcasts to the input.</summary>
public sealed class ParametricRelu : Layer
{
    /// <inheritdoc/>
    public override string Operator => "PRelu";

    /// <summary>The lower slopes: one, one per channel, or one per unit.</summary>
    public required WeightSource Slope { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights => [new("slope", Slope)];

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        return Broadcasting.Combine(x, SlopeShape) == x
            ? x
            : throw new ShapeException($"a slope of {SlopeShape} does not broadcast to {x}");
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => SlopeShape.Rank < output.Rank || SlopeShape.N == 1;

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateParametricRelu(output, Slope, SlopeShape);

    Shape SlopeShape => Slope.Extents.Count == 0 ? new Shape(1) : new Shape([.. Slope.Extents]);
}
