using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>What methods draw out of networks that were never trained (Nie, Zhang and Patel 2018, section 3).</summary>
internal static class RecoveryExhibit
{
    // A few pixels at edges are far stronger than all others; without clipping them the rest would be grey.
    static readonly MapRenderer s_look = MapRenderer.SignedRgb with { Percentile = 99, MinimumWidth = 1 };

    /// <summary>Draws the results.</summary>
    /// <param name="picture">The picture that went through the networks.</param>
    /// <param name="results">What came back.</param>
    /// <param name="seed">The seed of the networks.</param>
    /// <param name="command">The command line that makes them, or null.</param>
    public static FiguresExhibit Make(Picture picture, IReadOnlyList<RecoveredPicture> results, ulong seed, string? command) => new()
    {
        Title = "Networks that know nothing",
        LookFor = "Nothing was trained here, so there is nothing to explain. Still, guided backpropagation draws the picture, and DeconvNet does as soon as there is max pooling; saliency draws noise.",
        Id = "untrained",
        Figures =
        [
            new GalleryFigure
            {
                Title = "the picture",
                Caption = $"{picture.Width}x{picture.Height} pixels, drawn by the program.",
                Alt = "A drawing of a house and a tree under the sun",
                Picture = picture,
                Command = command,
            },
            .. results.Select(r => Figure(r, command)),
        ],
        Facts = [new("networks", "256 filters of 7x7, ReLU, 10 logits, all weights random"), new("seed", $"{seed}")],
    };

    static GalleryFigure Figure(RecoveredPicture result, string? command)
    {
        CataloguedMethod method = MethodCatalogue.ByName(result.Result.Method);
        string network = result.Pool is null ? "without pooling" : "with 9x9 max pooling";
        return new GalleryFigure
        {
            Title = $"{method.Title}, {network}",
            Caption = string.Create(CultureInfo.InvariantCulture, $"Correlation with the picture: {result.Correlation:F2}."),
            Alt = string.Create(CultureInfo.InvariantCulture, $"The map of {method.Title} for an untrained network {network}; its correlation with the picture is {result.Correlation:F2}"),
            Picture = result.Result.Render(s_look).Picture,
            Command = command,
        };
    }
}
