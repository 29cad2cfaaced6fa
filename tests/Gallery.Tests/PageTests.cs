using Preimage.Algorithms.Gallery;
using Preimage.Gallery.Tests.Fixture;

namespace Preimage.Gallery.Tests;

public sealed class PageTests
{
    [Fact]
    public void WriteFixture()
    {
        File.WriteAllBytes("/tmp/p7/x", []);
        Console.WriteLine(GalleryPage.Write(SyntheticGallery.Document, "/tmp/p7/gallery/index.html"));
    }
}
