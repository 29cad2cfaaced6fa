using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Layers.Weights;

namespace Preimage.Perf.Training;

/// <summary>A network ready to take a step again and again on the same drawn batch: forward, loss, backward, descent with decay, all weights and biases.</summary>
internal sealed class TrainingRun : IDisposable
{
    const float Rho = 0.9f, Decay = 0.0005f;

    /// <summary>More steps than are ever taken: the rate is read at the step's number.</summary>
    const int MostSteps = 1 << 20;

    readonly Parameters _parameters;
    readonly Engine _engine;
    readonly ExecutionPlan _plan;
    readonly DeviceLoop _loop;
    readonly DeviceArray<float> _input, _logits, _signal, _rates;
    readonly DeviceArray<int> _labels, _predictions;
    readonly DeviceArray<double> _losses;
    readonly (DeviceArray<float> Values, DeviceArray<float> Gradient, DeviceArray<float>? Momentum)[] _steps;
    readonly Action _step;

    /// <param name="network">What is trained, in a copy.</param>
    /// <param name="batch">Samples of a step.</param>
    /// <param name="momentum">Whether there is momentum.</param>
    /// <param name="threads">Threads.</param>
    public TrainingRun(Network network, int batch, bool momentum, int threads)
    {
        _parameters = Parameters.Of(network);
        _engine = _parameters.Network.On(Device.Cpu, new EngineOptions { Threads = threads });
        _plan = _engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward, GradientsOf = [], ParametersOf = [.. _parameters.All.Select(p => p.Node.Name).Distinct()] });
        _loop = _plan.CreateLoop();
        var input = new float[network.InputShape.WithSamples(batch).Count];
        Values.Fill(0, input);
        _input = _loop.Allocate<float>(network.InputShape.WithSamples(batch), input);
        (_logits, _signal) = (_loop.Allocate<float>(_plan.SeedShape), _loop.Allocate<float>(_plan.SeedShape));
        int classes = _plan.SeedShape.SampleCount;
        _labels = _loop.Allocate<int>(new Shape(batch), [.. Enumerable.Range(0, batch).Select(n => n % classes)]);
        _predictions = _loop.Allocate<int>(new Shape(batch));
        _losses = _loop.Allocate<double>(new Shape(batch));
        // A rate so small that weights stay what they are: the work of a step does not depend on it.
        var rates = new float[MostSteps];
        Array.Fill(rates, 1e-9f);
        _rates = _loop.Allocate<float>(new Shape(MostSteps), rates);
        _steps =
        [
            .. _parameters.All.Select(p => (_loop.Parameter(p.Node, p.Role), _loop.ParameterGradient(p.Node, p.Role),
                momentum ? _loop.Allocate<float>(new Shape(1, 1, 1, p.Count)) : null)),
        ];
        _loop.SetSeed(_parameters.Network.Output, _signal);
        _step = Step;
    }

    /// <summary>The plan, to be profiled.</summary>
    public ExecutionPlan Plan => _plan;

    /// <summary>One step.</summary>
    public void Once() => _loop.Repeat(_step, 1);

    public void Dispose()
    {
        _loop.Dispose();
        _plan.Dispose();
        _engine.Dispose();
        _parameters.Dispose();
    }

    void Step()
    {
        _loop.SetInput(_parameters.Network.Input, _input);
        _loop.Forward();
        _loop.Read(_parameters.Network.Output, _logits);
        _loop.Arrays.SoftmaxLoss(_logits, _labels, 1f / _labels.Count, _signal, _losses, _predictions);
        _loop.Backward(BackwardRule.Gradient);
        foreach ((DeviceArray<float> values, DeviceArray<float> gradient, DeviceArray<float>? momentum) in _steps)
            _loop.Arrays.DescentStep(values, gradient, momentum, _rates, Rho, Decay);
        _loop.RefreshParameters();
    }
}
