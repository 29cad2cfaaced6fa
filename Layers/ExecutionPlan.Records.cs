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
            int samples = step.Output.Shape.N;
            var bytes = new byte[state.RecordBytes(samples)];
            state.Export(_part.Queue, samples, step.Output.Layout, step.State, bytes);
            record.Set(step.Node.Name, step.Operator.NeedsFor(BackwardRule.Gradient).HasFlag(Needs.Switches), step.Output.Shape, bytes);
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
            _ = record.Get(step.Node.Name, step.Output.Shape, state.RecordBytes(step.Output.Shape.N));
        // A switch that points nowhere is found on the way only; what was put in before it belongs to no picture then.
        _ran = false;
        foreach ((ForwardStep step, IRecordsState state) in Recording())
        {
            int samples = step.Output.Shape.N;
            state.Import(_part.Queue, samples, step.Output.Layout, record.Get(step.Node.Name, step.Output.Shape, state.RecordBytes(samples)), step.State);
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

    IEnumerable<(ForwardStep, IRecordsState)> Recording()
    {
        foreach (ForwardStep step in _part.Forward)
        {
            if (step.State != 0 && step.Operator is IRecordsState state)
                yield return (step, state);
        }
    }
}
