using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>A map in the forms that maps are compared in, made once for each side.</summary>
internal sealed class MapLook
{
    readonly float[] _ranks, _magnitudeRanks, _shown;
    readonly float[]? _hog;
    readonly Shape _shape;

    MapLook(ReadOnlySpan<float> map, Shape shape, HogLook? hog)
    {
        _shape = shape;
        _ranks = Ranks.Of(map);
        var magnitudes = new float[map.Length];
        TensorPrimitives.Abs(map, magnitudes);
        _magnitudeRanks = Ranks.Of(magnitudes);
        _shown = DisplayNormalisation.Of(MapPlanes.ToFloats(MapPlanes.Reduce(map, shape.H * shape.W, ChannelReduction.SumAbs)));
        _hog = hog?.Of(_shown);
    }

    /// <summary>The numbers that maps are compared by.</summary>
    public static readonly IReadOnlyList<string> Measures = ["ssim", "hog", "rank", "rank-abs"];

    /// <summary>A map's forms, or null where it has no signal.</summary>
    /// <param name="map">C x H x W values.</param>
    /// <param name="shape">Rows and columns.</param>
    /// <param name="hog">The descriptor, or null where maps are too small for one.</param>
    public static MapLook? Of(ReadOnlySpan<float> map, Shape shape, HogLook? hog) => MetricRun.HasSignal(map) ? new MapLook(map, shape, hog) : null;

    /// <summary>How alike two maps are, in the order of <see cref="Measures"/>.</summary>
    public double[] Compare(MapLook other) =>
    [
        Math.Min(_shape.H, _shape.W) >= StructuralSimilarity.Window ? StructuralSimilarity.Mean(_shown, other._shown, _shape.H, _shape.W) : double.NaN,
        _hog is not null ? Correlation.Pearson(_hog, other._hog) : double.NaN,
        Correlation.Pearson(_ranks, other._ranks),
        Correlation.Pearson(_magnitudeRanks, other._magnitudeRanks),
    ];
}
