namespace Preimage.Layers.Tests.Backends;

/// <summary>An array of the processor's backend filled with NaN, between two bands that must stay as they are.</summary>
internal sealed unsafe class GuardedActivation : IDisposable
{
    const int Band = 64;
    const uint Pattern = 0x7FC0DEADu;

    readonly Cpu.AlignedBuffer _memory;
    readonly long _bytes;

    public GuardedActivation(Shape shape, ReadOnlySpan<float> values = default) : this(shape.Bytes)
    {
        Activation = new Activation(shape, Address);
        values.CopyTo(new Span<float>((void*)Address, shape.Count));
    }

    /// <summary>Bytes without a shape: state or scratch.</summary>
    public GuardedActivation(long bytes)
    {
        _bytes = bytes;
        _memory = new Cpu.AlignedBuffer(bytes + 2 * Band + sizeof(uint));
        new Span<uint>((void*)_memory.Address, (int)(_memory.Bytes / sizeof(uint))).Fill(Pattern);
    }

    public nint Address => _memory.Address + Band;

    public Activation Activation { get; }

    /// <summary>The values, after a look at both bands.</summary>
    public float[] Checked(string what)
    {
        var all = new ReadOnlySpan<byte>((void*)_memory.Address, (int)_memory.Bytes);
        for (int i = 0; i < Band; i++)
        {
            byte expected = (byte)(Pattern >> (8 * (i % 4)));
            Assert.True(all[i] == expected, $"{what}: {Band - i} bytes before the start were overwritten");
            int after = Band + (int)_bytes + i;
            Assert.True(after >= all.Length || all[after] == (byte)(Pattern >> (8 * (after % 4))), $"{what}: {i} bytes behind the end were overwritten");
        }

        return new ReadOnlySpan<float>((void*)Address, (int)(_bytes / sizeof(float))).ToArray();
    }

    public void Dispose() => _memory.Dispose();
}
