using Preimage.Layers;
using Preimage.Layers.Backends.Cpu;

namespace Preimage.Perf.Convolutions;

/// <summary>A network of one convolution, computed by a forced implementation, timed in one direction.</summary>
internal sealed class OneConvolution : IDisposable
{
    readonly Engine _engine;
    readonly ExecutionPlan _plan;
    readonly PassDirection _direction;
    readonly Node _node;

    OneConvolution(Engine engine, ExecutionPlan plan, Network network, PassDirection direction) =>
        (_engine, _plan, _node, _direction) = (engine, plan, network.Output, direction);

    /// <summary>Prepares it; null where the implementation does not support the problem.</summary>
    public static OneConvolution? TryMake(Network network, ConvolutionImplementation implementation, PassDirection direction, int batch, int threads)
    {
        Engine engine = network.On(Device.Cpu, new EngineOptions
        {
            Threads = threads, Force = new Dictionary<string, string> { [ConvolutionList.Operator] = implementation.Name },
        });
        try
        {
            ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Keep = direction == PassDirection.Forward ? Keep.Nothing : Keep.ForBackward });
            var input = new float[plan.ShapeOf(network.Input).Count];
            Values.Fill(0, input);
            plan.Forward(input, new float[plan.ShapeOf(network.Output).Count]);
            return new OneConvolution(engine, plan, network, direction);
        }
        catch (PreimageException)
        {
            engine.Dispose();
            return null;
        }
    }

    /// <summary>Milliseconds of the convolution's own operator, run by run.</summary>
    public double[] Side(int runs)
    {
        var times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            times[i] = _plan.Profile(1, _direction == PassDirection.Forward ? null : BackwardRule.Gradient)
                .Where(p => p.Node == _node && p.Direction == _direction).Sum(p => p.Milliseconds);
        }

        return times;
    }

    public void Dispose()
    {
        _plan.Dispose();
        _engine.Dispose();
    }
}
