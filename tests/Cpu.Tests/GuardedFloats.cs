namespace Preimage.Cpu.Tests;

/// <summary>Float memory filled with NaN between two guard bands that must stay as they are.</summary>
internal sealed unsafe class GuardedFloats : IDisposable
{
    const int Band = 64;
    const int Pattern = 0x7FC0DEAD;

    readonly AlignedBuffer _buffer;

    public GuardedFloats(int count)
    {
        Count = count;
        _buffer = new AlignedBuffer((count + 2L * Band) * sizeof(float));
        new Span<int>((void*)_buffer.Address, count + 2 * Band).Fill(Pattern);
    }

    public GuardedFloats(ReadOnlySpan<float> values) : this(values.Length) => values.CopyTo(Values);

    public int Count { get; }

    public float* Pointer => _buffer.Floats + Band;

    public nint Address => (nint)Pointer;

    public Span<float> Values => new(Pointer, Count);

    /// <summary>The values, after a look at both guard bands.</summary>
    public float[] Checked()
    {
        var bits = new ReadOnlySpan<int>((void*)_buffer.Address, Count + 2 * Band);
        for (int i = 0; i < Band; i++)
        {
            Assert.True(bits[i] == Pattern, $"{Band - i} floats before the start were overwritten");
            Assert.True(bits[Band + Count + i] == Pattern, $"{i} floats behind the end were overwritten");
        }

        return Values.ToArray();
    }

    public void Dispose() => _buffer.Dispose();
}
