using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

internal static partial class OracleForward
{
    static OracleArray Join(int axis, Shape shape, OracleArray[] parts)
    {
        var y = new OracleArray(shape);
        if (axis < 0) axis += shape.Rank;
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            int part = 0;
            while (at[axis] >= parts[part].Shape[axis])
                at[axis] -= parts[part++].Shape[axis];
            y.Values[i] = parts[part].Values[AlignedIndex.Flat(at, parts[part].Shape)];
        }

        return y;
    }

    static OracleArray Cut(Split layer, Shape shape, OracleArray x)
    {
        int axis = layer.Axis < 0 ? layer.Axis + shape.Rank : layer.Axis, each = (x.Shape[axis] + layer.Parts - 1) / layer.Parts;
        int start = layer.Sizes is null ? layer.Part * each : layer.Sizes.Take(layer.Part).Sum();
        return Pick(shape, x, at => at[axis] += start);
    }

    static OracleArray Cut(Slice layer, Shape shape, OracleArray x) => Pick(shape, x, at =>
    {
        for (int i = 0; i < layer.Starts!.Count; i++)
        {
            int axis = (int)(layer.AxisList?[i] ?? i), extent = x.Shape[axis < 0 ? axis + shape.Rank : axis];
            int step = (int)(layer.Steps?[i] ?? 1);
            long start = layer.Starts[i] < 0 ? layer.Starts[i] + extent : layer.Starts[i];
            start = Math.Clamp(start, 0, step > 0 ? extent : extent - 1);
            axis = axis < 0 ? axis + shape.Rank : axis;
            at[axis] = (int)start + at[axis] * step;
        }
    });

    static OracleArray Reorder(Transpose layer, Shape shape, OracleArray x) => Pick(shape, x, at =>
    {
        int[] output = [.. at];
        for (int axis = 0; axis < output.Length; axis++)
            at[layer.Permutation?[axis] ?? output.Length - 1 - axis] = output[axis];
    });

    static OracleArray Surround(Pad layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            bool outside = false;
            for (int k = 0; k < (layer.AxisList?.Count ?? shape.Rank); k++)
            {
                int axis = (int)(layer.AxisList?[k] ?? k);
                axis = axis < 0 ? axis + shape.Rank : axis;
                int last = x.Shape[axis] - 1;
                at[axis] -= (int)layer.Pads![k];
                if (layer.Fill == PadFill.Edge) at[axis] = Math.Clamp(at[axis], 0, last);
                if (layer.Fill == PadFill.Reflect) at[axis] = at[axis] < 0 ? -at[axis] : at[axis] > last ? 2 * last - at[axis] : at[axis];
                outside |= at[axis] < 0 || at[axis] > last;
            }

            y.Values[i] = outside ? layer.Value : x.Values[AlignedIndex.Flat(at, x.Shape)];
        }

        return y;
    }

    static OracleArray Average(ReduceMean layer, Shape shape, OracleArray x)
    {
        var y = new OracleArray(shape);
        bool[] reduced = new bool[x.Shape.Rank];
        foreach (long axis in layer.AxisList ?? [.. Enumerable.Range(0, x.Shape.Rank).Select(a => (long)a)])
            reduced[axis < 0 ? axis + x.Shape.Rank : axis] = true;
        double count = Enumerable.Range(0, x.Shape.Rank).Where(a => reduced[a]).Aggregate(1.0, (c, a) => c * x.Shape[a]);
        for (int i = 0; i < x.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, x.Shape);
            int to = 0;
            for (int axis = 0; axis < at.Length; axis++)
            {
                if (!reduced[axis]) to = to * x.Shape[axis] + at[axis];
            }

            y.Values[to] += x.Values[i] / count;
        }

        return y;
    }

    /// <summary>Each output takes one input, whose coordinates follow from its own.</summary>
    static OracleArray Pick(Shape shape, OracleArray x, Action<int[]> toInput)
    {
        var y = new OracleArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            int[] at = AlignedIndex.Of(i, shape);
            toInput(at);
            y.Values[i] = x.Values[AlignedIndex.Flat(at, x.Shape)];
        }

        return y;
    }
}
