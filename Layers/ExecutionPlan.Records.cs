using Preimage.Layers.Operators;
using Preimage.Layers.Planning;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    /// <summary>Takes out the masks and switches of the last forward run.</summary>
    /// <exception cref="PreimageException">Nothing ran yet, or samples run in parts.</exception>
    public ForwardRecord Export()
    {
        using Turn turn = Enter();
        RequireOnePart();
        RequireRun();
        var record = new ForwardRecord();
        foreach ((ForwardStep step, IRecordsState state) in Recording())
        {
            var whole = new byte[RecordBytes(step, state)];
            var own = new byte[state.RecordBytes(step.Output.Shape.N)];
            for (int portion = 0; portion < _part.Portions; portion++)
            {
                _part.Enter(portion);
                state.Export(_part.Queue, step.Output.Shape.N, step.Output.Layout, step.State, own);
                BitRun.Copy(own, 0, whole, portion * BitsPerPortion(step), BitsPerPortion(step));
            }

            record.Set(step.Node.Name, RecordsSwitches(step), ShapeOf(step.Node), whole);
        }

        return record;
    }

    /// <summary>Puts masks and switches in place of those of the last forward run, until the next one.</summary>
    /// <exception cref="PreimageException">The record is of another network or shape: nothing changed. Or a switch points outside its window: run forward again.</exception>
    public void Import(ForwardRecord record)
    {
        using Turn turn = Enter();
        ArgumentNullException.ThrowIfNull(record);
        RequireOnePart();
        RequireRun();
        // All of it fits, or none of it is put in.
        foreach ((ForwardStep step, IRecordsState state) in Recording())
            _ = record.Get(step.Node.Name, ShapeOf(step.Node), RecordBytes(step, state));
        // A switch that points nowhere is found on the way only; what was put in before it belongs to no picture then.
        _ran = false;
        foreach ((ForwardStep step, IRecordsState state) in Recording())
        {
            ReadOnlySpan<byte> whole = record.Get(step.Node.Name, ShapeOf(step.Node), RecordBytes(step, state));
            var own = new byte[state.RecordBytes(step.Output.Shape.N)];
            for (int portion = 0; portion < _part.Portions; portion++)
            {
                _part.Enter(portion);
                BitRun.Copy(whole, portion * BitsPerPortion(step), own, 0, BitsPerPortion(step));
                state.Import(_part.Queue, step.Output.Shape.N, step.Output.Layout, own, step.State);
            }
        }

        _ran = true;
    }

    /// <summary>Carries a seed back over the masks and switches of a record, which take the place of the plan's own until the next forward run.</summary>
    public void Backward(ReadOnlySpan<float> seed, BackwardRule rule, Span<float> gradient, ForwardRecord record)
    {
        Import(record);
        Backward(seed, rule, gradient);
    }

    void RequireOnePart()
    {
        if (_parts > 1)
            throw new PreimageException($"a record is of one forward run, but {_scope.Samples} samples run {_size.Samples} at a time: raise PlanOptions.MemoryBudget");
    }

    /// <summary>Bytes of what all portions record at a step.</summary>
    int RecordBytes(ForwardStep step, IRecordsState state) => state.RecordBytes(ShapeOf(step.Node).N);

    /// <summary>Bits of what a portion records: 32 per switch, 1 per unit of a mask, which need not fill whole bytes.</summary>
    static long BitsPerPortion(ForwardStep step) => (RecordsSwitches(step) ? 32L : 1) * step.Output.Shape.Count;

    static bool RecordsSwitches(ForwardStep step) => step.Operator.NeedsFor(BackwardRule.Gradient).HasFlag(Needs.Switches);

    IEnumerable<(ForwardStep, IRecordsState)> Recording()
    {
        foreach (ForwardStep step in _part.Forward)
        {
            if (step.State != 0 && step.Operator is IRecordsState state)
                yield return (step, state);
        }
    }
}
