using Preimage.Cpu;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>Pooling over a sliding window.</summary>
public abstract class Pooling : Layer
{
    private protected Pooling() { }

    /// <summary>The sliding window.</summary>
    public required Window Sliding { get; init; }

    /// <inheritdoc/>
    public override Window? Window => Sliding;

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        PoolingGeometry g = Geometry(x, false);
        return SpatialShapes.WithPlane(x, x.C, g.OutH, g.OutW);
    }

    private protected PoolingGeometry Geometry(Shape x, bool countIncludesPad)
    {
        SpatialShapes.RequireSpatial(x, "pooling");
        if (x.Rank == 3 && Sliding.Kernel.Y != 1)
            throw new ShapeException($"a {Sliding.Kernel.Y}x{Sliding.Kernel.X} window does not fit an input of rank 3");
        PlacedWindow w = Sliding.Place(x.H, x.W);
        return new PoolingGeometry
        {
            C = x.C, H = x.H, W = x.W, OutH = w.OutH, OutW = w.OutW, R = Sliding.Kernel.Y, S = Sliding.Kernel.X,
            StrideY = Sliding.Stride.Y, StrideX = Sliding.Stride.X, PadTop = w.Top, PadLeft = w.Left, PadBottom = w.Bottom, PadRight = w.Right,
            DilationY = Sliding.Dilation.Y, DilationX = Sliding.Dilation.X, CountIncludesPad = countIncludesPad,
        };
    }
}

/// <summary>The maximum of each window; the first one in row-major order where several are equal, NaN above all.</summary>
public sealed class MaxPool : Pooling
{
    /// <inheritdoc/>
    public override string Operator => "MaxPool";

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateMaxPool(Geometry(inputs.Shape(0), false));
}

/// <summary>The mean of each window.</summary>
public sealed class AveragePool : Pooling
{
    /// <inheritdoc/>
    public override string Operator => "AveragePool";

    /// <summary>Whether padding counts in the divisor.</summary>
    public bool CountIncludesPad { get; init; }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateAveragePool(Geometry(inputs.Shape(0), CountIncludesPad));
}

/// <summary>The mean or maximum of each whole plane.</summary>
public sealed class GlobalPool : Layer
{
    /// <inheritdoc/>
    public override string Operator => Maximum ? "GlobalMaxPool" : "GlobalAveragePool";

    /// <summary>Whether the maximum is wanted rather than the mean.</summary>
    public bool Maximum { get; init; }

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        SpatialShapes.RequireSpatial(x, "pooling");
        return SpatialShapes.WithPlane(x, x.C, 1, 1);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        Shape x = inputs.Shape(0);
        var plane = new PoolingGeometry { C = x.C, H = x.H, W = x.W, OutH = 1, OutW = 1, R = x.H, S = x.W };
        return Maximum ? backend.CreateMaxPool(plane) : backend.CreateAveragePool(plane);
    }
}
