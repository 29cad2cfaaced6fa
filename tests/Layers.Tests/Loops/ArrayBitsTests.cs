using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Loops;

/// <summary>All operators give the same bytes on every instruction set and for any number of threads.</summary>
public sealed class ArrayBitsTests
{
    [Theory]
    [InlineData(1, 1, 37, 41)]
    [InlineData(2, 3, 65, 127)]
    [InlineData(1, 7, 5, 16)]
    public void Same_bits_everywhere(int n, int c, int h, int w)
    {
        var shape = new Shape(n, c, h, w);
        byte[] expected = Everything(new EngineOptions { Isa = $"{IsaChoice.Supported[^1]}", Threads = 1 }, shape);
        foreach (Isa isa in IsaChoice.Supported)
        {
            foreach (int threads in (int[])[1, 2, 3])
                Assert.True(expected.AsSpan().SequenceEqual(Everything(new EngineOptions { Isa = $"{isa}", Threads = threads }, shape)), $"{isa}, {threads} threads, {shape}");
        }
    }

    static byte[] Everything(EngineOptions options, Shape shape)
    {
        using var bench = new ArrayBench(options);
        IArrayOperators arrays = bench.Arrays;
        var bytes = new List<byte>();
        float[] start = Draw.Normal(1, shape.Count, 30), other = Draw.Normal(2, shape.Count), row = Draw.Normal(3, shape.SampleCount);
        // A flat corner, and a pixel of norm 0.
        start.AsSpan(0, shape.W / 2).Clear();
        Shape inner = new(shape.N, shape.C, shape.H - 2, shape.W - 3);
        DeviceArray<float> x = bench.Array(shape, start), y = bench.Array(shape, other), one = bench.Array(shape.WithSamples(1), row);
        DeviceArray<float> g = bench.Array(shape), m = bench.Array(shape), v = bench.Array(shape);
        DeviceArray<float> rates = bench.Array(new Shape(4), 2, 1.5f, 1, 0.5f), scale = bench.Array(new Shape(shape.C), Draw.Normal(4, shape.C)), crop = bench.Array(inner);
        DeviceArray<float> maps = bench.Array(new Shape(6), 0.9f, 0.2f, 1, -0.2f, 1.1f, 2);
        DeviceArray<int> offsets = bench.Loop.Allocate<int>(new Shape(2), [1, 2]);
        DeviceArray<double> energies = bench.Doubles(shape.N);

        foreach (float beta in (float[])[1, 1.5f, 2, 2.5f])
        {
            arrays.VariationEnergy(x, beta, 0.3, energies, 0);
            Keep(energies);
            arrays.VariationGradient(x, beta, 0.3f, g);
            Keep(g);
        }

        foreach (float alpha in (float[])[1, 2, 3, 4, 6])
        {
            arrays.RangeEnergy(x, alpha, 20, 0.3, energies, 0);
            Keep(energies);
            arrays.RangeGradient(x, alpha, 20, 0.3f, g);
            Keep(g);
        }

        arrays.Sum(x, 0.3, energies, 0);
        Keep(energies);
        arrays.Dot(x, one, 0.3, energies, 0);
        Keep(energies);
        arrays.Residual(x, one, y, 0.3f, v);
        Keep(v);
        arrays.Add(one, v, 0.3f);
        arrays.AddScaledRows(y, energies, 0, 1e-3f, v);
        arrays.ScaleChannels(v, scale, scale, v);
        arrays.Scale(v, v, 0.3f);
        Keep(v);
        arrays.Crop(x, crop, offsets);
        arrays.CropBackward(crop, v, offsets);
        Keep(v);
        arrays.Warp(x, maps, crop);
        Keep(crop);
        arrays.WarpBackward(crop, maps, v);
        Keep(v);
        arrays.Fill(v, 0);
        arrays.MomentumStep(x, g, v, m, rates, 0.9f, 50);
        arrays.MomentumStep(x, g, null, m, rates, 0.9f, 50);
        Keep(x);
        arrays.AdamStep(x, g, m, v, rates, 0.9f, 0.99f, 1e-8f, 50);
        arrays.DescentStep(x, g, m, rates, 0.9f, 0.01f);
        arrays.DescentStep(x, g, null, rates, 0, 0.01f);
        arrays.AdaGradStep(x, g, v, rates, 1e-6f);
        DeviceArray<int> classes = bench.Loop.Allocate<int>(new Shape(shape.N), [.. Enumerable.Range(3, shape.N)]), predictions = bench.Loop.Allocate<int>(new Shape(shape.N));
        arrays.SoftmaxLoss(y, classes, 0.3f, g, energies, predictions);
        Keep(g);
        Keep(energies);
        Keep(x);
        return [.. bytes];

        void Keep<T>(DeviceArray<T> array) where T : unmanaged => bytes.AddRange(MemoryMarshal.AsBytes(array.ToArray().AsSpan()));
    }
}
