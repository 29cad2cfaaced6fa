using Preimage.Algorithms.Gallery;

namespace Preimage.Gallery.Tests.Fixture;

/// <summary>A gallery of the size that a demo has: two images and classes, twelve methods, 224 x 224.</summary>
internal static class LargeGallery
{
    const int Size = 224, Methods = 12;

    /// <summary>The document.</summary>
    public static GalleryDocument Document()
    {
        GalleryTarget[] targets = [new(0, "first", 0.9), new(1, "second", 0.05)];
        GalleryImage[] images = [.. new[] { "left", "right" }.Select((name, i) => new GalleryImage { Name = name, Alt = "A disc", Picture = SyntheticMaps.Photo(Size, Size, i), Targets = targets })];
        GalleryMethod[] methods = [.. Enumerable.Range(0, Methods).Select(m => new GalleryMethod { Name = $"m{m}", Title = $"Method {m}", Explanation = "One of many.", Drawing = m % 4 == 1 ? MapDrawing.Rgb : MapDrawing.Signed })];
        return new GalleryDocument
        {
            Title = "A large gallery", Introduction = "As large as a demo's.",
            Exhibits =
            [
                new AttributionExhibit
                {
                    Title = "Maps", LookFor = "How soon it is there.", Images = images, Methods = methods,
                    Maps = [.. from image in images.Index() from target in targets from m in Enumerable.Range(0, Methods) select MapOf(image.Item.Name, target.Class, m, image.Index)],
                },
                new FramesExhibit
                {
                    Title = "Frames", LookFor = "Many pictures.", Series = ["Energy"],
                    Frames = [.. Enumerable.Range(0, 30).Select(i => new GalleryFrame(i, SyntheticMaps.Photo(128, 128, i / 30.0), [30 - i]))],
                },
            ],
        };
    }

    static GalleryMap MapOf(string image, int target, int method, int seed)
    {
        int channels = method % 4 == 1 ? 3 : 1;
        return new GalleryMap
        {
            Image = image, Class = target, Method = $"m{method}", Width = Size, Height = Size, Channels = channels,
            Values = SyntheticMaps.Map(Size, Size, channels, method + Methods * seed, target, 1),
        };
    }
}
