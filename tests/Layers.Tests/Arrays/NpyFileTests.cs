using System.Numerics.Tensors;
using Preimage.Layers.Arrays;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Arrays;

public sealed class NpyFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("npy").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // 1 and -2 (or 1 and 2) in every element type, both byte orders.
    public static TheoryData<string, byte[], float, float> Types => new()
    {
        { "<f2", [0x00, 0x3C, 0x00, 0xC0], 1, -2 }, { ">f2", [0x3C, 0x00, 0xC0, 0x00], 1, -2 },
        { "<f4", [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], 1, -2 }, { ">f4", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], 1, -2 },
        { "<f8", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], 1, -2 },
        { ">f8", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], 1, -2 },
        { "|i1", [1, 0xFE], 1, -2 }, { "|u1", [1, 200], 1, 200 }, { "|b1", [1, 0], 1, 0 },
        { "<i2", [1, 0, 0xFE, 0xFF], 1, -2 }, { ">i2", [0, 1, 0xFF, 0xFE], 1, -2 },
        { "<u2", [1, 0, 0xFE, 0xFF], 1, 65534 }, { ">u2", [0, 1, 0xFF, 0xFE], 1, 65534 },
        { "<i4", [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], 1, -2 }, { ">i4", [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE], 1, -2 },
        { "<u4", [1, 0, 0, 0, 0, 0, 0, 0x80], 1, 2147483648f }, { ">u4", [0, 0, 0, 1, 0x80, 0, 0, 0], 1, 2147483648f },
        { "<i8", [1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1, -2 },
        { "<u8", [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80], 1, 9223372036854775808f },
        { ">u8", [0, 0, 0, 0, 0, 0, 0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0], 1, 9223372036854775808f },
    };

    [Theory, MemberData(nameof(Types))]
    public void Load_EveryTypeAndOrder(string descr, byte[] payload, float first, float second)
    {
        foreach (int version in new[] { 1, 2, 3 })
        {
            var tensor = NpyFile.Load(Write(NpyBytes.Make(descr, "(2,)", payload, version: version)));
            Assert.Equal([2], tensor.Lengths.ToArray());
            Assert.Equal([first, second], tensor.ToArray());
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Load_FortranOrder(bool bigEndian)
    {
        // Element (i, j, k) = 100 i + 10 j + k of shape (2, 3, 2), first index fastest in the file.
        var payload = new List<byte>();
        for (int k = 0; k < 2; k++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 2; i++)
                {
                    byte[] element = BitConverter.GetBytes((float)(100 * i + 10 * j + k));
                    payload.AddRange(bigEndian ? element.Reverse() : element);
                }
        var tensor = NpyFile.Load(Write(NpyBytes.Make(bigEndian ? ">f4" : "<f4", "(2, 3, 2)", [.. payload], fortran: true)));
        Assert.Equal([2, 3, 2], tensor.Lengths.ToArray());
        Assert.Equal([0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], tensor.ToArray());
    }

    [Fact]
    public void Load_ScalarAndEmpty()
    {
        Assert.Equal([1f], NpyFile.Load(Write(NpyBytes.Make("<f4", "()", [0, 0, 0x80, 0x3F]))).ToArray());
        Assert.Equal(0, NpyFile.Load(Write(NpyBytes.Make("<f4", "(3, 0)", []))).FlattenedLength);
    }

    [Fact]
    public void SaveLoad_RoundTrip()
    {
        float[] values = [1, -2, float.NaN, float.PositiveInfinity, 1e-42f, 0];
        string path = Path.Combine(_folder, "a.npy");
        NpyFile.Save(path, Tensor.Create(values, [1, 2, 3]).AsReadOnlyTensorSpan());
        var back = NpyFile.Load(path);
        Assert.Equal([1, 2, 3], back.Lengths.ToArray());
        Assert.Equal(values, back.ToArray());
        // The elements start at a multiple of 64, as NumPy writes them.
        Assert.Equal(128 + 24, new FileInfo(path).Length);

        NpyFile.Save(path, Tensor.Create([3, -7], [2]).AsReadOnlyTensorSpan());
        Assert.Equal(NpyType.Int32, NpyFile.Read(path).Type);
        Assert.Equal([3, -7], NpyFile.Read(path).ToInt32().ToArray());

        NpyFile.Save(path, Tensor.Create(new byte[] { 3, 255 }, [2, 1]).AsReadOnlyTensorSpan());
        Assert.Equal([3, 255], NpyFile.Read(path).ToByte().ToArray());
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ToInt32_RefusesWhatDoesNotFit()
    {
        var fraction = NpyArray.From(Tensor.Create([1.5f], [1]).AsReadOnlyTensorSpan());
        Assert.Throws<OverflowException>(() => fraction.ToInt32());
        var wide = NpyFile.Read(new MemoryStream(NpyBytes.Make("<u4", "(1,)", [0, 0, 0, 0x80])));
        Assert.Throws<OverflowException>(() => wide.ToInt32());
    }

    [Fact]
    public void Load_ReferenceInput()
    {
        var tensor = NpyFile.Load(ReferenceData.Path("reference/computed_maps/chelsea_input.npy"));
        Assert.Equal([1, 3, 227, 227], tensor.Lengths.ToArray());
        Assert.Equal(15f, tensor[0, 0, 0, 0]);
    }

    string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder, "case.npy");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
