using System.Globalization;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.FilterDecoding;

public sealed partial class DecodedFilters
{
    /// <summary>Pixels a filter of a sheet is enlarged to at least.</summary>
    const int SheetTile = 56;

    /// <summary>How images are drawn where nobody says: from their smallest to their largest value each (spec section 8); one channel in grey, three in colours, others by their sum. Three levels from -1 to 1.</summary>
    public MapRenderer DefaultRenderer => (Size.Channels switch
    {
        1 => MapRenderer.JointRgb with { Palette = Palette.Grey },
        3 => MapRenderer.JointRgb,
        _ => MapRenderer.Signed with { Percentile = 100 },
    }) with
    {
        FixedRange = Threshold is null ? null : new DisplayRange(-1, 1),
    };

    /// <summary>Draws one image.</summary>
    /// <param name="index">Its place in <see cref="Units"/>.</param>
    /// <param name="renderer">How numbers become colours, such as one whose order of channels is BGR; null for <see cref="DefaultRenderer"/>.</param>
    /// <exception cref="Layers.PreimageException">There is no such image.</exception>
    public RenderedMap Render(int index = 0, MapRenderer? renderer = null) =>
        (renderer ?? DefaultRenderer).Render(Image(index), Size.Channels, Size.Height, Size.Width);

    /// <summary>Draws all images on one sheet, each with its unit.</summary>
    /// <param name="title">The text above; null says node, size and unpooling.</param>
    /// <param name="renderer">How numbers become colours; null for <see cref="DefaultRenderer"/>.</param>
    public Picture RenderSheet(string? title = null, MapRenderer? renderer = null)
    {
        renderer = (renderer ?? DefaultRenderer) with { MinimumWidth = 1 };
        var sheet = new Mosaic { Title = title ?? Describe(), TitleScale = 2, LabelScale = 1, Margin = 8, TileWidth = SheetTile };
        for (int i = 0; i < Units.Count; i++)
            sheet.Add(Render(i, renderer).Picture, $"{Units[i]}");
        return sheet.Render();
    }

    string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{Node} decoded, {Size.Height}x{Size.Width}, {Options.Unpooling}{(Threshold is { } share ? $", threshold {share}" : "")}");
}
