using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Metrics;

/// <summary>How badly a map foretells what the target loses when the image changes: the mean over perturbations I of (I.Phi - (f(x) - f(x - I)))^2.</summary>
/// <remarks>
/// <para>Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019, section 2, with captum's conventions; f is the target's value, a logit. <c>infidelity</c> is that mean, in squared
/// units of the target. <c>normalised</c> is captum's with <c>normalize=True</c>: Phi is first scaled by beta = mean(I.Phi (f(x) - f(x - I))) / mean((I.Phi)^2), the factor that suits
/// it best, so that a map's scale does not count. <c>unexplained</c> is the latter divided by mean((f(x) - f(x - I))^2): 0 where the map foretells everything, 1 where nothing.</para>
/// <para>Unless perturbations are given, I is Gaussian noise with 0.2 times the deviation of the image's own values. For these I the maps that suit are gradients (captum calls them
/// local); maps that hold the input as a factor foretell removals, and are at a disadvantage. Of a map of one channel each of the input's channels gets an equal share.</para>
/// </remarks>
public sealed class Infidelity : AttributionMetric
{
    /// <summary>Perturbations per image, at least 1.</summary>
    public int Samples { get; init; } = 50;

    /// <summary>The noise's deviation as a part of the image's own, above 0.</summary>
    public double Noise { get; init; } = 0.2;

    /// <summary>What is taken from every image, one sample's values each, in place of draws; null draws.</summary>
    public IReadOnlyList<Tensor<float>>? Perturbations { get; init; }

    /// <inheritdoc/>
    public override string Name => "infidelity";

    /// <inheritdoc/>
    public override string Meaning => "How badly the map foretells what the class's logit loses when the image changes.";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => Perturbations is { } given
        ? [KeyValuePair.Create("perturbations", $"{given.Count} given")]
        : [KeyValuePair.Create("noise", FormattableString.Invariant($"{Noise}")), KeyValuePair.Create("samples", $"{Samples}")];

    internal override IReadOnlyList<MetricColumn> Columns { get; } =
        [new("infidelity", Better.Lower), new("normalised", Better.Lower), new("unexplained", Better.Lower)];

    internal override void Run(MetricRun run)
    {
        int samples = Perturbations?.Count ?? Samples;
        if (samples < 1 || !(Noise > 0))
            throw new PreimageException($"{Name}: {samples} perturbations with a noise of {Noise}; there must be at least 1, and the noise above 0");
        var draws = new PerturbationDraws(Name, Perturbations, run.Shape.Count);
        var shapes = new Dictionary<Node, Shape> { [run.Input] = run.Shape };
        PointPasses? passes = null;
        try
        {
            run.Each(picture =>
            {
                ReadOnlySpan<float> map = run.Explain(picture, picture.Target).Row(0);
                if (!MetricRun.HasSignal(map))
                    return;
                float[] phi = MapPlanes.PerValue(map, run.Shape, Name);
                // The target's node is known with the first image.
                passes ??= new PointPasses(run.Engine, picture.Node, shapes, samples, run.Options.MemoryBudget);
                Measure(run, picture, phi, draws, samples, passes);
            });
        }
        finally
        {
            passes?.Dispose();
        }
    }

    void Measure(MetricRun run, MeasuredPicture picture, float[] phi, PerturbationDraws draws, int samples, PointPasses passes)
    {
        double[] foretold = new double[samples], lost = new double[samples];
        double clean = picture.Score(picture.Outputs);
        Distribution noise = Distribution.Gaussian(Math.Max(Noise * Deviation(picture.Values), double.Epsilon));
        passes.Forward(samples, (i, _, values) =>
        {
            draws.Take(picture, i, noise, values);
            foretold[i] = Dot(values, phi);
            TensorPrimitives.Subtract(picture.Values, values, values);
        }, (i, outputs) => lost[i] = clean - picture.Score(outputs), run.Cancellation);

        double squares = 0, products = 0, losses = 0, errors = 0;
        for (int i = 0; i < samples; i++)
        {
            squares += foretold[i] * foretold[i];
            products += foretold[i] * lost[i];
            losses += lost[i] * lost[i];
            errors += (foretold[i] - lost[i]) * (foretold[i] - lost[i]);
        }

        double beta = squares == 0 ? 0 : products / squares;
        double least = Math.Max(0, beta * beta * squares - 2 * beta * products + losses);
        run.Set("infidelity", picture.Index, errors / samples);
        run.Set("normalised", picture.Index, least / samples);
        run.Set("unexplained", picture.Index, losses > 0 ? least / losses : double.NaN);
    }

    static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    static double Deviation(float[] values)
    {
        double mean = values.Sum(v => (double)v) / values.Length;
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }
}
