using Preimage.Layers.Arrays;

namespace Preimage.Layers.Tests.Arrays;

public sealed class NpyDamageTests
{
    [Theory]
    [InlineData("<f4", "(1000000000,)")]
    [InlineData("<f4", "(2147483647, 2147483647)")]
    [InlineData("<f8", "(9223372036854775807, 9223372036854775807, 4)")]
    [InlineData("|u1", "(99999999999999999999999,)")]
    [InlineData("<f4", "(-1,)")]
    [InlineData("<f4", "(3")]
    [InlineData("<f4", "[3]")]
    [InlineData("<c8", "(1,)")]
    [InlineData("|f4", "(1,)")]
    [InlineData("|O", "(1,)")]
    public void Read_HostileHeader(string descr, string shape)
    {
        byte[] file = NpyBytes.Make(descr, shape, new byte[16]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ArrayFormatException>(() => NpyFile.Read(new MemoryStream(file)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'shape': (1,), }")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x")]
    [InlineData("")]
    public void Read_BadDictionary(string header) =>
        Assert.Throws<ArrayFormatException>(() => NpyFile.Read(new MemoryStream(NpyBytes.Make(header, new byte[16]))));

    [Fact]
    public void Read_TruncatedAnywhere()
    {
        byte[] whole = NpyBytes.Make("<i2", "(2, 3)", new byte[12], version: 2);
        for (int length = 0; length < whole.Length; length++)
        {
            var stream = new MemoryStream(whole, 0, length);
            Assert.Throws<ArrayFormatException>(() => NpyFile.Read(stream));
        }
        Assert.Equal(6, NpyFile.Read(new MemoryStream(whole)).Count);
    }

    [Fact]
    public void Read_HugeHeaderLengthIsNotAllocated()
    {
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3];
        Assert.Contains("header claims", Assert.Throws<ArrayFormatException>(() => NpyFile.Read(new MemoryStream(file))).Message);
    }
}
