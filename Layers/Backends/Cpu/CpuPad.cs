using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Padding and cropping by one table of indices per axis.</summary>
internal sealed unsafe class CpuPad : CpuOperator
{
    readonly int[][] _tables;
    readonly Axes4 _extents;
    readonly float _value;
    readonly bool _apart;

    public CpuPad(Execution execution, Shape input, ReadOnlySpan<int> before, Shape output, PadFill mode, float value) : base(execution)
    {
        if (before.Length != input.Rank || output.Rank != input.Rank)
            throw new ShapeException($"padding {input} to {output} with {before.Length} pads");
        _extents = SpreadAxes.Extents(input);
        _value = value;
        _apart = before[0] == 0 && input[0] == output[0];
        _tables = [[0], [0], [0], [0]];
        for (int axis = 0; axis < input.Rank; axis++)
            _tables[SpreadAxes.Index(axis, input.Rank)] = Table(input[axis], before[axis], output[axis], mode);
    }

    public override void Forward(in ForwardCall call) =>
        IndexedCopy.Forward(Execution, _tables, _extents, call.Inputs[0].Floats, call.Output.Floats, _value);

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        if (!_apart)
            RequireOneSeed(call, "padding along the batch axis");
        IndexedCopy.Backward(Execution, _tables, _extents, _apart ? call.Signal.Shape.N : 0, call.InputSignals[0].Floats, call.Signal.Floats);
    }

    static int[] Table(int extent, int before, int length, PadFill mode)
    {
        var table = new int[length];
        for (int i = 0; i < length; i++)
        {
            int at = i - before;
            bool inside = (uint)at < (uint)extent;
            table[i] = inside ? at : mode switch
            {
                PadFill.Edge => Math.Clamp(at, 0, extent - 1),
                PadFill.Reflect => Mirrored(at, extent),
                _ => -1,
            };
        }

        return table;
    }

    /// <summary>Mirrors at the first and last element without repeating them, as often as it takes.</summary>
    static int Mirrored(int at, int extent)
    {
        if (extent == 1)
            return 0;
        int period = 2 * (extent - 1);
        int within = (at % period + period) % period;
        return within < extent ? within : period - within;
    }
}
