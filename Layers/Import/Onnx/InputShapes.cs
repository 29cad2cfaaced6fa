using Google.Protobuf.Collections;
using Preimage.Layers.Import.Onnx.Wire;
using Dimension = Preimage.Layers.Import.Onnx.Wire.TensorShapeProto.Types.Dimension;

namespace Preimage.Layers.Import.Onnx;

/// <summary>The shapes of a model's inputs, with a default for what the file leaves free.</summary>
internal static class InputShapes
{
    // What most networks for photographs were trained on.
    const int DefaultExtent = 224;

    /// <summary>An input's shape and which of its axes are free.</summary>
    /// <exception cref="ShapeException">Its type or shape is refused.</exception>
    public static (Shape Shape, bool[] Free) Read(ValueInfoProto input, Shape? given)
    {
        if (input.Name.Length == 0)
            throw new ShapeException("it has no name");
        var type = (TensorType)(input.Type?.TensorType?.ElemType ?? 0);
        if (!type.RunsAsFloat())
        {
            throw new ShapeException($"its type {type} is not supported: inputs are float32." + (type.IntegerSize() == 0 ? ""
                : " A shape, axes or another parameter can be given a value by LoadOptions.Bind"));
        }

        RepeatedField<Dimension>? dims = input.Type!.TensorType.Shape?.Dim;
        if (dims is null)
        {
            return given is { } shape
                ? (shape, new bool[shape.Rank])
                : throw new ShapeException("its shape is not declared: give it by LoadOptions.InputShapes");
        }

        if (dims.Count is < 1 or > Shape.MaxRank)
            throw new ShapeException($"its rank {dims.Count} ({string.Join(" x ", dims.Select(Text))}) is not supported: arrays of rank 1 to {Shape.MaxRank} are");
        if (given is { } wanted && wanted.Rank != dims.Count)
            throw new ShapeException($"LoadOptions.InputShapes gives it {wanted}, but its rank is {dims.Count}");
        bool[] free = [.. dims.Select(d => d.ValueCase != Dimension.ValueOneofCase.DimValue)];
        return (given ?? new Shape([.. dims.Select((d, axis) => Extent(d, axis, dims))]), free);
    }

    static int Extent(Dimension dim, int axis, RepeatedField<Dimension> dims)
    {
        if (dim.ValueCase == Dimension.ValueOneofCase.DimValue)
        {
            return dim.DimValue is >= 1 and <= int.MaxValue
                ? (int)dim.DimValue
                : throw new ShapeException($"its extent {dim.DimValue} on axis {axis} is not supported: extents are at least 1");
        }

        if (axis == 0)
            return 1;
        // Channels lie on axis 1, except where a known last extent of one to four says that pixels come interleaved.
        bool interleaved = dims.Count == 4 && dims[3].ValueCase == Dimension.ValueOneofCase.DimValue && dims[3].DimValue is >= 1 and <= 4;
        return axis >= 2 || interleaved
            ? DefaultExtent
            : throw new ShapeException($"its extent on axis {axis} ({Text(dim)}) is not declared: give its shape by LoadOptions.InputShapes");
    }

    static string Text(Dimension dim) => dim.ValueCase switch
    {
        Dimension.ValueOneofCase.DimValue => $"{dim.DimValue}",
        Dimension.ValueOneofCase.DimParam => dim.DimParam,
        _ => "?",
    };
}
