using System.Diagnostics;
using Preimage.Layers.Planning;

namespace Preimage.Layers;

public sealed partial class ExecutionPlan
{
    /// <summary>Runs the plan several times on the inputs set before and times every operator by itself.</summary>
    /// <param name="runs">How often; the first run is thrown away beside these.</param>
    /// <param name="rule">The rule of the pass back, whose seed is 1 at every unit of the seeded node; null times the forward pass alone.</param>
    /// <param name="cancellation">Checked before each run.</param>
    /// <returns>An entry per operator and direction, in the order they ran.</returns>
    /// <exception cref="PreimageException">A rule is given, but the plan keeps nothing for it.</exception>
    public IReadOnlyList<NodeProfile> Profile(int runs = 20, BackwardRule? rule = null, CancellationToken cancellation = default)
    {
        using Turn turn = Enter();
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        Activation start = rule is null ? default : _built.Signal(RequireSeedNode()).At(_memory.Address);
        float[] seed = rule is null ? [] : new float[start.Shape.Count];
        Array.Fill(seed, 1);
        var forward = new double[_forward.Length][];
        var backward = new double[rule is null ? 0 : _backward.Length][];
        for (int run = -1; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < forward.Length; i++)
                Time(forward, i, run, _forward[i].Run);
            if (rule is not null)
                _backend.Upload(seed, start);
            for (int i = 0; i < backward.Length; i++)
                Time(backward, i, run, () => _backward[i].Run(_backend, Options.Seeds, rule!, _transformedOperator));
        }

        _ran = true;
        return
        [
            .. forward.Select((times, i) => Entry(_forward[i].Node, _forward[i].Computes ? _forward[i].Nodes : [], PassDirection.Forward, _forward[i].Operator.Algorithm, times, _forward[i].Bytes, 1)),
            .. backward.Select((times, i) => Entry(_backward[i].Node, _backward[i].Nodes, PassDirection.Backward, _backward[i].Algorithm, times, _backward[i].Bytes, Options.Seeds)),
        ];

        void Time(double[][] times, int step, int run, Action action)
        {
            var clock = Stopwatch.StartNew();
            action();
            _backend.Synchronise();
            if (run < 0)
                times[step] = new double[runs];
            else
                times[step][run] = clock.Elapsed.TotalMilliseconds;
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
            NodeValue[] inputs = [.. each.Inputs.Select(i => _scope.Values[i.Index])];
            work += passes * each.Layer.MultiplyAdds(new LayerInputs(inputs), _scope.Values[each.Index].Shape);
            bytes += sizeof(float) * each.Layer.ParameterCount;
        }

        // A chain goes by its first node, which does the work.
        return new NodeProfile(computed.Count > 0 ? computed[0] : node, direction, algorithm, times[times.Length / 2], times[0], work, bytes)
        {
            Fused = [.. computed.Skip(1)],
        };
    }
}
