using Preimage.Layers.Weights;

namespace Preimage.Layers.Tests.Weights;

/// <summary>The generator against its authors' known answers.</summary>
public class PhiloxTests
{
    /// <summary>Random123, tests/kat_vectors, "philox4x32 10": counter and key, each word by word.</summary>
    [Theory]
    [InlineData(0x00000000_00000000, 0x00000000_00000000, 0x00000000_00000000, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff_ffffffff, 0xffffffff_ffffffff, 0xffffffff_ffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x299f31d0_a4093822, 0x85a308d3_243f6a88, 0x03707344_13198a2e, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Known_answers(ulong key, ulong low, ulong high, uint x, uint y, uint z, uint w) =>
        Assert.Equal((x, y, z, w), Philox.Block(key, low, high));

    [Fact]
    public void Elements_do_not_depend_on_how_they_are_asked_for()
    {
        const long Start = (1L << 32) * 4 - 37;
        var whole = new uint[200];
        Philox.Fill(7, 3, Start, whole);
        for (int length = 1; length < 12; length++)
        {
            var parts = new uint[200];
            for (int at = 0; at < parts.Length; at += length)
                Philox.Fill(7, 3, Start + at, parts.AsSpan(at, Math.Min(length, parts.Length - at)));
            Assert.Equal(whole, parts);
        }

        (uint x, uint y, uint z, uint w) = Philox.Block(7, (Start + 5) / 4, 3);
        Assert.Equal([x, y, z, w], whole.AsSpan(5, 4).ToArray());
    }

    [Fact]
    public void Seeds_and_streams_are_apart()
    {
        uint[] Words(ulong seed, ulong stream)
        {
            var words = new uint[64];
            Philox.Fill(seed, stream, 0, words);
            return words;
        }

        uint[][] all = [Words(1, 1), Words(1, 2), Words(2, 1), Words(1UL << 32, 1), Words(1, 1UL << 32)];
        Assert.Equal(5 * 64, all.SelectMany(w => w).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => Philox.Fill(0, 0, -1, new uint[1]));
    }

    [Fact]
    public void Unit_numbers_are_inside_the_open_interval()
    {
        Assert.InRange(Philox.ToUnit(0), double.Epsilon, 1e-9);
        Assert.InRange(Philox.ToUnit(uint.MaxValue), 1 - 1e-9, Math.BitDecrement(1.0));
        Assert.Equal(0.5, Philox.ToUnit(1u << 31), 1e-9);
    }
}
