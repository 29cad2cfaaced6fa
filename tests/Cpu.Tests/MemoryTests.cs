namespace Preimage.Cpu.Tests;

public sealed unsafe class MemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100_001)]
    public void Buffer_IsAlignedAndCountedUntilDisposed(long bytes)
    {
        var buffer = new AlignedBuffer(bytes);
        Assert.Equal(0, buffer.Address % AlignedBuffer.Alignment);
        Assert.True(buffer.Bytes >= bytes && buffer.Bytes % AlignedBuffer.Alignment == 0);
        Assert.True(AlignedBuffer.Outstanding >= 1);
        new Span<byte>((void*)buffer.Address, (int)buffer.Bytes).Fill(1);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Address);
    }

    [Fact]
    public void NegativeLength_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(-1));

    [Fact]
    public void Isa_IsChosenByNameAndAbsentOnesAreRefused()
    {
        Assert.Contains(IsaChoice.Widest, IsaChoice.Supported);
        Assert.Equal(Isa.Scalar, IsaChoice.Supported[^1]);
        Assert.Equal(Isa.Scalar, IsaChoice.Named("Scalar"));
        Assert.Throws<NotSupportedException>(() => IsaChoice.Named("sse9"));
        foreach (Isa isa in IsaChoice.Supported)
            Assert.Equal(isa, IsaChoice.Named(isa.ToString()));
    }
}
