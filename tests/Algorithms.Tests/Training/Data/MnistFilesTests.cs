using System.Buffers.Binary;
using System.IO.Compression;
using Preimage.Algorithms.Training.Data;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class MnistFilesTests : IDisposable
{
    const int Height = 3, Width = 4;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void Open_ReadsWhatWasWritten(bool packed)
    {
        WriteAll(packed);
        DataSplit split = Open();
        Assert.Equal((5, 2), (split.Train.Count, split.Test.Count));
        Assert.Equal((1, 1, Height, Width), (split.Train.SampleShape.N, split.Train.SampleShape.C, split.Train.SampleShape.H, split.Train.SampleShape.W));
        Assert.Equal([3, 1, 4, 1, 9], Enumerable.Range(0, 5).Select(split.Train.Label));
        Assert.Equal(Pictures(5)[(4 * Height * Width)..], Samples.Of(split.Train, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => split.Train.Label(5));
        Assert.Throws<ArgumentException>(() => split.Train.Read(0, new byte[5]));
    }

    [Theory]
    [InlineData("train-images", 0, "0x01000803")]
    [InlineData("train-images", 2, "0x00000903")]
    [InlineData("train-images", 3, "0x00000802")]
    [InlineData("train-images", 4, "extent 1 is 3, which")]
    [InlineData("train-images", 15, "ends after 60 of the 75 values")]
    [InlineData("train-labels", 7, "ends after 5 of the 6 values")]
    [InlineData("train-labels", 8, "label 0 is 10")]
    public void Open_RaisedByte_SaysWhatWasFound(string file, int at, string message)
    {
        WriteAll(packed: false);
        string path = Directory.GetFiles(_folder.Path, $"{file}*")[0];
        byte[] bytes = File.ReadAllBytes(path);
        // The highest byte of an extent asks for an array of gigabytes.
        bytes[at] = at == 4 ? (byte)0x7f : at == 8 ? (byte)10 : (byte)(bytes[at] + (at == 3 ? -1 : 1));
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<DataFormatException>(Open);
        Assert.Contains(message, error.Message);
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Open_OtherCounts_NamesBothFiles()
    {
        WriteAll(packed: false);
        _folder.Write("train-labels-idx1-ubyte", Idx([4], [3, 1, 4, 1]));
        var error = Assert.Throws<DataFormatException>(Open);
        Assert.Contains("it has 5 pictures, and", error.Message);
        Assert.Contains("train-labels-idx1-ubyte has 4 labels", error.Message);
    }

    [Fact]
    public void Open_MissingFileOrFolder()
    {
        Assert.Contains("no file train-images*", Assert.Throws<DataFormatException>(Open).Message);
        Assert.Contains("no such folder", Assert.Throws<DataFormatException>(() => DataSource.Open($"mnist:{_folder.Path}/none", 0)).Message);
    }

    [Fact]
    public void Open_TornFiles_OneErrorOrASet()
    {
        var random = new Random(7);
        int sets = 0, errors = 0;
        for (int i = 0; i < 400; i++)
        {
            WriteAll(packed: i % 2 == 0);
            string[] files = Directory.GetFiles(_folder.Path);
            string path = files[random.Next(files.Length)];
            byte[] bytes = File.ReadAllBytes(path);
            if (random.Next(3) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else
                bytes[random.Next(Math.Min(bytes.Length, 24))] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes);
            try
            {
                Open();
                sets++;
            }
            catch (DataFormatException)
            {
                errors++;
            }

            foreach (string file in files) File.Delete(file);
        }

        Assert.InRange(errors, 200, 399);
        Assert.InRange(sets, 1, 200);
    }

    [Fact]
    public void Open_Reference()
    {
        DataSplit split = DataSource.Open($"mnist:{ReferenceData.Path("datasets/mnist_idx")}", 0);
        Assert.Equal((60_000, 10_000), (split.Train.Count, split.Test.Count));
        // As many of each digit as its authors say.
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], Samples.CountByClass(split.Train));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], Samples.CountByClass(split.Test));
        Assert.Equal([5, 0, 4, 1, 9], Enumerable.Range(0, 5).Select(split.Train.Label));
    }

    DataSplit Open() => DataSource.Open($"mnist:{_folder.Path}", 0);

    void WriteAll(bool packed)
    {
        string end = packed ? ".gz" : "";
        Write($"train-images-idx3-ubyte{end}", Idx([5, Height, Width], Pictures(5)));
        Write($"train-labels-idx1-ubyte{end}", Idx([5], [3, 1, 4, 1, 9]));
        Write($"t10k-images-idx3-ubyte{end}", Idx([2, Height, Width], Pictures(2)));
        Write($"t10k-labels-idx1-ubyte{end}", Idx([2], [2, 6]));

        void Write(string name, byte[] bytes) => _folder.Write(name, packed ? Pack(bytes) : bytes);
    }

    static byte[] Pictures(int count) => [.. Enumerable.Range(0, count * Height * Width).Select(i => (byte)(7 * i))];

    static byte[] Idx(int[] extents, byte[] values)
    {
        var header = new byte[4 + 4 * extents.Length];
        (header[2], header[3]) = (8, (byte)extents.Length);
        for (int i = 0; i < extents.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), extents[i]);
        return [.. header, .. values];
    }

    static byte[] Pack(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var stream = new GZipStream(memory, CompressionLevel.Fastest)) stream.Write(bytes);
        return memory.ToArray();
    }
}
