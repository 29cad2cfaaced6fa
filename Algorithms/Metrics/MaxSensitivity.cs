using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Metrics;

/// <summary>How far the map moves, at most, when the image moves a little: |Phi(x + d) - Phi(x)| / |Phi(x)| at its largest over samples of d.</summary>
/// <remarks>
/// Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019, section 4, with captum's conventions: d is uniform on the ball of radius 0.02 in the maximum norm, in units of the network's
/// input; ten samples; Euclidean norms. The class explained is that of the image as it is. An image whose own map has no signal is left out, where captum divides by 1.
/// </remarks>
public sealed class MaxSensitivity : AttributionMetric
{
    /// <summary>Bytes of images and maps held at once where nobody says.</summary>
    const long HostBytes = 64L << 20;

    /// <summary>The ball's radius, in units of the network's input, above 0.</summary>
    public double Radius { get; init; } = 0.02;

    /// <summary>Samples per image, at least 1.</summary>
    public int Samples { get; init; } = 10;

    /// <summary>What is added to every image, one sample's values each, in place of draws; null draws.</summary>
    public IReadOnlyList<Tensor<float>>? Perturbations { get; init; }

    /// <inheritdoc/>
    public override string Name => "max-sensitivity";

    /// <inheritdoc/>
    public override string Meaning => "How far, at most, the map moves when the image moves a little, as a part of the map's own length.";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => Perturbations is { } given
        ? [KeyValuePair.Create("perturbations", $"{given.Count} given")]
        : [KeyValuePair.Create("radius", FormattableString.Invariant($"{Radius}")), KeyValuePair.Create("samples", $"{Samples}")];

    internal override IReadOnlyList<MetricColumn> Columns { get; } = [new("sensitivity", Better.Lower)];

    internal override void Run(MetricRun run)
    {
        int samples = Perturbations?.Count ?? Samples, size = run.Shape.Count;
        if (samples < 1 || !(Radius > 0))
            throw new PreimageException($"{Name}: {samples} samples in a ball of radius {Radius}; there must be at least 1, and the radius above 0");
        var draws = new PerturbationDraws(Name, Perturbations, size);
        int most = (int)Math.Clamp((run.Options.MemoryBudget ?? HostBytes) / (2L * sizeof(float) * size), 1, samples);
        run.Each(picture =>
        {
            float[] own = run.Explain(picture, picture.Target).Row(0).ToArray();
            if (!MetricRun.HasSignal(own))
                return;
            double length = Math.Sqrt(own.Sum(v => (double)v * v)), largest = 0;
            for (int first = 0; first < samples; first += most)
            {
                int count = Math.Min(most, samples - first);
                AttributionResult maps = run.Explain(run.Method, Moved(picture, draws, first, count, run.Shape), picture.Target);
                for (int i = 0; i < count; i++)
                {
                    double moved = Similarity.Distance(maps.Row(i), own) / length;
                    // NaN stays NaN.
                    largest = double.IsNaN(moved) ? moved : Math.Max(largest, moved);
                }
            }

            run.Set("sensitivity", picture.Index, largest);
        });
    }

    Tensor<float> Moved(MeasuredPicture picture, PerturbationDraws draws, int first, int count, Shape shape)
    {
        int size = shape.Count;
        var values = new float[count * size];
        for (int i = 0; i < count; i++)
        {
            Span<float> own = values.AsSpan(i * size, size);
            draws.Take(picture, first + i, Distribution.Uniform(-Radius, Radius), own);
            TensorPrimitives.Add(own, picture.Values, own);
        }

        return Tensor.Create(values, shape.WithSamples(count).ToLengths());
    }
}
