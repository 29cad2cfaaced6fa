using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Attribution;

/// <summary>Another method's maps at noisy copies of the input, put together: their mean, mean of squares, or variance.</summary>
/// <remarks>
/// SmoothGrad: Smilkov, Thorat, Kim, Viegas and Wattenberg 2017, section 3. VarGrad: Adebayo et al. 2018. Arg-max and top-k targets are those of the input
/// without noise. The noise of copy s follows from the seed and s alone and is the same for every sample, so that a sample's map does not depend on the batch.
/// <see cref="Samples"/> runs of the method for every sample.
/// </remarks>
public sealed class SmoothGrad : AttributionMethod
{
    /// <summary>Host bytes of noisy copies and their maps where nobody says.</summary>
    const long HostBytes = 256L << 20;

    /// <summary>Wraps a method.</summary>
    public SmoothGrad(AttributionMethod method) : base((method ?? throw new ArgumentNullException(nameof(method))).Engine) => Method = method;

    /// <inheritdoc/>
    public override string Name => Method.Name + Statistic switch { Smoothing.Mean => "-smooth", Smoothing.MeanOfSquares => "-smooth-squared", _ => "-variance" };

    /// <summary>The method that is run on noisy copies.</summary>
    public AttributionMethod Method { get; }

    /// <summary>Noisy copies of every sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Samples
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least 1 noisy copy is needed");
    } = 25;

    /// <summary>The standard deviation of the noise: as a share of the difference of the input's largest and smallest value, or, where
    /// <see cref="IsAbsolute"/>, in the input's own unit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double Deviation
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "a deviation is 0 or more");
    } = 0.15;

    /// <summary>Whether <see cref="Deviation"/> is in the input's unit.</summary>
    public bool IsAbsolute { get; init; }

    /// <summary>The seed of the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>What is made of the maps.</summary>
    public Smoothing Statistic { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings =>
    [
        new("of", Method.Name), new("statistic", $"{Statistic}"), new("samples", $"{Samples}"),
        new("deviation", IsAbsolute ? $"{Deviation:G6}" : $"{Deviation:G6} of the range"), new("seed", $"{Seed}"), .. Method.Settings,
    ];

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) =>
        new SmoothGrad(Method.On(engine)) { Samples = Samples, Deviation = Deviation, IsAbsolute = IsAbsolute, Seed = Seed, Statistic = Statistic };

    private protected override AttributionResult Run(AttributionRequest request)
    {
        request.RequireNoRecord(this);
        AttributionInputs inputs = request.Inputs;
        FixedTargets targets = FixedTargets.Resolve(Engine, request);
        int rows = targets.MapsPerSample, atOnce = AtOnce(inputs, rows, request.Options.MemoryBudget);
        var moments = new Dictionary<string, MapMoments>();
        for (int n = 0; n < inputs.Samples; n++)
        {
            for (int first = 0; first < Samples; first += atOnce)
            {
                int count = Math.Min(atOnce, Samples - first);
                AttributionInputs noisy = inputs.Copies(count, n, (copy, input, values) => AddNoise(first + copy, input, values));
                AttributionResult result = Method.Attribute(request with { Inputs = noisy, Targets = targets.Of(n), Progress = null });
                foreach ((string name, Tensor<float> maps) in result.Maps)
                {
                    if (!moments.TryGetValue(name, out MapMoments? sum))
                        moments[name] = sum = new MapMoments(inputs.Samples, rows, maps);
                    for (int copy = 0; copy < count; copy++)
                        sum.Add(n, first + copy, maps, copy);
                }

                request.Report((n + (double)(first + count) / Samples) * rows, inputs.Samples * rows);
            }
        }

        Dictionary<string, float[]> finished = moments.ToDictionary(m => m.Key, m => m.Value.Finish(Statistic, Samples));
        List<string> notes = AttributionNotes.Of(Name, targets.Resolver, finished.ToDictionary(m => Engine.Network.Nodes[m.Key], m => m.Value), inputs.Samples * rows);
        return new AttributionResult(
            this, request.Options, finished.ToDictionary(m => m.Key, m => Tensor.Create(m.Value, moments[m.Key].Lengths)), targets.Units, notes, null);
    }

    /// <summary>Copies run together: the budget, or what the host is granted, divided by a copy and its maps.</summary>
    int AtOnce(AttributionInputs inputs, int rows, long? budget)
    {
        long each = inputs.Nodes.Sum(i => sizeof(float) * (long)inputs.Sample(i, 0).Length) * (1 + rows);
        return (int)Math.Clamp((budget ?? HostBytes) / each, 1, Samples);
    }

    void AddNoise(int copy, Node input, Span<float> values)
    {
        double deviation = IsAbsolute ? Deviation : Deviation * ((double)TensorPrimitives.Max<float>(values) - TensorPrimitives.Min<float>(values));
        // A stream for every copy of every input: any one without the others.
        ulong stream = ((ulong)Engine.Network.Inputs.ToList().IndexOf(input) << 32) | (uint)copy;
        float[] noise = new SeededWeights(Seed, stream, Distribution.Gaussian(1), values.Length).ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] + deviation * noise[i]);
    }
}
