using Preimage.Layers;

namespace Preimage.Perf.Networks;

/// <summary>A pass over a network: its name, and the rule of the way back.</summary>
/// <param name="Name">forward, saliency or guided.</param>
/// <param name="Rule">Null where nothing goes back.</param>
internal sealed record Pass(string Name, BackwardRule? Rule)
{
    /// <summary>All that are measured.</summary>
    public static IReadOnlyList<Pass> All { get; } = [new("forward", null), new("saliency", BackwardRule.Gradient), new("guided", BackwardRule.Guided)];

    /// <summary>The pass of a name.</summary>
    public static Pass Named(string name) => All.First(p => p.Name == name);
}

/// <summary>A network ready to run a pass again and again on the same drawn input, back from the first logit of each sample.</summary>
internal sealed class NetworkRun : IDisposable
{
    readonly Engine _engine;
    readonly ExecutionPlan _plan;
    readonly Pass _pass;
    readonly float[] _input, _logits, _seed, _gradient;

    public NetworkRun(Network network, Pass pass, int batch, int threads)
    {
        _pass = pass;
        _engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        _plan = _engine.Plan(new PlanOptions { Batch = batch, Keep = pass.Rule is null ? Keep.Nothing : Keep.ForBackward });
        _input = new float[_plan.ShapeOf(network.Input).Count];
        Values.Fill(0, _input);
        _logits = new float[_plan.ShapeOf(network.Output).Count];
        _seed = new float[_logits.Length];
        for (int n = 0; n < batch; n++)
            _seed[n * (_logits.Length / batch)] = 1;
        _gradient = new float[_input.Length];
    }

    /// <summary>One pass.</summary>
    public void Once()
    {
        _plan.Forward(_input, _logits);
        if (_pass.Rule is not null)
            _plan.Backward(_seed, _pass.Rule, _gradient);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _engine.Dispose();
    }
}
