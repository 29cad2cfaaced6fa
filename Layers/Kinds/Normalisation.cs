using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>Local response normalisation across channels: y = x * (kappa + alpha/size * sum of squares over size channels)^-beta (spec section 1.5).</summary>
public sealed class LocalResponseNormalisation : Layer
{
    /// <inheritdoc/>
    public override string Operator => "LRN";

    /// <summary>Channels in the window.</summary>
    public required int Size { get; init; }

    /// <summary>Factor of the mean of squares (Caffe's and ONNX's alpha, divided by the size).</summary>
    public float Alpha { get; init; } = 1e-4f;

    /// <summary>The exponent.</summary>
    public float Beta { get; init; } = 0.75f;

    /// <summary>The constant under the power (ONNX: bias).</summary>
    public float Kappa { get; init; } = 1;

    internal override Shape Infer(in LayerInputs inputs)
    {
        if (Size < 1)
            throw new ShapeException($"a normalisation window of {Size} channels");
        return inputs.Shape(0);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateLocalResponseNormalisation(new LrnSpecification(output.C, output.H * output.W, Size, Kappa, Alpha / Size, Beta));
}

/// <summary>Batch normalisation with its stored statistics: y = scale * (x - mean) / sqrt(variance + epsilon) + shift per channel.</summary>
public sealed class BatchNormalisation : Layer
{
    /// <inheritdoc/>
    public override string Operator => "BatchNormalization";

    /// <summary>Factor per channel.</summary>
    public required WeightSource Scale { get; init; }

    /// <summary>Summand per channel.</summary>
    public required WeightSource Shift { get; init; }

    /// <summary>Stored mean per channel.</summary>
    public required WeightSource Mean { get; init; }

    /// <summary>Stored variance per channel.</summary>
    public required WeightSource Variance { get; init; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights =>
        [new("scale", Scale), new("shift", Shift), new("mean", Mean), new("variance", Variance)];

    /// <summary>Factors and summands: the statistics stay what they were measured to be.</summary>
    internal override IReadOnlyList<KeyValuePair<string, WeightSource>> Learnt => [new("scale", Scale), new("shift", Shift)];

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        SpatialShapes.RequireCount(Scale, x.C, "scale");
        SpatialShapes.RequireCount(Shift, x.C, "shift");
        SpatialShapes.RequireCount(Mean, x.C, "mean");
        SpatialShapes.RequireCount(Variance, x.C, "variance");
        return x;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        (double[] factors, double[] summands) = Affine();
        return backend.CreateChannelAffine(output, Array.ConvertAll(factors, f => (float)f), Array.ConvertAll(summands, s => (float)s),
            Mean.ToArray(), Array.ConvertAll(Variance.ToArray(), v => (float)(1 / Math.Sqrt((double)v + Epsilon))));
    }

    /// <summary>The factor and the summand of each channel, in double: rounded once, they differ from the written form by a rounding only.</summary>
    internal (double[] Factors, double[] Summands) Affine()
    {
        float[] scale = Scale.ToArray(), shift = Shift.ToArray(), mean = Mean.ToArray(), variance = Variance.ToArray();
        double[] factors = [.. scale.Zip(variance, (s, v) => s / Math.Sqrt((double)v + Epsilon))];
        return (factors, [.. shift.Select((b, c) => b - mean[c] * factors[c])]);
    }

    internal override Layer WithWeights(Func<float, float> transform) => new BatchNormalisation
    {
        Scale = Transformed(Scale, transform), Shift = Shift, Mean = Mean, Variance = Variance, Epsilon = Epsilon,
    };
}

/// <summary>Normalises each plane of each sample to zero mean and unit variance, then applies a factor and summand per channel.</summary>
public sealed class InstanceNormalisation : Layer
{
    /// <inheritdoc/>
    public override string Operator => "InstanceNormalization";

    /// <summary>Factor per channel.</summary>
    public required WeightSource Scale { get; init; }

    /// <summary>Summand per channel.</summary>
    public required WeightSource Shift { get; init; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights => [new("scale", Scale), new("shift", Shift)];

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        SpatialShapes.RequireSpatial(x, "instance normalisation");
        SpatialShapes.RequireCount(Scale, x.C, "scale");
        SpatialShapes.RequireCount(Shift, x.C, "shift");
        return x;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateInstanceNormalisation(output, Scale.ToArray(), Shift.ToArray(), Epsilon);
}
