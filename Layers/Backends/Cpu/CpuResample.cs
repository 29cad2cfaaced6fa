using Preimage.Cpu;
using Preimage.Cpu.Resampling;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Resizes rows and columns of every plane; the way back is by the transposed tables.</summary>
internal sealed unsafe class CpuResample : CpuOperator
{
    readonly TapTable _rows, _columns, _rowsBack, _columnsBack;
    readonly int _channels, _inputW, _outputH;

    public CpuResample(Execution execution, Shape input, Shape output, ResamplingTable rows, ResamplingTable columns) : base(execution)
    {
        GeometryChecks.Resampling(input, output, rows, columns);
        (_channels, _inputW, _outputH) = (input.C, input.W, output.H);
        _rows = Table(rows);
        _columns = Table(columns);
        _rowsBack = Table(rows.Transpose());
        _columnsBack = Table(columns.Transpose());
    }

    public override long ScratchBytes(int rows, PassDirection direction) => PlaneResampling.ScratchBytes(Execution, _inputW, _outputH);

    public override void Forward(in ForwardCall call) => PlaneResampling.Forward(Execution, checked(call.Output.Shape.N * _channels), _rows, _columns,
        call.Inputs[0].Floats, call.Output.Floats, call.Scratch);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
        {
            PlaneResampling.Adjoint(Execution, checked(call.Signal.Shape.N * _channels), _rowsBack, _columnsBack, call.Signal.Floats,
                call.InputSignals[0].Floats, call.Scratch);
        }
    }

    TapTable Table(ResamplingTable table) => Own(new TapTable(table.InputLength, table.Starts, table.Indices, table.Weights));
}
