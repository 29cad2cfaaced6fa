using System.Buffers.Binary;
using System.IO.Compression;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.DataSets;

/// <summary>The 10,000 test digits of MNIST, in its IDX files.</summary>
internal static class MnistTestSet
{
    public const int Count = 10_000, Pixels = 28 * 28;

    /// <summary>All pictures one after the other, pixel / 256.</summary>
    public static float[] Pictures()
    {
        byte[] file = Unpack("datasets/mnist_idx/t10k-images-idx3-ubyte.gz", 16 + Count * Pixels, 2051);
        return Array.ConvertAll(file[16..], b => b / 256f);
    }

    public static byte[] Labels() => Unpack("datasets/mnist_idx/t10k-labels-idx1-ubyte.gz", 8 + Count, 2049)[8..];

    static byte[] Unpack(string relative, int length, int magic)
    {
        using var stream = new GZipStream(File.OpenRead(ReferenceData.Path(relative)), CompressionMode.Decompress);
        var file = new byte[length];
        stream.ReadExactly(file);
        Assert.Equal(-1, stream.ReadByte());
        Assert.Equal(magic, BinaryPrimitives.ReadInt32BigEndian(file));
        Assert.Equal(Count, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4)));
        return file;
    }
}
