using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Cli.Inputs;

namespace Preimage.Cli.Tracking;

/// <summary>A row per image: the image, its maps, the maps without the units, the reconstruction, the feature image.</summary>
/// <param name="look">How they are drawn.</param>
/// <param name="title">The line above.</param>
internal sealed class TrackSheet(FeatureLook look, string title)
{
    /// <summary>Columns of pixels a tile has at least.</summary>
    const int TileWidth = 256;

    readonly Mosaic _mosaic = new() { Title = title, Columns = 5, TileWidth = TileWidth, LabelScale = 1 };

    /// <summary>Adds an image.</summary>
    public void Add(NetworkInput input, BacktrackingResult trace, TrackedFeatures features)
    {
        ReadOnlySpan<float> maps = trace.Features;
        float[] without = maps.ToArray();
        features.Set.Suppress(without);
        float highest = System.Numerics.Tensors.TensorPrimitives.Max(maps);
        if (!(highest > 0))
            highest = 1;
        string name = Path.GetFileNameWithoutExtension(input.Source);
        if (input.Shown is { } shown)
            _mosaic.Add(shown, $"{name}: class {trace.Class}");
        else
            _mosaic.AddGap();
        _mosaic.Add(look.Maps(maps, trace.Traced.Shape, highest), $"maps of {trace.Traced.Node}");
        _mosaic.Add(look.Maps(without, trace.Traced.Shape, highest), $"without {features.Set.Count} units");
        _mosaic.Add(look.Reconstruction(features), "reconstruction");
        _mosaic.Add(look.FeatureImage(features), "feature image");
    }

    /// <summary>Draws the sheet.</summary>
    public Picture Render() => _mosaic.Render();
}
