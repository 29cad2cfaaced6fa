using Preimage.Cpu.Blocked;

namespace Preimage.Cpu.Tests;

public sealed unsafe class ReorderTests
{
    [Fact]
    public void EveryElement_GoesToItsPlaceAndBack()
    {
        foreach (Execution execution in Bits.Executions)
        foreach (int channels in new[] { 1, 3, 4, 8, 15, 16, 17, 31, 33, 48 })
        foreach (int plane in new[] { 1, 3, 4, 15, 16, 17, 49, 1023, 1025, 2100 })
        {
            const int Samples = 2;
            string what = $"{channels} channels of {plane} on {execution}";
            // Bits are moved: signed zeros, infinities and not-a-number among them.
            float[] x = Bits.Random(channels + plane, Samples * channels * plane);
            for (int i = 0; i < x.Length; i += 7)
                x[i] = (i / 7 % 4) switch { 0 => -0f, 1 => float.NegativeInfinity, 2 => float.NaN, _ => float.Epsilon };
            float[] expected = BlockedArrays.Of(x, Samples, channels, plane);
            using GuardedFloats planar = new(x), blocked = new(expected.Length), back = new(x.Length);
            Reorder.ToBlocked(execution, Samples, channels, plane, planar.Pointer, blocked.Pointer);
            Bits.Same(expected, blocked.Checked(), what);
            BlockedArrays.Planar(blocked.Checked(), Samples, channels, plane, what);
            Reorder.ToPlanar(execution, Samples, channels, plane, blocked.Pointer, back.Pointer);
            Bits.Same(x, back.Checked(), what);
        }
    }
}
