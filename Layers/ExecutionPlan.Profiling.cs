using Preimage.Layers.Operators;
using Preimage.Layers.Planning;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    /// <summary>Runs the plan several times on the inputs set before and times every operator by itself.</summary>
    /// <param name="runs">How often; the first run is thrown away beside these.</param>
    /// <param name="rule">The rule of the pass back, whose seed is 1 at every unit of the seeded node; null times the forward pass alone.</param>
    /// <param name="cancellation">Checked before each run.</param>
    /// <remarks>
    /// Of a plan that runs in parts, the first part is timed. The processor is timed by the wall clock. A GPU is timed by events in the plan's stream,
    /// operators launched one after the other: a plan that replays them as one graph saves what launching short ones costs.
    /// </remarks>
    /// <returns>An entry per operator and direction, in the order they ran.</returns>
    /// <exception cref="PreimageException">A rule is given, but the plan keeps nothing for it.</exception>
    public IReadOnlyList<NodeProfile> Profile(int runs = 20, BackwardRule? rule = null, CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        if (rule is not null)
            RequireRule(rule);
        float[] seed = rule is null ? [] : new float[_part.Scope.SignalShape(_scope.SeedNode!).Count];
        Array.Fill(seed, 1);
        SetInputs(0);
        _loaded = None;
        (ForwardStep[] up, BackwardStep[] down) = (_part.Forward, rule is null ? [] : _part.Backward);
        double[][] forward = [.. up.Select(_ => new double[runs])], backward = [.. down.Select(_ => new double[runs])];
        using StepTimer upTimer = _part.Queue.CreateTimer(up.Length), downTimer = _part.Queue.CreateTimer(down.Length);
        for (int run = -1; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int portion = 0; portion < _part.Portions; portion++)
            {
                _part.Enter(portion);
                Time(upTimer, forward, run, i => up[i].Run(_part.Queue));
            }

            for (int portion = 0; rule is not null && portion < _part.Portions; portion++)
            {
                _part.Enter(portion, seed);
                Time(downTimer, backward, run, i => _part.RunStep(down[i], rule));
            }
        }

        // A part's outcome is not the batch's.
        if (_parts == 1)
            (_ran, _loaded) = (true, 0);
        return
        [
            .. forward.Select((times, i) => Entry(up[i].Node, up[i].Computes ? up[i].Nodes : [], PassDirection.Forward, up[i].Operator.Algorithm, times, _part.Portions * up[i].Bytes, 1)),
            .. backward.Select((times, i) => Entry(down[i].Node, down[i].Nodes, PassDirection.Backward, down[i].Algorithm, times, _part.Portions * down[i].Bytes, _size.Seeds)),
        ];

        void Time(StepTimer timer, double[][] times, int run, Action<int> step)
        {
            for (int i = 0; i < times.Length; i++)
            {
                timer.Begin(i);
                step(i);
                timer.End(i);
            }

            _part.Queue.Synchronise();
            // Portions add up to the batch.
            for (int i = 0; run >= 0 && i < times.Length; i++)
                times[i][run] += timer.Milliseconds(i);
        }
    }

    // The nodes computed are none where a step only copies or adds.
    NodeProfile Entry(
        Node node, IReadOnlyList<Node> computed, PassDirection direction, string algorithm, double[] times, long bytes, int passes)
    {
        Array.Sort(times);
        long work = 0;
        foreach (Node each in computed.Where(n => !n.Layer.IsView))
        {
            NodeValue[] inputs = [.. each.Inputs.Select(i => _part.Scope.Values[i.Index])];
            work += passes * each.Layer.MultiplyAdds(new LayerInputs(inputs), _part.Scope.Values[each.Index].Shape);
            bytes += sizeof(float) * each.Layer.ParameterCount;
        }

        // A chain goes by its first node, which does the work.
        return new NodeProfile(computed.Count > 0 ? computed[0] : node, direction, algorithm, times[times.Length / 2], times[0], work, bytes)
        {
            Fused = [.. computed.Skip(1)],
        };
    }
}
