using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>A network's passes on two devices over the same numbers.</summary>
internal sealed class Passes : IDisposable
{
    readonly ExecutionPlan _plan;
    readonly Node[] _inputs;

    public Passes(Engine engine, PlanOptions options)
    {
        _plan = engine.Plan(options with { Keep = Keep.ForBackward });
        _inputs = [.. engine.Network.Inputs];
        Output = engine.Network.Output;
    }

    public ExecutionPlan Plan => _plan;

    public Node Output { get; }

    /// <summary>Runs forward on drawn inputs.</summary>
    /// <returns>The output.</returns>
    public float[] Forward(ulong seed)
    {
        for (int i = 0; i < _inputs.Length; i++)
            _plan.SetInput(_inputs[i], Draw.Normal(seed + (ulong)i, _plan.ShapeOf(_inputs[i])));
        _plan.Forward();
        var y = new float[_plan.ShapeOf(Output).Count];
        _plan.Read(Output, y);
        return y;
    }

    /// <summary>Runs back a drawn signal.</summary>
    /// <returns>The gradient of every input.</returns>
    public float[][] Backward(ulong seed, BackwardRule rule)
    {
        _plan.Backward(Draw.Normal(seed + 99, _plan.SeedShape), rule);
        return [.. _plan.Gradients.Select(node =>
        {
            var gradient = new float[_plan.GradientShape(node).Count];
            _plan.ReadGradient(node, gradient);
            return gradient;
        })];
    }

    public void Dispose() => _plan.Dispose();
}
