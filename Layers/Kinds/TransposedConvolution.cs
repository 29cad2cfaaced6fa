using Preimage.Cpu;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>A transposed convolution: the adjoint of the convolution that leads from its output to its input, plus bias.</summary>
public sealed class TransposedConvolution : Layer
{
    /// <inheritdoc/>
    public override string Operator => "ConvTranspose";

    /// <summary>Filters [C][K/groups][rows][columns]: C input channels, K output channels.</summary>
    public required WeightSource Weight { get; init; }

    /// <summary>One value per output channel, or null.</summary>
    public WeightSource? Bias { get; init; }

    /// <summary>The window; its pads are taken off the output.</summary>
    public required Window Sliding { get; init; }

    /// <summary>Groups, as of a convolution.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Extra rows and columns at the end of the output.</summary>
    public (int Y, int X) OutputPadding { get; init; }

    /// <summary>The output's rows and columns where the model gives them; pads then follow.</summary>
    public (int Height, int Width)? OutputExtents { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights =>
        Bias is null ? [new("weight", Weight)] : [new("weight", Weight), new("bias", Bias)];

    internal override Shape Infer(in LayerInputs inputs)
    {
        ConvolutionGeometry g = Geometry(inputs.Shape(0));
        return SpatialShapes.WithPlane(inputs.Shape(0), g.C, g.H, g.W);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateTransposedConvolution(Geometry(inputs.Shape(0)), Weight, Bias);

    internal override long MultiplyAdds(in LayerInputs inputs, Shape output) =>
        output.N * Geometry(inputs.Shape(0)).MultiplyAdds;

    internal override Layer WithWeights(Func<float, float> transform) => new TransposedConvolution
    {
        Weight = Transformed(Weight, transform), Bias = Bias, Sliding = Sliding, Groups = Groups,
        OutputPadding = OutputPadding, OutputExtents = OutputExtents,
    };

    /// <summary>The convolution whose adjoint this is: its input plane is our output.</summary>
    ConvolutionGeometry Geometry(Shape x)
    {
        SpatialShapes.RequireSpatial(x, "a transposed convolution");
        SpatialShapes.RequireFilters(Weight, Sliding, x.Rank, "filters");
        Sliding.Validate();
        long channels = (long)Weight.Extents[1] * Groups;
        if (Groups < 1 || x.C % Groups != 0 || Weight.Extents[0] != x.C || channels > int.MaxValue)
            throw new ShapeException($"filters {string.Join('x', Weight.Extents)} in {Groups} groups do not fit {x.C} input channels");
        SpatialShapes.RequireBias(Bias, (int)channels);
        (int top, int height) = Place(x.H, Sliding.Kernel.Y, Sliding.Stride.Y, Sliding.Dilation.Y, Sliding.Pads.Top, Sliding.Pads.Bottom,
            OutputPadding.Y, OutputExtents?.Height);
        (int left, int width) = Place(x.W, Sliding.Kernel.X, Sliding.Stride.X, Sliding.Dilation.X, Sliding.Pads.Left, Sliding.Pads.Right,
            OutputPadding.X, OutputExtents?.Width);
        return new ConvolutionGeometry
        {
            C = (int)channels, H = height, W = width, K = x.C, OutH = x.H, OutW = x.W, R = Sliding.Kernel.Y, S = Sliding.Kernel.X,
            StrideY = Sliding.Stride.Y, StrideX = Sliding.Stride.X, PadTop = top, PadLeft = left,
            DilationY = Sliding.Dilation.Y, DilationX = Sliding.Dilation.X, Groups = Groups,
        };
    }

    (int Before, int Extent) Place(int extent, int kernel, int stride, int dilation, int before, int after, int extra, int? wanted)
    {
        long full = (long)stride * (extent - 1) + (long)dilation * (kernel - 1) + 1 + extra;
        bool same = Sliding.AutoPad is AutoPad.SameUpper or AutoPad.SameLower;
        if (extra < 0 || (extra >= stride && extra >= dilation))
            throw new ShapeException($"output padding {extra} must be at least 0 and below stride {stride} or dilation {dilation}");
        if (wanted is not null || same)
        {
            long target = wanted ?? (long)extent * stride;
            long total = Math.Max(full - target, 0);
            // ONNX: SAME_UPPER puts the smaller half in front, everything else the larger one.
            before = (int)(Sliding.AutoPad == AutoPad.SameUpper ? total / 2 : total - total / 2);
            full = target;
        }
        else if (Sliding.AutoPad == AutoPad.Explicit)
        {
            full -= (long)before + after;
        }
        else
        {
            before = 0;
        }

        if (full is < 1 or > int.MaxValue)
            throw new ShapeException($"a transposed convolution would have an output extent of {full}");
        return (before, (int)full);
    }
}
