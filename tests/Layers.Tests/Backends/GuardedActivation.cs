using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Tests.Backends;

/// <summary>An array of the processor's backend filled with NaN, between two bands that must stay as they are.</summary>
internal sealed unsafe class GuardedActivation : IDisposable
{
    const int Band = 64;
    const uint Pattern = 0x7FC0DEADu;

    /// <summary>A queue of the processor: its operators do their work at once, whichever they are given.</summary>
    public static WorkQueue Queue { get; } = new CpuQueue(new Cpu.Execution(Cpu.IsaChoice.Default, 1));

    readonly Cpu.AlignedBuffer _memory;
    readonly long _bytes;

    /// <param name="shape">The shape.</param>
    /// <param name="values">NCHW values; none leaves NaN.</param>
    /// <param name="layout">How they lie; lanes without a channel hold +0, or NaN where there are no values.</param>
    public GuardedActivation(Shape shape, ReadOnlySpan<float> values = default, Layout layout = Layout.Planar)
        : this(CpuLayouts.Floats(shape, layout) * sizeof(float))
    {
        Activation = new Activation(shape, Address, layout);
        var elements = new Span<float>((void*)Address, (int)CpuLayouts.Floats(shape, layout));
        if (!values.IsEmpty)
            elements.Clear();
        for (int i = 0; i < values.Length; i++)
            elements[PlaceOf(i)] = values[i];
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

    /// <summary>Where an element in NCHW order lies.</summary>
    int PlaceOf(int index)
    {
        if (Activation.Layout == Layout.Planar)
            return index;
        const int lanes = 16;
        Shape shape = Activation.Shape;
        int plane = shape.H * shape.W, pixel = index % plane, c = index / plane % shape.C, n = index / plane / shape.C;
        int blocks = (shape.C + lanes - 1) / lanes;
        return ((n * blocks + c / lanes) * plane + pixel) * lanes + c % lanes;
    }

    /// <summary>The values in NCHW order, after a look at both bands and at lanes without a channel.</summary>
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

        float[] elements = new ReadOnlySpan<float>((void*)Address, (int)(_bytes / sizeof(float))).ToArray();
        if (Activation.Layout == Layout.Planar)
            return elements;
        var values = new float[Activation.Shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = elements[PlaceOf(i)];
            elements[PlaceOf(i)] = 0;
        }

        Assert.True(Array.TrueForAll(elements, e => BitConverter.SingleToInt32Bits(e) == 0), $"{what}: a lane without a channel is not +0");
        return values;
    }

    public void Dispose() => _memory.Dispose();
}
