using Preimage.Algorithms.Training.Data;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class CifarFilesTests : IDisposable
{
    const int Record = 3073;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_JoinsBatchesInOrder()
    {
        _folder.Write("data_batch_2.bin", Batch(5));
        _folder.Write("data_batch_1.bin", Batch(1, 2));
        _folder.Write("test_batch.bin", Batch(9));
        DataSplit split = Open();
        Assert.Equal([1, 2, 5], Enumerable.Range(0, split.Train.Count).Select(split.Train.Label));
        Assert.Equal([9], Enumerable.Range(0, split.Test.Count).Select(split.Test.Label));
        Assert.Equal(Batch(5)[1..], Samples.Of(split.Train, 2));
        Assert.Equal("7", split.Train.Classes[7]);
    }

    [Fact]
    public void Open_Errors_NameFileAndNumbers()
    {
        Fails("no file data_batch_*.bin, nor *train*.bin");
        _folder.Write("data_batch_1.bin", Batch(1));
        Fails("no file test_batch.bin, nor *test*.bin");
        _folder.Write("test_batch.bin", Batch(1));
        _folder.Write("data_batch_1.bin", Batch(1)[..3000]);
        Fails("it has 3000 bytes, which is no whole number of pictures of 3073");
        _folder.Write("data_batch_1.bin", Batch(1, 10));
        Fails("the label of picture 1 is 10");
        _folder.Write("data_batch_1.bin", Batch(1));
        _folder.Write("batches.meta.txt", "cat\ndog\n"u8.ToArray());
        Fails("it names 2 classes, not 10");
    }

    [Fact]
    public void Open_Reference()
    {
        DataSplit split = DataSource.Open($"cifar10:{ReferenceData.Path("datasets/cifar10")}", 0);
        Assert.Equal((4000, 1000), (split.Train.Count, split.Test.Count));
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], split.Test.Classes);
        Assert.All(Samples.CountByClass(split.Train), count => Assert.InRange(count, 300, 500));
        Assert.Equal(3, split.Test.Label(0));
    }

    DataSplit Open() => DataSource.Open($"cifar10:{_folder.Path}", 0);

    void Fails(string message) => Assert.Contains(message, Assert.Throws<DataFormatException>(Open).Message);

    static byte[] Batch(params int[] labels) =>
        [.. labels.SelectMany(label => Enumerable.Range(0, Record).Select(i => i == 0 ? (byte)label : (byte)(i * 3 + label)))];
}
