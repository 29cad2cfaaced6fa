using Preimage.Cpu;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>A convolution (cross-correlation, no flip): z = sum f x + bias, zeros outside the plane (spec section 1.2).</summary>
public sealed class Convolution : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Conv";

    /// <summary>Filters [K][C/groups][rows][columns], or [K][C/groups][columns] for one dimension.</summary>
    public required WeightSource Weight { get; init; }

    /// <summary>One value per filter, or null.</summary>
    public WeightSource? Bias { get; init; }

    /// <summary>The sliding window.</summary>
    public required Window Sliding { get; init; }

    /// <summary>Groups: block g of the filters sees block g of the channels.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether the filters are part of what the layer computes rather than learnt: they count as no parameters, and no rule transforms them.</summary>
    internal bool IsFixed { get; init; }

    /// <inheritdoc/>
    public override Window? Window => Sliding;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights =>
        IsFixed ? [] : Bias is null ? [new("weight", Weight)] : [new("weight", Weight), new("bias", Bias)];

    internal override Shape Infer(in LayerInputs inputs)
    {
        ConvolutionGeometry g = Geometry(inputs.Shape(0));
        return SpatialShapes.WithPlane(inputs.Shape(0), g.K, g.OutH, g.OutW);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateConvolution(Geometry(inputs.Shape(0)), Weight, Bias);

    internal override long MultiplyAdds(in LayerInputs inputs, Shape output) =>
        output.N * Geometry(inputs.Shape(0)).MultiplyAdds;

    internal override Layer? WithWeights(Func<float, float> transform) => IsFixed ? null
        : new Convolution { Weight = Transformed(Weight, transform), Bias = Bias, Sliding = Sliding, Groups = Groups };

    ConvolutionGeometry Geometry(Shape x)
    {
        SpatialShapes.RequireSpatial(x, "a convolution");
        SpatialShapes.RequireFilters(Weight, Sliding, x.Rank, "filters");
        int k = Weight.Extents[0];
        if (Groups < 1 || k % Groups != 0 || x.C != (long)Weight.Extents[1] * Groups)
            throw new ShapeException($"filters {string.Join('x', Weight.Extents)} in {Groups} groups do not fit {x.C} input channels");
        SpatialShapes.RequireBias(Bias, k);
        PlacedWindow w = Sliding.Place(x.H, x.W);
        return new ConvolutionGeometry
        {
            C = x.C, H = x.H, W = x.W, K = k, OutH = w.OutH, OutW = w.OutW, R = Sliding.Kernel.Y, S = Sliding.Kernel.X,
            StrideY = Sliding.Stride.Y, StrideX = Sliding.Stride.X, PadTop = w.Top, PadLeft = w.Left,
            DilationY = Sliding.Dilation.Y, DilationX = Sliding.Dilation.X, Groups = Groups,
        };
    }
}
