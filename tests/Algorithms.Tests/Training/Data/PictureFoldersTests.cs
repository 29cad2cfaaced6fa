using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class PictureFoldersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Halves()
    {
        Save("train/cat/a.png", 1);
        Save("train/dog/b.png", 2);
        Save("test/dog/c.ppm", 3);
        Save("test/cat/d.png", 4);
        DataSplit split = Open();
        Assert.Equal(["cat", "dog"], split.Train.Classes);
        Assert.Equal([0, 1], Enumerable.Range(0, split.Train.Count).Select(split.Train.Label));
        Assert.Equal(["cat/d", "dog/c"], Enumerable.Range(0, split.Test.Count).Select(split.Test.Title));
        // Planes one after the other.
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3], Samples.Of(split.Train, 0));
    }

    [Fact]
    public void Open_OneFolderPerClass_KeepsASeededFifth()
    {
        for (int i = 0; i < 20; i++) Save($"a/{i:d2}.png", i);
        for (int i = 0; i < 7; i++) Save($"b/{i:d2}.png", i);
        DataSplit split = Open(seed: 5), same = Open(seed: 5), other = Open(seed: 6);
        Assert.Equal([16, 5], Samples.CountByClass(split.Train));
        Assert.Equal([4, 2], Samples.CountByClass(split.Test));
        Assert.Equal(27, Titles(split.Train).Concat(Titles(split.Test)).Distinct().Count());
        Assert.Equal(Titles(split.Test), Titles(same.Test));
        Assert.NotEqual(Titles(split.Test), Titles(other.Test));
    }

    [Fact]
    public void Open_SizeAndColour()
    {
        for (int i = 0; i < 2; i++) Save($"a/{i}.png", i);
        DataSet data = Open(",size=5,colour=grey").Train;
        Assert.Equal((1, 5, 5), (data.SampleShape.C, data.SampleShape.H, data.SampleShape.W));
        Assert.Equal(25, Samples.Of(data, 0).Length);
        Assert.Equal((3, 2, 3), (Open().Train.SampleShape.C, Open().Train.SampleShape.H, Open().Train.SampleShape.W));
    }

    [Fact]
    public void Open_Errors()
    {
        Fails("there is no folder in it");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "a"));
        Fails("there is no picture (.png");
        Save("a/1.png", 1);
        Fails("it is the only picture of the class 'a'");
        Save("train/a/1.png", 1);
        Save("test/a/1.png", 1);
        Save("test/b/1.png", 1);
        Fails("the class 'b' is not in both halves");
    }

    DataSplit Open(string options = "", ulong seed = 0) => DataSource.Open($"folder:{_folder.Path}{options}", seed);

    void Fails(string message) => Assert.Contains(message, Assert.Throws<DataFormatException>(() => Open()).Message);

    void Save(string relative, int tint) =>
        new Picture(3, 2, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)(tint + i % 3))]).Save(_folder.In(relative));

    static string[] Titles(DataSet data) => [.. Enumerable.Range(0, data.Count).Select(data.Title)];
}
