using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Normalisations and means.</summary>
internal static class NormalisationOperators
{
    public static void LocalResponse(OnnxNode n) => n.Emit(new LocalResponseNormalisation
    {
        Size = n.Attributes.Has("size") ? n.Attributes.Int("size", 0) : throw new ShapeException("its size is missing"),
        Alpha = n.Attributes.Float("alpha") ?? 1e-4f,
        Beta = n.Attributes.Float("beta") ?? 0.75f,
        Kappa = n.Attributes.Float("bias") ?? 1,
    }, n.Input(0));

    public static void Batch(OnnxNode n)
    {
        if (n.Opset < 9 && n.Attributes.Int("spatial", 1) == 0)
            throw new ShapeException("spatial = 0 (statistics per unit) is not supported");
        if (n.Attributes.Int("training_mode", 0) != 0)
            throw new ShapeException("it is in training mode: export the model for inference");
        n.Emit(new BatchNormalisation
        {
            Scale = n.Weight(1, "scales"),
            Shift = n.Weight(2, "shifts"),
            Mean = n.Weight(3, "means"),
            Variance = n.Weight(4, "variances"),
            Epsilon = n.Attributes.Float("epsilon") ?? 1e-5f,
        }, n.Input(0));
        for (int output = 1; output < n.OutputCount; output++)
            n.Refuse(output, "running statistics are an output of training");
    }

    public static void Instance(OnnxNode n) => n.Emit(new InstanceNormalisation
    {
        Scale = n.Weight(1, "scales"),
        Shift = n.Weight(2, "shifts"),
        Epsilon = n.Attributes.Float("epsilon") ?? 1e-5f,
    }, n.Input(0));

    public static void ReduceMean(OnnxNode n)
    {
        bool keep = n.Attributes.Int("keepdims", 1) != 0;
        // Axes became an input with opset 18.
        if (n.Opset < 18)
        {
            n.Emit(new ReduceMean { AxisList = n.Attributes.Integers("axes"), KeepAxes = keep }, n.Input(0));
            return;
        }

        bool none = n.Attributes.Int("noop_with_empty_axes", 0) != 0;
        HostParameter axes = HostParameter.Read(n, 1);
        var layer = new ReduceMean { AxisList = axes.Values, KeepAxes = keep, EmptyMeansNone = none };
        n.Emit(layer, [n.Input(0), .. axes.Dynamic]);
    }
}
