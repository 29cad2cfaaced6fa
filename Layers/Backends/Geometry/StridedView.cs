using Preimage.Cpu.Copies;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>A slice or a transpose: the output is a strided view of the input.</summary>
/// <param name="Extents">Extents of the output on four axes.</param>
/// <param name="Strides">Strides of the view in the input, in elements; may be negative.</param>
/// <param name="Start">Where the view starts in the input, in elements.</param>
/// <param name="Apart">Whether samples stay apart, so that there may be any number of rows.</param>
/// <param name="Covers">Whether the view takes in all of the input.</param>
internal sealed record StridedView(Axes4 Extents, Axes4 Strides, nint Start, bool Apart, bool Covers)
{
    /// <summary>Strides of the output, which is contiguous.</summary>
    public Axes4 OutputStrides { get; } = SpreadAxes.Strides(Extents);

    /// <summary>The extents, with as many rows as there are where samples stay apart.</summary>
    public Axes4 Rows(int rows)
    {
        Axes4 extents = Extents;
        if (Apart)
            extents[0] = rows;
        return extents;
    }

    /// <summary>output[i] = input[starts + i * steps].</summary>
    /// <exception cref="ShapeException">The box is not inside the input.</exception>
    public static StridedView Slice(Shape input, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape output)
    {
        if (starts.Length != input.Rank || steps.Length != input.Rank || output.Rank != input.Rank)
            throw new ShapeException($"a slice of {input} to {output} with {starts.Length} starts and {steps.Length} steps");
        Axes4 strides = SpreadAxes.Strides(SpreadAxes.Extents(input)), view = new();
        nint start = 0;
        for (int axis = 0; axis < input.Rank; axis++)
        {
            long last = starts[axis] + (long)(output[axis] - 1) * steps[axis];
            if (starts[axis] < 0 || starts[axis] >= input[axis] || last < 0 || last >= input[axis])
                throw new ShapeException($"a slice from {starts[axis]} to {last} leaves axis {axis} of {input}");
            int at = SpreadAxes.Index(axis, input.Rank);
            view[at] = strides[at] * steps[axis];
            start += strides[at] * starts[axis];
        }

        bool apart = starts[0] == 0 && steps[0] == 1 && input[0] == output[0];
        return new StridedView(SpreadAxes.Extents(output), view, start, apart, Covers: false);
    }

    /// <summary>output axis i is input axis permutation[i].</summary>
    /// <exception cref="ShapeException">The axes are no permutation, or the output's extents are not those of the permuted input.</exception>
    public static StridedView Transpose(Shape input, ReadOnlySpan<int> permutation, Shape output)
    {
        Axes4 strides = SpreadAxes.Strides(SpreadAxes.Extents(input)), view = new();
        int seen = 0;
        for (int axis = 0; axis < permutation.Length && axis < output.Rank; axis++)
        {
            int from = permutation[axis];
            if ((uint)from >= (uint)input.Rank || input[from] != output[axis])
                throw new ShapeException($"a transpose of {input} by ({string.Join(", ", permutation.ToArray())}) does not give {output}");
            seen |= 1 << from;
            view[SpreadAxes.Index(axis, output.Rank)] = strides[SpreadAxes.Index(from, input.Rank)];
        }

        if (seen != (1 << input.Rank) - 1 || permutation.Length != input.Rank || output.Rank != input.Rank)
            throw new ShapeException($"({string.Join(", ", permutation.ToArray())}) is no permutation of the axes of {input}");
        return new StridedView(SpreadAxes.Extents(output), view, 0, permutation[0] == 0, Covers: true);
    }
}
