using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A slice or a transpose: the output is a strided view of the input, and the way back writes through the same view.</summary>
internal sealed unsafe class CpuStridedView : CpuOperator
{
    readonly Axes4 _extents, _viewStrides, _outputStrides;
    readonly nint _start;
    readonly bool _apart, _covers;

    CpuStridedView(Execution execution, Axes4 extents, Axes4 viewStrides, nint start, bool apart, bool covers) : base(execution)
    {
        _extents = extents;
        _viewStrides = viewStrides;
        _outputStrides = SpreadAxes.Strides(extents);
        _start = start;
        _apart = apart;
        _covers = covers;
    }

    /// <summary>output[i] = input[starts + i * steps].</summary>
    /// <exception cref="ShapeException">The box is not inside the input.</exception>
    public static CpuStridedView Slice(Execution execution, Shape input, ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape output)
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
        return new CpuStridedView(execution, SpreadAxes.Extents(output), view, start, apart, covers: false);
    }

    /// <summary>output axis i is input axis permutation[i].</summary>
    /// <exception cref="ShapeException">The axes are no permutation, or the output's extents are not those of the permuted input.</exception>
    public static CpuStridedView Transpose(Execution execution, Shape input, ReadOnlySpan<int> permutation, Shape output)
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
        return new CpuStridedView(execution, SpreadAxes.Extents(output), view, 0, permutation[0] == 0, covers: true);
    }

    public override void Forward(in ForwardCall call) => StridedCopy.Run(Execution, Rows(call.Output.Shape.N), call.Inputs[0].Floats + _start, _viewStrides,
        call.Output.Floats, _outputStrides);

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        if (!_apart)
            RequireOneSeed(call, "moving elements along the batch axis");
        if (!_covers)
            NativeMemory.Clear((void*)result.Address, (nuint)result.Shape.Bytes);
        StridedCopy.Run(Execution, Rows(call.Signal.Shape.N), call.Signal.Floats, _outputStrides, result.Floats + _start, _viewStrides);
    }

    /// <summary>The extents, with as many rows as there are where samples stay apart.</summary>
    Axes4 Rows(int rows)
    {
        Axes4 extents = _extents;
        if (_apart)
            extents[0] = rows;
        return extents;
    }
}
