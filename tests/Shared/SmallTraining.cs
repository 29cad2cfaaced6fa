using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Layers.Weights;

namespace Preimage.Tests.Shared;

/// <summary>Descent with momentum and decay on a few drawn samples, all in a device loop.</summary>
internal sealed class SmallTraining : IDisposable
{
    public const float Rho = 0.9f, Decay = 0.01f;

    readonly DeviceArray<float> _x, _logits, _signal;
    readonly DeviceArray<int> _labels, _predictions;
    readonly (DeviceArray<float> Values, DeviceArray<float> Gradient, DeviceArray<float> Momentum)[] _steps;
    readonly Action _body;

    public SmallTraining(Parameters parameters, Device device, int batch, float[] rates, EngineOptions? options = null)
    {
        Parameters = parameters;
        Engine = parameters.Network.On(device, options);
        Plan = Engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward, GradientsOf = [], ParametersOf = [.. parameters.All.Select(p => p.Node.Name).Distinct()] });
        Loop = Plan.CreateLoop();
        Shape shape = parameters.Network.InputShape.WithSamples(batch);
        Input = Draw.Normal(50, shape);
        Labels = [.. Enumerable.Range(0, batch).Select(n => n % Plan.SeedShape.SampleCount)];
        _x = Loop.Allocate(shape, Input);
        (_logits, _signal) = (Loop.Allocate<float>(Plan.SeedShape), Loop.Allocate<float>(Plan.SeedShape));
        (_labels, _predictions) = (Loop.Allocate<int>(new Shape(batch), Labels), Loop.Allocate<int>(new Shape(batch)));
        Losses = Loop.Allocate<double>(new Shape(batch));
        Rates = Loop.Allocate<float>(new Shape(rates.Length), rates);
        _steps = [.. parameters.All.Select(p => (Loop.Parameter(p.Node, p.Role), Loop.ParameterGradient(p.Node, p.Role), Loop.Allocate<float>(new Shape(1, 1, 1, p.Count))))];
        Loop.SetSeed(parameters.Network.Output, _signal);
        _body = Body;
    }

    public Parameters Parameters { get; }

    public Engine Engine { get; }

    public ExecutionPlan Plan { get; }

    public DeviceLoop Loop { get; }

    public float[] Input { get; }

    public int[] Labels { get; }

    public DeviceArray<double> Losses { get; }

    public DeviceArray<float> Rates { get; }

    public void Steps(int count) => Loop.Repeat(_body, count);

    /// <summary>All values, one parameter behind the other.</summary>
    public float[] State() => State(Parameters);

    public static float[] State(Parameters parameters) => [.. parameters.All.SelectMany(p =>
    {
        var values = new float[p.Count];
        parameters.Read(p, values);
        return values;
    })];

    public void Dispose()
    {
        Loop.Dispose();
        Plan.Dispose();
        Engine.Dispose();
    }

    void Body()
    {
        Loop.SetInput(Parameters.Network.Input, _x);
        Loop.Forward();
        Loop.Read(Parameters.Network.Output, _logits);
        Loop.Arrays.SoftmaxLoss(_logits, _labels, 1f / _labels.Count, _signal, Losses, _predictions);
        Loop.Backward(BackwardRule.Gradient);
        foreach ((DeviceArray<float> values, DeviceArray<float> gradient, DeviceArray<float> momentum) in _steps)
            Loop.Arrays.DescentStep(values, gradient, momentum, Rates, Rho, Decay);
        Loop.RefreshParameters();
    }
}
