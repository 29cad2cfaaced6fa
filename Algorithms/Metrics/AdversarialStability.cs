using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>Whether the map stays when a step too small to see makes the network answer something else.</summary>
/// <remarks>
/// Nie, Zhang and Patel 2018, figure 8, with <see cref="FastGradientSign"/>. Cosines of raw maps of the image before and after the attack: in <c>cosine-old</c> both
/// maps explain the label predicted before it, in <c>cosine-new</c> both the label predicted after it, in <c>cosine-predicted</c> each its own image's. <c>step</c> is the smallest
/// step that changes the label, in grey levels. An image whose label no step changes is left out. Needs <see cref="MetricOptions.Pixels"/>; its labels take the place of
/// <see cref="MetricOptions.Target"/>.
/// </remarks>
public sealed class AdversarialStability : AttributionMetric
{
    /// <summary>The steps that are tried, in grey levels of 0 to 255, rising.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [0.5, 1, 2, 4, 8, 16];

    /// <inheritdoc/>
    public override string Name => "adversarial-stability";

    /// <inheritdoc/>
    public override string Meaning => "How alike maps stay when an attack of a few grey levels changes the network's answer.";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => [KeyValuePair.Create("steps", string.Join(", ", Steps))];

    internal override IReadOnlyList<MetricColumn> Columns { get; } =
        [new("cosine-old", Better.Neither), new("cosine-new", Better.Neither), new("cosine-predicted", Better.Neither), new("step", Better.Neither)];

    internal override void Run(MetricRun run)
    {
        var attack = new FastGradientSign(run.Engine, run.Options.Pixels ?? throw new PreimageException(
            $"{Name}: how far the network takes a grey level to be is not known; set MetricOptions.Pixels to PixelScale.Of(the preprocessing)")) { Steps = Steps };
        run.Each(picture =>
        {
            AdversarialPicture found = attack.Attack(picture.Tensor, run.Options.MemoryBudget, run.Cancellation);
            if (!found.Changed)
                return;
            Target[] labels = [Target.Class(found.Before.Class), Target.Class(found.After.Class)];
            AttributionResult before = run.Explain(picture, labels), after = run.Explain(run.Method, found.Input, labels);
            run.Set("step", picture.Index, found.Step);
            Compare("cosine-old", 0, 0);
            Compare("cosine-new", 1, 1);
            Compare("cosine-predicted", 0, 1);

            void Compare(string column, int first, int second)
            {
                if (MetricRun.HasSignal(before.Row(first)) && MetricRun.HasSignal(after.Row(second)))
                    run.Set(column, picture.Index, Similarity.Cosine(before.Row(first), after.Row(second)));
            }
        });
    }
}
