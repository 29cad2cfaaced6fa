using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;

namespace Preimage.Layers.Kinds;

/// <summary>Rows and columns mixed by a table of taps each: any separable resize, such as MATLAB's bicubic one.</summary>
/// <remarks>Samples and channels stay as they are. <see cref="Resize"/> is what model files hold; this is for networks put together in code, of inputs of one size.</remarks>
public sealed class Resample : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Resample";

    /// <summary>Output rows from input rows.</summary>
    public required ResamplingTable Rows { get; init; }

    /// <summary>Output columns from input columns.</summary>
    public required ResamplingTable Columns { get; init; }

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        if (x.Rank != 4 || x.H != Rows.InputLength || x.W != Columns.InputLength)
            throw new ShapeException($"tables for {Rows.InputLength} rows and {Columns.InputLength} columns do not fit an input of {x}");
        return SpatialShapes.WithPlane(x, x.C, Rows.OutputLength, Columns.OutputLength);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateResample(inputs.Shape(0), output, Rows, Columns);
}
