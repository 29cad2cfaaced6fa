using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Writing;
using Preimage.Gallery.Tests.Fixture;
using Preimage.Layers;

namespace Preimage.Gallery.Tests.Writing;

public sealed class DocumentCheckTests
{
    static AttributionExhibit Attribution => SyntheticGallery.Document.Exhibits.OfType<AttributionExhibit>().Single();

    static SensitivityExhibit Sensitivity => SyntheticGallery.Document.Exhibits.OfType<SensitivityExhibit>().Single();

    static FramesExhibit Frames => SyntheticGallery.Document.Exhibits.OfType<FramesExhibit>().Single();

    static TableExhibit Table => SyntheticGallery.Document.Exhibits.OfType<TableExhibit>().First();

    [Fact]
    public void Fixture_IsAccepted() => DocumentCheck.Check(SyntheticGallery.Document);

    [Fact]
    public void PageWithoutAnImage_IsRefused()
    {
        Refused([], "nothing to show");
        Refused([Table], "no exhibit has an image");
        Refused([Attribution with { Images = [] }], "has no image");
        Refused([Attribution with { Maps = [] }], "has no map");
        Refused([new FiguresExhibit { Title = "t", LookFor = "l", Figures = [] }], "has no figure");
    }

    [Fact]
    public void Maps_MustFitTheirExhibit()
    {
        GalleryMap map = Attribution.Maps[0];
        RefusedMap(map with { Image = "other" }, "of an image that the exhibit has not; it has terrier, lighthouse & sea");
        RefusedMap(map with { Class = 7 }, "of a class that its image has not; it has 208, 285, 999");
        RefusedMap(map with { Method = "other" }, "of a method that the exhibit has not");
        RefusedMap(map with { Width = 95 }, "has 9216 values, not 95 x 96 x 1");
        RefusedMap(map with { Channels = 2 }, "2 channels; channels are 1 or 3");
        Refused([Attribution with { Maps = [map, map with { }] }], "two have the same map");
    }

    [Fact]
    public void Names_MustDiffer()
    {
        Refused([Attribution with { Images = [Attribution.Images[0], Attribution.Images[0]] }], "same image, 'terrier'");
        Refused([Attribution with { Methods = [Attribution.Methods[0], Attribution.Methods[0]] }], "same method, 'saliency'");
        Refused([Frames with { Id = "a" }, Table with { Id = "a" }], "same exhibit id, 'a'");
        Refused([Frames with { Id = "A b" }], "ids are of lower-case letters");
        Refused([Attribution with { Methods = [.. Attribution.Methods.Select(m => m with { Percentile = 50 })] }], "not 90 to 100");
    }

    [Fact]
    public void Rows_MustFitTheirHeadings()
    {
        SensitivityRow row = Sensitivity.Rows[0];
        Refused([Sensitivity with { Rows = [row with { Maps = [null] }] }], "1 maps for 2 classes");
        Refused([Sensitivity with { Rows = [row with { Maps = [row.Maps[1], row.Maps[0]] }] }], "stands where the map of image 'terrier', class 208");
        Refused([Sensitivity with { Image = Sensitivity.Image with { Targets = [.. Sensitivity.Image.Targets.Take(1)] } }], "has 1 targets; it needs 2");
        Refused([Frames, Table with { Columns = [new("only")] }], "4 cells for 1 columns");
    }

    [Fact]
    public void Frames_MustRiseAndBeComplete()
    {
        Refused([Frames with { Frames = [Frames.Frames[0]] }], "1 frames");
        Refused([Frames with { Frames = [Frames.Frames[1], Frames.Frames[0]] }], "do not rise");
        Refused([Frames with { Series = ["one"] }], "2 numbers for 1 series");
        Refused([Frames with { TargetAlt = "" }], "no TargetAlt");
        Refused([Frames with { Curve = [new(3, 1), new(3, 2)] }], "the curve do not rise");
    }

    static void RefusedMap(GalleryMap map, string because) => Refused([Attribution with { Maps = [map] }], because);

    static void Refused(IReadOnlyList<Exhibit> exhibits, string because)
    {
        PreimageException error = Assert.Throws<PreimageException>(() => DocumentCheck.Check(SyntheticGallery.Document with { Exhibits = exhibits }));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
