using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Padding and cropping by one table of indices per axis, and by the same tables turned round on the way back.</summary>
internal sealed class CudaPad : CudaOperator
{
    readonly PadTables _pad;
    readonly float _value;
    readonly DeviceMemory[] _tables, _starts, _indices;

    public CudaPad(Owned owned, DeviceConstants constants, PadTables pad, float value) : base(owned)
    {
        _pad = pad;
        _value = value;
        _tables = new DeviceMemory[4];
        (_starts, _indices) = (new DeviceMemory[4], new DeviceMemory[4]);
        for (int axis = 0; axis < 4; axis++)
        {
            _tables[axis] = owned.Own(constants.Upload<int>(pad.Tables[axis]));
            (int[] starts, int[] indices) = Turned(pad.Tables[axis], (int)pad.Input[axis]);
            _starts[axis] = owned.Own(constants.Upload<int>(starts));
            _indices[axis] = owned.Own(constants.Upload<int>(indices));
        }
    }

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        int rows = _pad.Apart ? call.Output.Shape.N : _pad.Tables[0].Length;
        // Where samples stay apart there may be any number of them, and every one is its own.
        ArraysKernels.IndexedCopy(q.Kernels, q.Stream, LaunchShape.Over(call.Output.Shape.Count), call.Inputs[0].Address, call.Output.Address,
            _pad.Apart ? 0 : _tables[0].Handle, _tables[1].Handle, _tables[2].Handle, _tables[3].Handle, rows, _pad.Tables[1].Length, _pad.Tables[2].Length,
            _pad.Tables[3].Length, (int)_pad.Input[1], (int)_pad.Input[2], (int)_pad.Input[3], _value);
    }

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        if (!_pad.Apart)
            GeometryChecks.RequireOneSeed(call, "padding along the batch axis");
        CudaQueue q = call.Queue.Cuda;
        int rows = _pad.Apart ? call.Signal.Shape.N : (int)_pad.Input[0];
        ArraysKernels.IndexedCopyBackward(q.Kernels, q.Stream, LaunchShape.Over(result.Shape.Count), call.Signal.Address, result.Address,
            _pad.Apart ? 0 : _starts[0].Handle, _pad.Apart ? 0 : _indices[0].Handle, _starts[1].Handle, _indices[1].Handle, _starts[2].Handle, _indices[2].Handle,
            _starts[3].Handle, _indices[3].Handle, rows, (int)_pad.Input[1], (int)_pad.Input[2], (int)_pad.Input[3], _pad.Tables[1].Length,
            _pad.Tables[2].Length, _pad.Tables[3].Length);
    }

    /// <summary>The output's indices that name each of the input's, ascending.</summary>
    static (int[] Starts, int[] Indices) Turned(int[] table, int extent)
    {
        var starts = new int[extent + 1];
        var indices = new List<int>();
        for (int i = 0; i < extent; i++)
        {
            starts[i] = indices.Count;
            for (int j = 0; j < table.Length; j++)
            {
                if (table[j] == i)
                    indices.Add(j);
            }
        }

        starts[extent] = indices.Count;
        return (starts, [.. indices]);
    }
}
