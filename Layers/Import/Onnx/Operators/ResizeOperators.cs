using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Resize (opset 10 on) and its forerunner Upsample (7 to 9).</summary>
internal static class ResizeOperators
{
    public static void Upsample(OnnxNode n)
    {
        if (n.Opset >= 10)
            throw n.Unsupported("Upsample ended with opset 9: Resize has taken its place");
        if (n.Opset < 7)
            throw n.Unsupported("Upsample is supported from opset 7 on");
        bool linear = Mode(n);
        if (n.Opset < 9)
            n.Emit(Asymmetric(linear, n.Attributes.Floats("scales") ?? throw new ShapeException("its scales are missing")), n.Input(0));
        else
            EmitByScales(n, linear, 1);
    }

    public static void Resize(OnnxNode n)
    {
        bool linear = Mode(n);
        if (n.Opset < 11)
        {
            EmitByScales(n, linear, 1);
            return;
        }

        if (n.Attributes.Int("antialias", 0) != 0)
            throw new ShapeException("antialias = 1 is not supported");
        if (n.Attributes.Text("keep_aspect_ratio_policy") is { } policy and not "stretch")
            throw new ShapeException($"keep_aspect_ratio_policy = {policy} is not supported");
        bool hasScales = n.HasInput(2) && !IsEmpty(n.Input(2)), hasSizes = n.HasInput(3) && !IsEmpty(n.Input(3));
        if (hasScales == hasSizes)
            throw new ShapeException("either its scales or its sizes must be given");
        GraphValue given = n.Parameter(hasScales ? 2 : 3);
        n.Emit(new Resize
        {
            Linear = linear,
            Coordinates = Coordinates(n),
            Rounding = Rounding(n),
            Scales = hasScales ? given.TryHost()?.ToFloats() : null,
            Sizes = hasSizes ? given.TryHost()?.ToIntegers() : null,
            AxisList = n.Attributes.Integers("axes"),
            InputHoldsSizes = hasSizes,
        }, given.IsConstant ? [n.Input(0)] : [n.Input(0), given]);
    }

    static void EmitByScales(OnnxNode n, bool linear, int input)
    {
        GraphValue scales = n.Parameter(input);
        if (scales.TryHost() is { } known)
            n.Emit(Asymmetric(linear, known.ToFloats()), n.Input(0));
        else
            n.Emit(Asymmetric(linear, null), n.Input(0), scales);
    }

    static Resize Asymmetric(bool linear, IReadOnlyList<float>? scales) => new()
    {
        Linear = linear, Scales = scales, Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Floor,
    };

    static bool IsEmpty(GraphValue value) => value.TryHost() is { Count: 0 };

    static bool Mode(OnnxNode n) => (n.Attributes.Text("mode") ?? "nearest") switch
    {
        "nearest" => false,
        "linear" or "bilinear" => true,
        var other => throw new ShapeException($"its mode '{other}' is not supported: nearest and linear are"),
    };

    static ResizeCoordinates Coordinates(OnnxNode n) => (n.Attributes.Text("coordinate_transformation_mode") ?? "half_pixel") switch
    {
        "half_pixel" => ResizeCoordinates.HalfPixel,
        "pytorch_half_pixel" => ResizeCoordinates.PytorchHalfPixel,
        "asymmetric" => ResizeCoordinates.Asymmetric,
        "align_corners" => ResizeCoordinates.AlignCorners,
        "half_pixel_symmetric" => ResizeCoordinates.HalfPixelSymmetric,
        var other => throw new ShapeException($"its coordinate_transformation_mode '{other}' is not supported"),
    };

    static NearestRounding Rounding(OnnxNode n) => (n.Attributes.Text("nearest_mode") ?? "round_prefer_floor") switch
    {
        "round_prefer_floor" => NearestRounding.RoundPreferFloor,
        "round_prefer_ceil" => NearestRounding.RoundPreferCeil,
        "floor" => NearestRounding.Floor,
        "ceil" => NearestRounding.Ceil,
        var other => throw new ShapeException($"its nearest_mode '{other}' is not supported"),
    };
}
