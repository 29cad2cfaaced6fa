using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Joining, cutting and padding.</summary>
internal static class ArrayOperators
{
    public static void Concat(OnnxNode n)
    {
        if (!n.Attributes.Has("axis"))
            throw new ShapeException("its axis is missing");
        GraphValue[] inputs = n.Inputs();
        if (inputs.Length == 0)
            throw new ShapeException("there is nothing to join");
        n.Emit(new Concat(n.Attributes.Int("axis", 0)), inputs);
    }

    public static void Split(OnnxNode n)
    {
        HostParameter sizes = n.Opset < 13 ? new HostParameter(n.Attributes.Integers("split"), null) : HostParameter.Read(n, 1);
        int parts = n.Attributes.Int("num_outputs", n.OutputCount);
        if (parts < n.OutputCount)
            throw new ShapeException($"it has {n.OutputCount} outputs, but num_outputs = {parts}");
        int[]? fixedSizes = sizes.Values?.Select(s => checked((int)s)).ToArray();
        for (int part = 0; part < n.OutputCount; part++)
        {
            var layer = new Split { Axis = n.Attributes.Int("axis", 0), Part = part, Parts = parts, Sizes = fixedSizes };
            n.EmitTo(part, layer, [n.Input(0), .. sizes.Dynamic]);
        }
    }

    public static void Slice(OnnxNode n)
    {
        if (n.Opset < 10)
        {
            n.Emit(new Slice
            {
                Starts = n.Attributes.Integers("starts") ?? throw new ShapeException("its starts are missing"),
                Ends = n.Attributes.Integers("ends") ?? throw new ShapeException("its ends are missing"),
                AxisList = n.Attributes.Integers("axes"),
            }, n.Input(0));
            return;
        }

        HostParameter[] parameters = [HostParameter.Read(n, 1), HostParameter.Read(n, 2), HostParameter.Read(n, 3), HostParameter.Read(n, 4)];
        if (parameters[0].IsAbsent || parameters[1].IsAbsent)
            throw new ShapeException("its starts or ends are missing");
        n.Emit(new Slice
        {
            Starts = parameters[0].Values,
            Ends = parameters[1].Values,
            AxisList = parameters[2].Values,
            Steps = parameters[3].Values,
        }, [n.Input(0), .. Computed(n, parameters)]);
    }

    public static void Pad(OnnxNode n)
    {
        string mode = n.Attributes.Text("mode") ?? "constant";
        PadFill fill = mode switch
        {
            "constant" => PadFill.Constant,
            "reflect" => PadFill.Reflect,
            "edge" => PadFill.Edge,
            _ => throw new ShapeException($"its mode '{mode}' is not supported: constant, reflect and edge are"),
        };
        if (n.Opset < 11)
        {
            IReadOnlyList<long> pads = n.Attributes.Integers("pads") ?? throw new ShapeException("its pads are missing");
            n.Emit(new Pad { Pads = pads, Fill = fill, Value = n.Attributes.Float("value") ?? 0 }, n.Input(0));
            return;
        }

        HostParameter given = HostParameter.Read(n, 1), axes = HostParameter.Read(n, 3);
        if (given.IsAbsent)
            throw new ShapeException("its pads are missing");
        if (axes.Computed is not null)
            throw new ShapeException("its axes must be constant");
        n.Emit(new Pad { Pads = given.Values, AxisList = axes.Values, Fill = fill, Value = n.Scalar(2, "value") ?? 0 }, [n.Input(0), .. given.Dynamic]);
    }

    /// <summary>The inputs up to the last computed one; constants before it are passed along, for the layer counts places.</summary>
    static IEnumerable<GraphValue> Computed(OnnxNode n, HostParameter[] parameters)
    {
        int last = Array.FindLastIndex(parameters, p => p.Computed is not null);
        for (int i = 0; i <= last; i++)
        {
            yield return n.HasInput(i + 1)
                ? n.Input(i + 1)
                : throw new ShapeException("its axes must be given where its steps are computed");
        }
    }
}
