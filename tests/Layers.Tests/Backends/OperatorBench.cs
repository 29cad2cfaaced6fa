using Preimage.Cpu;
using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Operators;
using Preimage.Layers.Tests.Rules;

namespace Preimage.Layers.Tests.Backends;

/// <summary>One operator on its own: runs it in guarded memory and gives it what it says it needs, and nothing else.</summary>
internal sealed class OperatorBench : IDisposable
{
    readonly IOperator _operator;
    readonly Shape[] _inputs;
    readonly Shape _output;

    public OperatorBench(IOperator op, Shape[] inputs, Shape output) => (_operator, _inputs, _output) = (op, inputs, output);

    /// <summary>The layer of a case, prepared for a number of samples.</summary>
    public OperatorBench(Backend backend, Node node, int samples)
    {
        _inputs = [.. node.Inputs.Select(i => ((Kinds.Input)i.Layer).Shape.WithSamples(samples))];
        var values = new LayerInputs([.. _inputs.Select(s => new NodeValue(s, null, true))]);
        _output = node.Layer.Infer(values);
        _operator = node.Layer.Prepare(backend, values, _output);
    }

    public IReadOnlyList<Shape> Inputs => _inputs;

    public Shape Output => _output;

    /// <summary>Cases around a single layer that computes something, by name.</summary>
    public static IReadOnlyDictionary<string, Node> Cases { get; } = OperatorCases.All
        .Select(c => (c.Key, Node: c.Value.Output))
        .Where(c => !c.Node.Layer.IsView && c.Node.Inputs.All(i => i.Layer is Kinds.Input))
        .ToDictionary(c => c.Key, c => c.Node);

    /// <summary>Every instruction set, number of lanes and implementation of convolutions that gives the documented bits.</summary>
    public static IEnumerable<EngineOptions> Options =>
        from isa in IsaChoice.Supported
        from lanes in new[] { 1, 2 }
        from convolution in ConvolutionList.All
        where convolution.IsExact
        select new EngineOptions
        {
            Isa = isa.ToString(), Threads = lanes, Force = new Dictionary<string, string> { [ConvolutionList.Operator] = convolution.Name },
        };

    /// <summary>The bench for a case, or null where the options force an implementation that cannot run it.</summary>
    public static OperatorBench? Try(Backend backend, Node node, int samples)
    {
        try
        {
            return new OperatorBench(backend, node, samples);
        }
        catch (PreimageException e) when (e.Message.Contains("was forced", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>The layouts a value may lie ready in.</summary>
    public IEnumerable<Layout> Ready =>
        _operator.Layouts == LayoutRule.Follows && _output.Rank > 2 ? [Layout.Planar, Layout.Blocked] : [_operator.Layouts.Input(Layout.Planar)];

    public float[][] Draw(ulong seed) => [.. _inputs.Select((s, i) => Preimage.Tests.Shared.Draw.Normal(seed + (ulong)i, s))];

    /// <summary>Forward, then backward under a rule; the result is the output and the signal of each input.</summary>
    /// <param name="x">Values of the inputs.</param>
    /// <param name="signal">Signal at the output, seeds rows per sample.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="seeds">K.</param>
    /// <param name="only">The one input whose signal is asked for, or -1 for all.</param>
    /// <param name="ready">The layout the inputs lie ready in.</param>
    public float[][] Run(float[][] x, float[] signal, BackwardRule rule, int seeds = 1, int only = -1, Layout ready = Layout.Planar)
    {
        Layout inputLayout = _operator.Layouts.Input(ready), outputLayout = _operator.Layouts.Output(inputLayout);
        Needs needs = _operator.NeedsFor(rule);
        GuardedActivation[] inputs = [.. _inputs.Zip(x, (s, v) => new GuardedActivation(s, v, inputLayout))];
        using var output = new GuardedActivation(_output, default, outputLayout);
        using var state = new GuardedActivation(_operator.StateBytes(_output.N));
        using var scratch = new GuardedActivation(_operator.ScratchBytes(_output.N, PassDirection.Forward));
        bool keepsState = (needs & (Needs.Mask | Needs.Switches)) != 0;
        _operator.Forward(new ForwardCall
        {
            Queue = GuardedActivation.Queue, Inputs = Array.ConvertAll(inputs, i => i.Activation), Output = output.Activation, State = keepsState ? state.Address : 0, Scratch = scratch.Address,
        });
        scratch.Checked("scratch");
        state.Checked("state");
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(x[i], inputs[i].Checked("input"));

        Shape rows = _output.WithSamples(_output.N * seeds);
        using var top = new GuardedActivation(rows, signal, outputLayout);
        using var scratchBack = new GuardedActivation(_operator.ScratchBytes(rows.N, PassDirection.Backward));
        GuardedActivation?[] results = [.. _inputs.Select((s, i) => only is -1 || only == i ? new GuardedActivation(s.WithSamples(s.N * seeds), default, inputLayout) : null)];
        _operator.Backward(new BackwardCall
        {
            Queue = GuardedActivation.Queue, Signal = top.Activation,
            InputSignals = Array.ConvertAll(results, r => r?.Activation ?? default),
            Inputs = needs.HasFlag(Needs.Input) ? Array.ConvertAll(inputs, i => i.Activation) : new Activation[inputs.Length],
            Output = needs.HasFlag(Needs.Output) ? output.Activation : default,
            State = keepsState ? state.Address : 0, Scratch = scratchBack.Address, Seeds = seeds, Rule = rule,
        });
        scratchBack.Checked("scratch of the way back");
        Assert.Equal(signal, top.Checked("signal"));
        float[][] all = [output.Checked("output"), .. results.Where(r => r is not null).Select(r => r!.Checked("input signal"))];
        foreach (GuardedActivation? used in inputs.Concat(results))
            used?.Dispose();
        return all;
    }

    public void Dispose() => _operator.Dispose();
}
