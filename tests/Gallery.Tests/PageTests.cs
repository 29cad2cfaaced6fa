using Preimage.Algorithms.Gallery;
using Preimage.Gallery.Tests.Fixture;

namespace Preimage.Gallery.Tests;

public sealed class PageTests
{
    [Fact]
    public void WriteFixture()
    {
        
        Console.WriteLine(GalleryPage.Write(SyntheticGallery.Document, "/tmp/p7/gallery/index.html"));
    }
}
