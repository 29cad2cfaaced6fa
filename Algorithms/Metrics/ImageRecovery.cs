using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>How far a map is a copy of the image: a method that recovers images draws what it was given, not what the network made of it.</summary>
/// <remarks>
/// Nie, Zhang and Patel 2018, Theorem 1: guided backpropagation through one layer of many random filters tends to the locally normalised image sum_j D_j^T y_j / |y_j|,
/// y_j being the patches that the first layer sees (<see cref="LocalNormalisation"/>). <c>input</c> is Pearson's correlation of the map with the input as the network takes
/// it, <c>normalised-input</c> with the locally normalised one. A map of one channel is held against the sum over their channels.
/// </remarks>
public sealed class ImageRecovery : AttributionMetric
{
    /// <inheritdoc/>
    public override string Name => "image-recovery";

    /// <inheritdoc/>
    public override string Meaning => "How far the map is a copy of the image, as it is and with every patch scaled to the same length.";

    internal override IReadOnlyList<MetricColumn> Columns { get; } = [new("input", Better.Neither), new("normalised-input", Better.Neither)];

    internal override void Run(MetricRun run) => run.Each(picture =>
    {
        AttributionResult result = run.Explain(picture, picture.Target);
        ReadOnlySpan<float> map = result.Row(0);
        if (!MetricRun.HasSignal(map))
            return;
        Tensor<float> normalised = LocalNormalisation.Of(run.Engine.Network, picture.Tensor);
        run.Set("input", picture.Index, Correlate(map, picture.Values, run.Shape));
        run.Set("normalised-input", picture.Index, Correlate(map, TensorSpans.Dense(normalised), run.Shape));
    });

    double Correlate(ReadOnlySpan<float> map, ReadOnlySpan<float> image, Shape shape)
    {
        int plane = shape.H * shape.W;
        MapPlanes.Require(map, plane, shape, Name);
        return Correlation.Pearson(map, map.Length == image.Length ? image : MapPlanes.ToFloats(MapPlanes.Reduce(image, plane, ChannelReduction.Sum)));
    }
}
