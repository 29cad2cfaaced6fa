using System.Diagnostics;
using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>One measurement: its images, the numbers found so far, and how far it is.</summary>
internal sealed class MetricRun
{
    readonly AttributionInputs _inputs;
    readonly IProgress<MetricProgress>? _progress;
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly Dictionary<string, double[]> _values = [];
    readonly List<(string Name, string Axis, Better Better, List<(string Place, double[] Values)> Points)> _curves = [];

    public MetricRun(
        AttributionMetric metric, AttributionMethod method, Tensor<float> inputs, MetricOptions options, IProgress<MetricProgress>? progress, CancellationToken cancellation)
    {
        (Metric, Method, Options, _progress, Cancellation) = (metric, method, options, progress, cancellation);
        if (!(options.Confidence is > 0 and < 1))
            throw new PreimageException($"{metric.Name}: a confidence of {options.Confidence} is not between 0 and 1");
        Input = Engine.Network.Input;
        _inputs = new AttributionInputs(Engine.Network, new Dictionary<string, Tensor<float>> { [Input.Name] = inputs });
        Count = _inputs.Samples;
        Shape = _inputs.Shapes[Input].WithSamples(1);
        foreach (MetricColumn column in metric.Columns)
            _values[column.Name] = Unmeasured();
    }

    public AttributionMetric Metric { get; }

    public AttributionMethod Method { get; }

    public MetricOptions Options { get; }

    public CancellationToken Cancellation { get; }

    public Engine Engine => Method.Engine;

    public Node Input { get; }

    /// <summary>How many images there are.</summary>
    public int Count { get; }

    /// <summary>The shape of one image, N being 1.</summary>
    public Shape Shape { get; }

    /// <summary>The options of every attribution.</summary>
    public AttributionOptions MapOptions => new() { MemoryBudget = Options.MemoryBudget };

    /// <summary>An image.</summary>
    public MeasuredPicture Picture(int index) => new(this, index, _inputs.Sample(Input, index).ToArray());

    /// <summary>Measures all images, one after the other.</summary>
    public void Each(Action<MeasuredPicture> measure)
    {
        for (int n = 0; n < Count; n++)
        {
            Cancellation.ThrowIfCancellationRequested();
            measure(Picture(n));
            Report((n + 1.0) / Count);
        }
    }

    /// <summary>Explains an image.</summary>
    public AttributionResult Explain(MeasuredPicture picture, params IReadOnlyList<Target> targets) => Explain(Method, picture.Tensor, targets);

    /// <summary>Explains images that a metric made.</summary>
    public AttributionResult Explain(AttributionMethod method, Tensor<float> images, params IReadOnlyList<Target> targets) =>
        method.Attribute(images, targets, MapOptions, cancellation: Cancellation);

    /// <summary>Whether a map can be measured: it is finite and not zero everywhere.</summary>
    public static bool HasSignal(ReadOnlySpan<float> map) => map.ContainsAnyExcept(0f) && TensorPrimitives.IsFiniteAll(map);

    /// <summary>Sets a number of an image.</summary>
    public void Set(string column, int picture, double value) => _values[column][picture] = value;

    /// <summary>Sets the numbers of an image along a curve; every image has the same places.</summary>
    public void SetCurve(string name, string axis, Better better, IReadOnlyList<string> places, int picture, ReadOnlySpan<double> values)
    {
        int at = _curves.FindIndex(c => c.Name == name);
        if (at < 0)
        {
            at = _curves.Count;
            _curves.Add((name, axis, better, [.. places.Select(p => (p, Unmeasured()))]));
        }

        for (int i = 0; i < values.Length; i++)
            _curves[at].Points[i].Values[picture] = values[i];
    }

    /// <summary>Tells how far the measurement is.</summary>
    public void Report(double part) =>
        _progress?.Report(new MetricProgress(Metric.Name, Method.Name, part, part > 0 ? _clock.Elapsed * ((1 - part) / part) : null));

    /// <summary>What was found.</summary>
    public MetricResult Result()
    {
        MetricSeries Series(string name, double[] values, Better better) => MetricSeries.Of(name, values, Options.Confidence, better);
        return new MetricResult(Metric.Name, Method.Name, [.. Metric.Columns.Select(c => Series(c.Name, _values[c.Name], c.Better))])
        {
            Curves = [.. _curves.Select(c => new MetricCurve(c.Name, c.Axis, [.. c.Points.Select(p => Series(p.Place, p.Values, c.Better))]))],
            Settings = [.. Metric.Settings, .. Method.Settings.Select(s => KeyValuePair.Create($"{Method.Name} {s.Key}", s.Value))],
            Options = Options,
            Elapsed = _clock.Elapsed,
        };
    }

    double[] Unmeasured()
    {
        var values = new double[Count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
