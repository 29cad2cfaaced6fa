using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Operators;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

public class OperatorAllocationTests
{
    public static TheoryData<string> Names => [.. OperatorBench.Cases.Keys];

    /// <summary>On one lane, so that the thread's own counter sees it all and sees nothing of tests beside it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Running_allocates_nothing(string name)
    {
        Node node = OperatorBench.Cases[name];
        using var backend = new CpuBackend(new EngineOptions { Threads = 1 });
        Shape[] shapes = [.. node.Inputs.Select(i => ((Kinds.Input)i.Layer).Shape)];
        var values = new LayerInputs([.. shapes.Select(s => new NodeValue(s, null, true))]);
        Shape shape = node.Layer.Infer(values);
        using IOperator op = node.Layer.Prepare(backend, values, shape);
        Layout from = op.Layouts.Input(Layout.Planar), to = op.Layouts.Output(from);
        GuardedActivation[] x = [.. shapes.Select((s, i) => new GuardedActivation(s, Draw.Normal((ulong)i, s), from))];
        GuardedActivation[] dx = [.. shapes.Select(s => new GuardedActivation(s, default, from))];
        using GuardedActivation y = new(shape, default, to), signal = new(shape, Draw.Normal(7, shape), to), state = new(op.StateBytes(shape.N));
        using var scratch = new GuardedActivation(Math.Max(op.ScratchBytes(shape.N, PassDirection.Forward), op.ScratchBytes(shape.N, PassDirection.Backward)));
        Activation[] inputs = Array.ConvertAll(x, v => v.Activation), results = Array.ConvertAll(dx, v => v.Activation);
        IReadOnlyList<BackwardRule> rules = BackendBitsTests.RulesOf(node.Layer);
        for (int i = 0; i < 3; i++)
            Once();
        // What a run allocates shows in every round of 100; what the runtime does on this thread while it compiles the kernels a second
        // time, only in one: a round must be clean.
        long least = long.MaxValue;
        for (int round = 0; round < 100 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                Once();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        foreach (GuardedActivation used in x.Concat(dx))
            used.Dispose();

        void Once()
        {
            op.Forward(new ForwardCall { Queue = GuardedActivation.Queue, Inputs = inputs, Output = y.Activation, State = state.Address, Scratch = scratch.Address });
            for (int r = 0; r < rules.Count; r++)
            {
                op.Backward(new BackwardCall
                {
                    Queue = GuardedActivation.Queue, Signal = signal.Activation, InputSignals = results, Inputs = inputs, Output = y.Activation, State = state.Address,
                    Scratch = scratch.Address, Seeds = 1, Rule = rules[r],
                });
            }
        }
    }
}
