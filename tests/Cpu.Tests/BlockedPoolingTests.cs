using Preimage.Cpu.Blocked;
using Preimage.Cpu.Pooling;

namespace Preimage.Cpu.Tests;

/// <summary>Pooling in blocked layout against its planar twin, whose numbers <see cref="PoolingTests"/> checks.</summary>
public sealed unsafe class BlockedPoolingTests
{
    const int Samples = 2, Seeds = 3;

    static readonly Execution s_plain = new(Isa.Scalar, 1);

    [Fact]
    public void MaxPooling_HasTheBitsAndTheSwitchesOfThePlanarKernel()
    {
        foreach (PoolingGeometry g in Cases())
        {
            int inputs = g.C * g.H * g.W, outputs = g.C * g.OutH * g.OutW, plane = g.H * g.W, outPlane = g.OutH * g.OutW;
            float[] x = Values(g, Samples * inputs), signal = Bits.Random(2, Samples * Seeds * outputs);
            signal[0] = -0f;
            (float[] y, int[] switches, float[] back, float[] centres) = Planar(g, x, signal);
            var pooling = new BlockedMaxPooling(g);
            Assert.True(BlockedMaxPooling.Supports(g));
            int bytes = (int)pooling.SwitchBytes(Samples);
            using GuardedFloats input = new(BlockedArrays.Of(x, Samples, g.C, plane)), r = new(BlockedArrays.Of(signal, Samples * Seeds, g.C, outPlane));
            foreach (Execution execution in Bits.Executions)
            {
                string what = $"{g} on {execution}";
                using GuardedFloats output = new(BlockedArrays.Floats(Samples, g.C, outPlane)), inference = new(output.Count), state = new(bytes / 4);
                using GuardedFloats result = new(BlockedArrays.Floats(Samples * Seeds, g.C, plane)), centred = new(result.Count);
                pooling.Forward(execution, Samples, input.Pointer, output.Pointer, (byte*)state.Address);
                pooling.Forward(execution, Samples, input.Pointer, inference.Pointer, null);
                Bits.Same(y, BlockedArrays.Planar(output.Checked(), Samples, g.C, outPlane, what), what);
                Bits.Same(output.Checked(), inference.Checked(), what);
                state.Checked();
                var record = new int[switches.Length];
                pooling.Export(Samples, new ReadOnlySpan<byte>((void*)state.Address, bytes), record);
                Assert.Equal(switches, record);
                pooling.Backward(execution, Samples * Seeds, Seeds, r.Pointer, result.Pointer, (byte*)state.Address);
                Bits.Same(back, BlockedArrays.Planar(result.Checked(), Samples * Seeds, g.C, plane, what), what);
                pooling.BackwardToCentres(execution, Samples * Seeds, r.Pointer, centred.Pointer);
                Bits.Same(centres, BlockedArrays.Planar(centred.Checked(), Samples * Seeds, g.C, plane, what), what);
            }

            var imported = new byte[bytes];
            Assert.Equal(-1, pooling.Import(Samples, switches, imported));
            var again = new int[switches.Length];
            pooling.Export(Samples, imported, again);
            Assert.Equal(switches, again);
        }
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(36)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void Import_NamesTheFirstSwitchOutsideItsWindow(int position)
    {
        // The first window's taps: rows 0 and 2, columns 0 and 2.
        var g = new PoolingGeometry { C = 2, H = 6, W = 6, OutH = 2, OutW = 2, R = 2, S = 2, StrideY = 3, StrideX = 3, DilationY = 2, DilationX = 2 };
        var pooling = new BlockedMaxPooling(g);
        int[] record = [0, 3, 18, 21, 14, 17, 32, 35];
        var switches = new byte[pooling.SwitchBytes(1)];
        Assert.Equal(-1, pooling.Import(1, record, switches));
        record[4] = position;
        Assert.Equal(position == 12 ? -1 : 4, pooling.Import(1, record, switches));
    }

    [Fact]
    public void AveragePooling_HasTheBitsOfThePlanarKernel()
    {
        foreach (PoolingGeometry drawn in Cases())
        foreach (bool countsPad in new[] { false, true })
        {
            PoolingGeometry g = drawn with { CountIncludesPad = countsPad };
            int plane = g.H * g.W, outPlane = g.OutH * g.OutW;
            float[] x = Values(g, Samples * g.C * plane), signal = Bits.Random(2, Samples * g.C * outPlane);
            using GuardedFloats planar = new(x), y = new(signal.Length), planarSignal = new(signal), dx = new(x.Length);
            AveragePooling.Forward(s_plain, g, Samples * g.C, planar.Pointer, y.Pointer);
            AveragePooling.Backward(s_plain, g, Samples * g.C, planarSignal.Pointer, dx.Pointer);
            using GuardedFloats input = new(BlockedArrays.Of(x, Samples, g.C, plane)), r = new(BlockedArrays.Of(signal, Samples, g.C, outPlane));
            foreach (Execution execution in Bits.Executions)
            {
                string what = $"{g} on {execution}";
                using GuardedFloats output = new(r.Count), result = new(input.Count);
                BlockedAveragePooling.Forward(execution, g, Samples, input.Pointer, output.Pointer);
                BlockedAveragePooling.Backward(execution, g, Samples, r.Pointer, result.Pointer);
                Bits.Same(y.Values, BlockedArrays.Planar(output.Checked(), Samples, g.C, outPlane, what), what);
                Bits.Same(dx.Values, BlockedArrays.Planar(result.Checked(), Samples, g.C, plane, what), what);
            }
        }
    }

    [Fact]
    public void Supports_WhatOneByteCanTell()
    {
        var g = new PoolingGeometry { C = 1, H = 20, W = 20, OutH = 1, OutW = 1, R = 2, S = 127 };
        Assert.True(BlockedMaxPooling.Supports(g));
        Assert.False(BlockedMaxPooling.Supports(g with { R = 5, S = 51 }));
    }

    /// <summary>Half of the cases with ties, signed zeros and not-a-number, every third one negative only.</summary>
    static float[] Values(PoolingGeometry g, int count)
    {
        float[] x = Bits.Random(1, count);
        if ((g.H + g.W) % 3 == 0)
            return Array.ConvertAll(x, v => -1 - v * v);
        if ((g.H + g.W) % 3 == 1)
            return x;
        float[] values = [-1, -0f, 0, 1, 2, 2, 2, float.NaN, float.NegativeInfinity];
        var random = new Random(g.W);
        return Array.ConvertAll(x, _ => random.Next(4) > 0 ? values[random.Next(7)] : values[random.Next(values.Length)]);
    }

    static (float[] Y, int[] Switches, float[] Back, float[] Centres) Planar(PoolingGeometry g, float[] x, float[] signal)
    {
        int count = Samples * g.C * g.OutH * g.OutW, rows = Samples * Seeds;
        using GuardedFloats input = new(x), output = new(count), switches = new(count), r = new(signal), back = new(rows * g.C * g.H * g.W), centres = new(back.Count);
        MaxPooling.Forward(s_plain, g, Samples * g.C, input.Pointer, output.Pointer, (int*)switches.Address);
        MaxPooling.Backward(s_plain, g, rows, Seeds, r.Pointer, back.Pointer, (int*)switches.Address);
        MaxPooling.BackwardToCentres(s_plain, g, rows, r.Pointer, centres.Pointer);
        return (output.Checked(), new Span<int>((void*)switches.Address, count).ToArray(), back.Checked(), centres.Checked());
    }

    static IEnumerable<PoolingGeometry> Cases()
    {
        yield return Square(1, 8, 2, 2, 0);
        yield return Square(17, 7, 3, 2, 0);
        yield return Square(33, 6, 3, 1, 1);
        yield return Square(16, 13, 13, 1, 0);
        yield return Square(20, 5, 1, 2, 0);
        // Strips of several rows, and more of them than one.
        yield return Square(3, 70, 3, 2, 1);
        // Ceil mode: windows that begin beyond the last column or hold one of it.
        yield return Square(5, 8, 3, 2, 0) with { OutH = 4, OutW = 4 };
        yield return Square(5, 4, 2, 2, 0) with { OutH = 4, OutW = 4 };
        yield return Square(5, 4, 2, 2, 3) with { OutH = 5, OutW = 5 };
        var random = new Random(8);
        int[] channels = [1, 2, 15, 16, 17, 33];
        for (int i = 0; i < 60; i++)
        {
            yield return new PoolingGeometry
            {
                C = channels[random.Next(channels.Length)], H = random.Next(1, 12), W = random.Next(1, 12), OutH = random.Next(1, 6), OutW = random.Next(1, 6),
                R = random.Next(1, 5), S = random.Next(1, 5), StrideY = random.Next(1, 4), StrideX = random.Next(1, 4), PadTop = random.Next(0, 4),
                PadLeft = random.Next(0, 4), PadBottom = random.Next(0, 4), PadRight = random.Next(0, 4), DilationY = random.Next(1, 3),
                DilationX = random.Next(1, 3),
            };
        }
    }

    static PoolingGeometry Square(int c, int h, int taps, int stride, int pad)
    {
        int o = (h + 2 * pad - taps) / stride + 1;
        return new PoolingGeometry
        {
            C = c, H = h, W = h, OutH = o, OutW = o, R = taps, S = taps, StrideY = stride, StrideX = stride, PadTop = pad, PadLeft = pad, PadBottom = pad,
            PadRight = pad,
        };
    }
}
