using System.Runtime.CompilerServices;
using Preimage.Cpu.Elementwise;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>What happens to finished sums on their way into a blocked array.</summary>
/// <remarks>
/// In this order: + bias, + addend, gate (a clear bit gives +0), rectify (+0 where x &lt;= 0; not-a-number stays), mask out. Mask and gate are those of
/// <see cref="PiecewiseForward"/>: per row (sample) 16 bits per block of 16 lanes in the order of the blocks, lane 0 lowest; rows are
/// <see cref="PiecewiseForward.MaskStride"/> apart, and <see cref="OfRow"/> goes to one. Forward, bias, addend and rectify fuse a convolution with the sum and the
/// ReLU that follow it; on the way back, gate is the gradient's rule for a ReLU, rectify DeconvNet's, both are guided's.
/// </remarks>
internal unsafe struct Epilogue
{
    /// <summary>One value per destination channel, pad lanes in and +0; or null.</summary>
    public float* Bias;

    /// <summary>An array laid out like the destination, which it may be; or null.</summary>
    public float* Addend;

    /// <summary>Bits of the destination's blocks; or null.</summary>
    public ushort* Gate;

    /// <summary>Destination rows per row of the gate: a row of signal reads the bits of its sample, row / seeds. 0 counts as 1.</summary>
    public int Seeds;

    /// <summary>Receives what is greater than 0; or null.</summary>
    public ushort* Mask;

    public bool Rectify;

    /// <summary>Whether sums go as they are.</summary>
    public readonly bool IsCopy => Bias == null && Addend == null && Gate == null && Mask == null && !Rectify;

    /// <summary>The epilogue of one row of the destination: mask and gate can then be indexed by the offset in the whole array.</summary>
    /// <param name="row">Which row (sample, or sample and seed).</param>
    /// <param name="rowFloats">Floats of a row, pad lanes in.</param>
    public readonly Epilogue OfRow(int row, long rowFloats)
    {
        Epilogue own = this;
        nint stride = (nint)PiecewiseForward.MaskStride(rowFloats) / sizeof(ushort), before = row * (nint)(rowFloats / BlockedLayout.Lanes);
        if (Mask != null)
            own.Mask = Mask + row * stride - before;
        if (Gate != null)
            own.Gate = Gate + row / Math.Max(Seeds, 1) * stride - before;
        return own;
    }

    /// <summary>Writes a run of pixels of one block of channels.</summary>
    /// <param name="sums">The first pixel's 16 sums.</param>
    /// <param name="sumsStep">Floats between pixels of <paramref name="sums"/>.</param>
    /// <param name="pixels">How many.</param>
    /// <param name="destination">The start of the whole destination array.</param>
    /// <param name="offset">Floats from there to the first pixel's block: a multiple of 16.</param>
    /// <param name="step">Floats between pixels of the destination: a multiple of 16.</param>
    /// <param name="channel">The block's first channel, for the bias.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Store<TS, TV>(float* sums, nint sumsStep, int pixels, float* destination, nint offset, nint step, int channel)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        float* to = destination + offset;
        if (Addend == null && Gate == null && Mask == null)
        {
            float* bias = Bias + channel;
            if (Bias == null)
            {
                if (Rectify)
                    Plain<TS, TV, Zero, One>(sums, sumsStep, pixels, to, step, null);
                else
                    Plain<TS, TV, Zero, Zero>(sums, sumsStep, pixels, to, step, null);
            }
            else if (Rectify)
            {
                Plain<TS, TV, One, One>(sums, sumsStep, pixels, to, step, bias);
            }
            else
            {
                Plain<TS, TV, One, Zero>(sums, sumsStep, pixels, to, step, bias);
            }

            return;
        }

        Full<TS, TV>(sums, sumsStep, pixels, to, offset, step, channel);
    }

    /// <summary>Bias and rectify, where the counts are not 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Plain<TS, TV, TBias, TRectify>(float* sums, nint sumsStep, int pixels, float* to, nint step, float* bias)
        where TS : struct, ISimd<TV> where TV : unmanaged where TBias : struct, ICount where TRectify : struct, ICount
    {
        TV zero = default;
        for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
        {
            TV b = TBias.Count > 0 ? TS.Load(bias + lane) : zero;
            float* from = sums + lane, at = to + lane;
            for (int i = 0; i < pixels; i++, from += sumsStep, at += step)
            {
                TV x = TS.Load(from);
                if (TBias.Count > 0)
                    x = TS.Add(x, b);
                if (TRectify.Count > 0)
                    x = TS.Select(TS.LessOrEqual(x, zero), zero, x);
                TS.Store(at, x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Full<TS, TV>(float* sums, nint sumsStep, int pixels, float* to, nint offset, nint step, int channel)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        float* bias = Bias == null ? null : Bias + channel;
        bool rectify = Rectify;
        TV zero = default;
        // A block of 16 lanes is a word of the masks.
        nint block = (nint)((nuint)offset / BlockedLayout.Lanes), blockStep = (nint)((nuint)step / BlockedLayout.Lanes);
        float* addend = Addend == null ? null : Addend + offset;
        ushort* gate = Gate == null ? null : Gate + block, mask = Mask == null ? null : Mask + block;
        nint addendStep = addend == null ? 0 : step, gateStep = gate == null ? 0 : blockStep, maskStep = mask == null ? 0 : blockStep;
        for (; pixels > 0; pixels--, sums += sumsStep, to += step, addend += addendStep, gate += gateStep, mask += maskStep)
        {
            uint open = gate == null ? 0u : *gate, bits = 0;
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
            {
                TV x = TS.Load(sums + lane);
                if (bias != null)
                    x = TS.Add(x, TS.Load(bias + lane));
                if (addend != null)
                    x = TS.Add(x, TS.Load(addend + lane));
                if (gate != null)
                    x = TS.And(x, TS.FromBits(open >> lane));
                if (rectify)
                    x = TS.Select(TS.LessOrEqual(x, zero), zero, x);
                if (mask != null)
                    bits |= TS.ToBits(TS.Greater(x, zero)) << lane;
                TS.Store(to + lane, x);
            }

            if (mask != null)
                *mask = (ushort)bits;
        }
    }
}
