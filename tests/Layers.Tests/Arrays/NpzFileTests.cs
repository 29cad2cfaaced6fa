using System.Numerics.Tensors;
using Preimage.Layers.Arrays;

namespace Preimage.Layers.Tests.Arrays;

public sealed class NpzFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("npz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(false), InlineData(true)]
    public void SaveLoad_KeepsNamesAndTypes(bool compress)
    {
        string path = Save("a.npz", compress);
        var file = NpzFile.Load(path);
        Assert.Equal(["conv1/relu", "switches", "mask"], file.Names);
        Assert.Equal(NpyType.Single, file["conv1/relu"].Type);
        Assert.Equal([2, 2], file.ToSingle("conv1/relu").Lengths.ToArray());
        Assert.Equal([1.5f, -2, 3, 4], file.ToSingle("conv1/relu").ToArray());
        Assert.Equal(NpyType.Int32, file["switches"].Type);
        Assert.Equal([-1, 70000], file["switches"].ToInt32().ToArray());
        Assert.Equal([0, 255], file["mask"].ToByte().ToArray());
        Assert.Contains("conv1/relu, switches, mask", Assert.Throws<KeyNotFoundException>(() => file["absent"]).Message);
    }

    [Fact]
    public void Save_SameArraysSameBytes() =>
        Assert.Equal(File.ReadAllBytes(Save("a.npz", true)), File.ReadAllBytes(Save("b.npz", true)));

    [Fact]
    public void Load_FlippedOrTruncatedBytesGiveAnErrorOrTheSameArrays()
    {
        byte[] whole = File.ReadAllBytes(Save("a.npz", compress: false));
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x5A;
            AllowOnlyFormatErrors(damaged);
            Assert.Throws<ArrayFormatException>(() => NpzFile.Load(new MemoryStream(whole, 0, at)));
        }
    }

    [Fact]
    public void Load_ChangedElementFailsItsChecksum()
    {
        byte[] whole = File.ReadAllBytes(Save("a.npz", compress: false));
        int at = whole.AsSpan().IndexOf(BitConverter.GetBytes(1.5f));
        Assert.True(at > 0);
        whole[at + 2] ^= 1;
        Assert.Contains("checksum", Assert.Throws<ArrayFormatException>(() => NpzFile.Load(new MemoryStream(whole))).Message);
    }

    static void AllowOnlyFormatErrors(byte[] bytes)
    {
        try
        {
            NpzFile.Load(new MemoryStream(bytes));
        }
        catch (ArrayFormatException)
        {
        }
    }

    string Save(string name, bool compress)
    {
        string path = Path.Combine(_folder, name);
        NpzFile.Save(path, new Dictionary<string, NpyArray>
        {
            ["conv1/relu"] = NpyArray.From(Tensor.Create([1.5f, -2, 3, 4], [2, 2]).AsReadOnlyTensorSpan()),
            ["switches"] = NpyArray.From(Tensor.Create([-1, 70000], [2]).AsReadOnlyTensorSpan()),
            ["mask"] = NpyArray.From(Tensor.Create(new byte[] { 0, 255 }, [2]).AsReadOnlyTensorSpan()),
        }, compress);
        return path;
    }
}
