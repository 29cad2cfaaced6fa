using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Resizes rows and columns of every plane, one axis after the other; the way back is by the transposed tables.</summary>
internal sealed class CudaResample : CudaOperator
{
    readonly Table _rows, _columns, _rowsBack, _columnsBack;
    readonly int _channels, _inputW, _outputH;

    public CudaResample(Owned owned, DeviceConstants constants, Shape input, Shape output, ResamplingTable rows, ResamplingTable columns) : base(owned)
    {
        GeometryChecks.Resampling(input, output, rows, columns);
        (_channels, _inputW, _outputH) = (input.C, input.W, output.H);
        _rows = new Table(owned, constants, rows);
        _columns = new Table(owned, constants, columns);
        _rowsBack = new Table(owned, constants, rows.Transpose());
        _columnsBack = new Table(owned, constants, columns.Transpose());
    }

    /// <summary>Rows resized, columns not yet.</summary>
    public override long ScratchBytes(int rows, PassDirection direction) => (long)rows * _channels * _outputH * _inputW * sizeof(float);

    public override void Forward(in ForwardCall call)
    {
        long planes = (long)call.Output.Shape.N * _channels;
        Run(call.Queue.Cuda, _rows, call.Inputs[0].Address, call.Scratch, planes, _inputW);
        Run(call.Queue.Cuda, _columns, call.Scratch, call.Output.Address, planes * _outputH, 1);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        long planes = (long)call.Signal.Shape.N * _channels;
        Run(call.Queue.Cuda, _columnsBack, call.Signal.Address, call.Scratch, planes * _outputH, 1);
        Run(call.Queue.Cuda, _rowsBack, call.Scratch, call.InputSignals[0].Address, planes, _inputW);
    }

    static void Run(CudaQueue q, Table table, nint from, nint to, long outer, int inner) => ArraysKernels.ResampleAxis(q.Kernels, q.Stream,
        LaunchShape.Over(outer * table.OutputLength * inner), from, to, outer, table.InputLength, table.OutputLength, inner, table.Starts.Handle,
        table.Indices.Handle, table.Weights.Handle);

    /// <summary>A table of taps on the device.</summary>
    sealed class Table(Owned owned, DeviceConstants constants, ResamplingTable table)
    {
        public int InputLength { get; } = table.InputLength;

        public int OutputLength { get; } = table.OutputLength;

        public DeviceMemory Starts { get; } = owned.Own(constants.Upload<int>([.. table.Starts]));

        public DeviceMemory Indices { get; } = owned.Own(constants.Upload<int>([.. table.Indices]));

        public DeviceMemory Weights { get; } = owned.Own(constants.Upload<float>([.. table.Weights]));
    }
}
