using Preimage.Cpu.Blocked;
using Preimage.Cpu.Copies;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Reductions;

namespace Preimage.Cpu.Tests;

/// <summary>Means, normalisation, affine maps and joins in blocked layout against their planar twins.</summary>
public sealed unsafe class BlockedMapsTests
{
    const int Samples = 2;

    static readonly Execution s_plain = new(Isa.Scalar, 1);

    [Fact]
    public void PlaneMean_HasTheBitsOfThePlanarReduction()
    {
        foreach (int channels in new[] { 1, 16, 17, 33 })
        foreach (int plane in new[] { 1, 5, 16, 17, 49, 64, 169, 515 })
        {
            float[] x = Array.ConvertAll(Bits.Random(plane, Samples * channels * plane), v => -v * v), signal = Bits.Random(2, Samples * channels);
            var extents = new Axes4();
            (extents[0], extents[1], extents[2], extents[3]) = (Samples, channels, 1, plane);
            using GuardedFloats planar = new(x), y = new(signal.Length), planarSignal = new(signal), dx = new(x.Length);
            AxesMean.Forward(s_plain, extents, 0b1100, planar.Pointer, y.Pointer);
            AxesMean.Backward(s_plain, extents, 0b1100, planarSignal.Pointer, dx.Pointer);
            using GuardedFloats input = new(BlockedArrays.Of(x, Samples, channels, plane)), r = new(BlockedArrays.Of(signal, Samples, channels, 1));
            foreach (Execution execution in Bits.Executions)
            {
                string what = $"{channels} channels of {plane} on {execution}";
                using GuardedFloats output = new(r.Count), result = new(input.Count);
                BlockedPlaneMean.Forward(execution, Samples, channels, plane, input.Pointer, output.Pointer);
                BlockedPlaneMean.Backward(execution, Samples, channels, plane, r.Pointer, result.Pointer);
                Bits.Same(y.Values, BlockedArrays.Planar(output.Checked(), Samples, channels, 1, what), what);
                Bits.Same(dx.Values, BlockedArrays.Planar(result.Checked(), Samples, channels, plane, what), what);
            }
        }
    }

    [Fact]
    public void LocalResponse_HasTheBitsOfThePlanarKernel()
    {
        const int Seeds = 2;
        foreach ((int channels, int plane, int size, float kappa, float beta) in new[]
        {
            (1, 1, 5, 1f, 0.75f), (3, 17, 2, 2f, 0.75f), (16, 40, 5, 1f, 0.6f), (17, 70, 5, 2f, 0.75f), (33, 15, 40, 1f, 0.5f), (33, 9, 4, 0f, 0.75f),
            (33, 9, 4, 0f, 0.6f), (64, 33, 3, 1f, 0.75f), (5, 64, 1, 1f, 1f), (48, 16, 17, 1f, 0.75f),
        })
        {
            var g = new LocalResponseGeometry(channels, plane, size, kappa, 0.3f, beta);
            float[] x = Bits.Random(1, Samples * channels * plane, 4), signal = Bits.Random(2, Samples * Seeds * channels * plane);
            using GuardedFloats planar = new(x), y = new(x.Length), planarSignal = new(signal), dx = new(signal.Length);
            using var planarScratch = new GuardedFloats((int)(LocalResponse.ScratchBytes(s_plain, g) / 4));
            LocalResponse.Forward(s_plain, g, Samples, planar.Pointer, y.Pointer);
            LocalResponse.Backward(s_plain, g, Samples * Seeds, Seeds, planar.Pointer, planarSignal.Pointer, dx.Pointer, planarScratch.Address);
            using GuardedFloats input = new(BlockedArrays.Of(x, Samples, channels, plane)), r = new(BlockedArrays.Of(signal, Samples * Seeds, channels, plane));
            foreach (Execution execution in Bits.Executions)
            {
                string what = $"{g} on {execution}";
                using GuardedFloats output = new(input.Count), result = new(r.Count);
                using var scratch = new GuardedFloats((int)(BlockedLocalResponse.ScratchBytes(execution, g) / 4));
                BlockedLocalResponse.Forward(execution, g, Samples, input.Pointer, output.Pointer, scratch.Address);
                BlockedLocalResponse.Backward(execution, g, Samples * Seeds, Seeds, input.Pointer, r.Pointer, result.Pointer, scratch.Address);
                scratch.Checked();
                Bits.Same(y.Values, BlockedArrays.Planar(output.Checked(), Samples, channels, plane, what), what);
                Bits.Same(dx.Values, BlockedArrays.Planar(result.Checked(), Samples * Seeds, channels, plane, what), what);
            }
        }
    }

    [Fact]
    public void ChannelAffine_HasTheBitsOfThePlanarMap()
    {
        foreach ((int channels, int height, int width) in new[] { (1, 1, 1), (17, 3, 5), (33, 70, 30), (16, 1, 7) })
        foreach (bool shifted in new[] { true, false })
        {
            int plane = height * width;
            float[] x = Array.ConvertAll(Bits.Random(1, Samples * channels * plane), v => -v * v), scale = Bits.Random(2, channels), shift = Bits.Random(3, channels);
            using GuardedFloats planar = new(x), factors = new(scale), summands = new(shift), y = new(x.Length);
            ChannelAffine.Run(s_plain, Samples, channels, plane, factors.Pointer, shifted ? summands.Pointer : null, planar.Pointer, y.Pointer);
            using GuardedFloats input = new(BlockedArrays.Of(x, Samples, channels, plane));
            using GuardedFloats padded = new(BlockedArrays.Of(scale, 1, channels, 1)), paddedShift = new(BlockedArrays.Of(shift, 1, channels, 1));
            foreach (Execution execution in Bits.Executions)
            {
                string what = $"{channels} channels of {plane} on {execution}";
                using GuardedFloats output = new(input.Count);
                BlockedChannelAffine.Run(execution, Samples, channels, height, width, padded.Pointer, shifted ? paddedShift.Pointer : null, input.Pointer, output.Pointer);
                Bits.Same(y.Values, BlockedArrays.Planar(output.Checked(), Samples, channels, plane, what), what);
            }
        }
    }

    [Fact]
    public void Concat_JoinsAndSplits()
    {
        Assert.True(BlockedConcat.Supports([16, 32, 7]));
        Assert.False(BlockedConcat.Supports([16, 7, 32]));
        foreach (int plane in new[] { 1, 49, 700 })
        {
            int[] channels = [32, 16, 19];
            int all = channels.Sum();
            float[] whole = Bits.Random(plane, Samples * all * plane);
            foreach (Execution execution in Bits.Executions)
            {
                using GuardedFloats joined = new(BlockedArrays.Floats(Samples, all, plane));
                int first = 0;
                foreach (int count in channels)
                {
                    float[] part = [.. Enumerable.Range(0, Samples).SelectMany(n => whole.Skip((n * all + first) * plane).Take(count * plane))];
                    using GuardedFloats input = new(BlockedArrays.Of(part, Samples, count, plane)), back = new(input.Count);
                    BlockedConcat.Join(execution, Samples, plane, first, count, all, input.Pointer, joined.Pointer);
                    BlockedConcat.Split(execution, Samples, plane, first, count, all, joined.Pointer, back.Pointer);
                    Bits.Same(input.Values, back.Checked(), $"{count} channels of {plane} on {execution}");
                    first += count;
                }

                Bits.Same(whole, BlockedArrays.Planar(joined.Checked(), Samples, all, plane, $"{execution}"), $"{plane} on {execution}");
            }
        }
    }
}
