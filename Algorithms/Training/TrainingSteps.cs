using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training;

/// <summary>The work of training on a device: a step on a batch, a test of a batch, and the arrays they leave.</summary>
internal sealed class TrainingSteps : IDisposable
{
    readonly Parameters _parameters;
    readonly Optimiser _optimiser;
    readonly ExecutionPlan _plan;
    readonly DeviceLoop _loop;
    readonly Node _input, _logits;
    readonly DeviceArray<float> _pixels, _scores, _signal, _rates;
    readonly DeviceArray<int> _labels, _predictions;
    readonly DeviceArray<double> _losses;
    readonly Learnt[] _learnt;
    readonly Dictionary<int, Action> _learn = [];
    readonly Action _test;
    readonly double[] _lossesHere;
    readonly int[] _predictionsHere;
    readonly int _steps;

    /// <summary>Makes the plan and its arrays.</summary>
    /// <param name="parameters">What is learnt.</param>
    /// <param name="engine">Their network on a device.</param>
    /// <param name="optimiser">How.</param>
    /// <param name="batch">Samples of a step.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <exception cref="PreimageException">The network has nothing that can be learnt.</exception>
    public TrainingSteps(Parameters parameters, Engine engine, Optimiser optimiser, int batch, int steps)
    {
        (_parameters, _optimiser, _steps) = (parameters, optimiser, steps);
        Network network = parameters.Network;
        _input = network.Input;
        _logits = Logits.Of(network, out _);
        HashSet<Node> before = Ancestors(_logits);
        Parameter[] learnt = [.. parameters.All.Where(p => before.Contains(p.Node))];
        if (learnt.Length == 0)
            throw new PreimageException("the network has no layer with weights before its logits: there is nothing to learn");
        _plan = engine.Plan(new PlanOptions
        {
            Batch = batch, Keep = Keep.ForBackward, Observe = [_logits.Name], SeedNode = _logits.Name, GradientsOf = [],
            ParametersOf = [.. learnt.Select(p => p.Node.Name).Distinct()],
        });
        try
        {
            _loop = _plan.CreateLoop();
            Shape scores = _plan.ShapeOf(_logits), one = new(batch);
            _pixels = _loop.Allocate<float>(_plan.ShapeOf(_input));
            (_scores, _signal) = (_loop.Allocate<float>(scores), _loop.Allocate<float>(scores));
            (_labels, _predictions, _losses) = (_loop.Allocate<int>(one), _loop.Allocate<int>(one), _loop.Allocate<double>(one));
            _rates = _loop.Allocate<float>(new Shape(steps * optimiser.RatesPerStep));
            _learnt = Array.ConvertAll(learnt, Prepare);
            _loop.SetSeed(_logits, _signal);
        }
        catch
        {
            _loop?.Dispose();
            _plan.Dispose();
            throw;
        }

        (_lossesHere, _predictionsHere) = (new double[batch], new int[batch]);
        _test = () => Score(0);
    }

    /// <summary>Learns from a batch.</summary>
    /// <returns>The sum of its losses before the step, and how many samples were classified wrongly.</returns>
    public (double Loss, int Wrong) Learn(Batch batch)
    {
        // A body's numbers are recorded with it: one for full batches, one for the last.
        int samples = batch.Samples;
        if (!_learn.TryGetValue(samples, out Action? body))
            _learn[samples] = body = () => Learn(1f / samples);
        return Run(body, batch);
    }

    /// <summary>Classifies a batch with the parameters as they are.</summary>
    public (double Loss, int Wrong) Test(Batch batch) => Run(_test, batch);

    /// <summary>Says which steps come: to be called before the first of an epoch, and where one goes on.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="step">Its steps that are done.</param>
    /// <param name="factor">What the learning rate is multiplied by.</param>
    public void StartEpoch(int epoch, int step, double factor)
    {
        var rates = new float[_rates.Count];
        _optimiser.FillRates((long)epoch * _steps, factor, rates);
        _rates.Upload(rates);
        _loop.Counter.Upload([step]);
    }

    /// <summary>The values of all parameters that are learnt, by name.</summary>
    public IEnumerable<(string Name, float[] Values)> ReadParameters() => _learnt.Select(l => (l.Name, Values(l.Parameter)));

    /// <summary>What the optimiser keeps of them, by name.</summary>
    public IEnumerable<(string Name, float[] Values)> ReadStates() => _learnt.SelectMany(l => _optimiser.States.Select((state, i) => ($"{l.Name}/{state}", l.States[i].ToArray())));

    /// <summary>Takes values of the parameters.</summary>
    public void WriteParameters(Func<string, float[]> values)
    {
        foreach (Learnt learnt in _learnt)
            _parameters.Write(learnt.Parameter, values(learnt.Name));
    }

    /// <summary>Takes what the optimiser keeps.</summary>
    public void WriteStates(Func<string, float[]> values)
    {
        foreach (Learnt learnt in _learnt)
        {
            for (int i = 0; i < learnt.States.Length; i++)
                learnt.States[i].Upload(values($"{learnt.Name}/{_optimiser.States[i]}"));
        }
    }

    /// <summary>Frees the arrays and the plan.</summary>
    public void Dispose()
    {
        _loop.Dispose();
        _plan.Dispose();
    }

    (double Loss, int Wrong) Run(Action body, Batch batch)
    {
        _pixels.Upload(batch.Pixels);
        _labels.Upload(batch.Labels);
        _loop.Repeat(body, 1);
        _losses.Download(_lossesHere);
        _predictions.Download(_predictionsHere);
        double loss = 0;
        int wrong = 0;
        for (int row = 0; row < batch.Samples; row++)
        {
            loss += _lossesHere[row];
            wrong += _predictionsHere[row] == batch.Labels[row] ? 0 : 1;
        }

        return (loss, wrong);
    }

    void Score(float factor)
    {
        _loop.SetInput(_input, _pixels);
        _loop.Forward();
        _loop.Read(_logits, _scores);
        _loop.Arrays.SoftmaxLoss(_scores, _labels, factor, _signal, _losses, _predictions);
    }

    void Learn(float factor)
    {
        Score(factor);
        _loop.Backward(BackwardRule.Gradient);
        foreach (Learnt learnt in _learnt)
            _optimiser.Step(_loop.Arrays, learnt.Values, learnt.Gradient, learnt.States, _rates);
        _loop.RefreshParameters();
    }

    Learnt Prepare(Parameter parameter)
    {
        DeviceArray<float> values = _loop.Parameter(parameter.Node, parameter.Role);
        return new Learnt(
            $"{parameter}", parameter, values, _loop.ParameterGradient(parameter.Node, parameter.Role), [.. _optimiser.States.Select(_ => _loop.Allocate<float>(values.Shape))]);
    }

    float[] Values(Parameter parameter)
    {
        var values = new float[parameter.Count];
        _parameters.Read(parameter, values);
        return values;
    }

    static HashSet<Node> Ancestors(Node node)
    {
        var found = new HashSet<Node>();
        var open = new Stack<Node>([node]);
        while (open.TryPop(out Node? next))
        {
            if (!found.Add(next))
                continue;
            foreach (Node input in next.Inputs)
                open.Push(input);
        }

        return found;
    }

    /// <summary>A parameter with all that a step of it takes.</summary>
    sealed record Learnt(string Name, Parameter Parameter, DeviceArray<float> Values, DeviceArray<float> Gradient, DeviceArray<float>[] States);
}
