using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;

namespace Preimage.Layers.Tests.Loops;

/// <summary>A loop on the smallest of plans, for tests of arrays alone.</summary>
internal sealed class ArrayBench : IDisposable
{
    readonly Network _network;
    readonly Engine _engine;
    readonly ExecutionPlan _plan;

    public ArrayBench(EngineOptions? options = null)
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("relu", new Relu(), builder.Input("x", new Shape(1, 1))));
        _network = builder.Build();
        _engine = _network.On(Device.Cpu, options ?? new EngineOptions());
        _plan = _engine.Plan(new PlanOptions());
        Loop = _plan.CreateLoop();
    }

    public DeviceLoop Loop { get; }

    public IArrayOperators Arrays => Loop.Arrays;

    public DeviceArray<float> Array(Shape shape, params float[] values) => values.Length == 0 ? Loop.Allocate<float>(shape) : Loop.Allocate<float>(shape, values);

    public DeviceArray<double> Doubles(int count) => Loop.Allocate<double>(new Shape(count));

    public void Dispose()
    {
        Loop.Dispose();
        _plan.Dispose();
        _engine.Dispose();
        _network.Dispose();
    }
}
