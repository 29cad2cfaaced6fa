namespace Preimage.Algorithms.Tests.Training;

/// <summary>Trains <see cref="DrawnShapes.SmallNetwork"/> by plain loops in double: convolution, ReLU, pooling and dense layers written out, and the papers' steps.</summary>
internal sealed class TrainingOracle
{
    const int Size = DrawnShapes.Size, Plane = Size * Size, Half = Size / 2, Filters = 6, Flat = Filters * Half * Half, Hidden = 12, Classes = 3;

    readonly int _channels;
    readonly Dictionary<string, double[]> _gradients = [], _first = [], _second = [];
    int _steps;

    /// <summary>Starts from given weights.</summary>
    public TrainingOracle(int channels, Dictionary<string, float[]> start)
    {
        _channels = channels;
        Values = start.ToDictionary(s => s.Key, s => Array.ConvertAll(s.Value, v => (double)v));
        foreach ((string name, double[] values) in Values)
            (_gradients[name], _first[name], _second[name]) = (new double[values.Length], new double[values.Length], new double[values.Length]);
    }

    /// <summary>The parameters by name: conv.weight and so on.</summary>
    public Dictionary<string, double[]> Values { get; }

    /// <summary>The cross-entropy of a sample, and its class.</summary>
    public (double Loss, int Class) Classify(double[] x, int label)
    {
        double[] scores = Forward(x).Scores;
        double most = scores.Max(), sum = scores.Sum(s => Math.Exp(s - most));
        return (Math.Log(sum) + most - scores[label], Array.IndexOf(scores, most));
    }

    /// <summary>Learns from a batch.</summary>
    /// <returns>The sum of losses before the step.</returns>
    public double Step(IReadOnlyList<(double[] X, int Label)> batch, Action<double[], double[], double[], double[], int> update)
    {
        foreach (double[] gradient in _gradients.Values)
            Array.Clear(gradient);
        double loss = 0;
        foreach ((double[] x, int label) in batch)
        {
            loss += Classify(x, label).Loss;
            Backward(x, label, 1.0 / batch.Count);
        }

        _steps++;
        foreach ((string name, double[] values) in Values)
            update(values, _gradients[name], _first[name], _second[name], _steps);
        return loss;
    }

    (double[] Relu, int[] Switches, double[] Pooled, double[] Hidden, double[] Scores) Forward(double[] x)
    {
        var relu = new double[Filters * Plane];
        double[] w = Values["conv.weight"], bias = Values["conv.bias"];
        for (int k = 0; k < Filters; k++)
        {
            for (int i = 0; i < Plane; i++)
            {
                double sum = bias[k];
                Taps(i, (c, tap, from) => sum += w[(k * _channels + c) * 9 + tap] * x[c * Plane + from]);
                relu[k * Plane + i] = Math.Max(0, sum);
            }
        }

        (var pooled, var switches) = (new double[Flat], new int[Flat]);
        for (int i = 0; i < Flat; i++)
        {
            int k = i / (Half * Half), y = i / Half % Half, u = i % Half, best = k * Plane + 2 * y * Size + 2 * u;
            foreach (int place in (int[])[best, best + 1, best + Size, best + Size + 1])
            {
                if (relu[place] > relu[best])
                    best = place;
            }

            (pooled[i], switches[i]) = (relu[best], best);
        }

        double[] hidden = Array.ConvertAll(Dense("hidden", pooled, Hidden), v => Math.Max(0, v));
        return (relu, switches, pooled, hidden, Dense("logits", hidden, Classes));
    }

    void Backward(double[] x, int label, double factor)
    {
        (double[] relu, int[] switches, double[] pooled, double[] hidden, double[] scores) = Forward(x);
        double most = scores.Max(), sum = scores.Sum(s => Math.Exp(s - most));
        double[] signal = [.. scores.Select((s, c) => factor * (Math.Exp(s - most) / sum - (c == label ? 1 : 0)))];
        signal = DenseBack("logits", hidden, signal);
        for (int i = 0; i < Hidden; i++)
            signal[i] = hidden[i] > 0 ? signal[i] : 0;
        signal = DenseBack("hidden", pooled, signal);
        double[] w = _gradients["conv.weight"], bias = _gradients["conv.bias"];
        for (int i = 0; i < Flat; i++)
        {
            if (!(relu[switches[i]] > 0))
                continue;
            (int k, double r) = (switches[i] / Plane, signal[i]);
            bias[k] += r;
            Taps(switches[i] % Plane, (c, tap, from) => w[(k * _channels + c) * 9 + tap] += r * x[c * Plane + from]);
        }
    }

    void Taps(int place, Action<int, int, int> tap)
    {
        for (int c = 0; c < _channels; c++)
        {
            for (int t = 0; t < 9; t++)
            {
                int y = place / Size + t / 3 - 1, u = place % Size + t % 3 - 1;
                if (y is >= 0 and < Size && u is >= 0 and < Size)
                    tap(c, t, y * Size + u);
            }
        }
    }

    double[] Dense(string name, double[] x, int outputs)
    {
        double[] w = Values[$"{name}.weight"], bias = Values[$"{name}.bias"];
        return [.. Enumerable.Range(0, outputs).Select(o => bias[o] + x.Select((v, i) => v * w[o * x.Length + i]).Sum())];
    }

    double[] DenseBack(string name, double[] x, double[] signal)
    {
        double[] w = Values[$"{name}.weight"], dw = _gradients[$"{name}.weight"], bias = _gradients[$"{name}.bias"];
        var back = new double[x.Length];
        for (int o = 0; o < signal.Length; o++)
        {
            bias[o] += signal[o];
            for (int i = 0; i < x.Length; i++)
            {
                dw[o * x.Length + i] += signal[o] * x[i];
                back[i] += signal[o] * w[o * x.Length + i];
            }
        }

        return back;
    }
}
