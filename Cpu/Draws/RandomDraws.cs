using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Preimage.Cpu.Draws;

/// <summary>Elements of a drawn array, any of them without the ones before, the same bits with every instruction set.</summary>
internal static unsafe class RandomDraws
{
    /// <summary>Draws a run of elements on the calling thread.</summary>
    /// <param name="isa">The instruction set.</param>
    /// <param name="array">What is drawn.</param>
    /// <param name="first">The index of the first element.</param>
    /// <param name="to">Receives the elements; any alignment.</param>
    /// <param name="count">How many.</param>
    public static void Fill(Isa isa, in DrawnArray array, long first, float* to, long count)
    {
        var job = new Job { Array = array, First = first, To = to, Count = count };
        switch (isa)
        {
            case Isa.Avx512:
                job.Run<DrawLanes512, Vector512<double>>();
                break;
            case Isa.Avx2:
                job.Run<DrawLanes256, Vector256<double>>();
                break;
            case Isa.Neon:
                job.Run<DrawLanes128, Vector128<double>>();
                break;
            default:
                job.Run<DrawLanesScalar, double>();
                break;
        }
    }

    struct Job
    {
        public DrawnArray Array;
        public long First, Count;
        public float* To;

        public readonly void Run<TL, TV>() where TL : struct, IDrawLanes<TV> where TV : unmanaged
        {
            if (Array.Rule.IsFlat)
                Run<TL, TV, Flat>();
            else if (Array.Rule.HasTails)
                Run<TL, TV, Whole>();
            else
                Run<TL, TV, Cut>();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Run<TL, TV, TShape>() where TL : struct, IDrawLanes<TV> where TV : unmanaged where TShape : struct, IShape
        {
            const int Most = 32;
            ulong* keys = stackalloc ulong[2 * PhiloxLanes.Rounds];
            float* group = stackalloc float[Most];
            PhiloxLanes.Keys(Array.Seed, keys);
            int width = 4 * TL.Width, skip = (int)(First % 4);
            ulong block = (ulong)(First / 4), stream = Array.Stream;
            DrawRule rule = Array.Rule;
            float* to = To, end = To + Count;
            for (; to < end; block += (ulong)TL.Width)
            {
                bool whole = skip == 0 && end - to >= width;
                PhiloxLanes.Blocks<TL, TV>(block, stream, keys, out TV x, out TV y, out TV z, out TV w);
                TL.StoreInterleaved(whole ? to : group, Value<TL, TV, TShape>(rule, x), Value<TL, TV, TShape>(rule, y), Value<TL, TV, TShape>(rule, z),
                    Value<TL, TV, TShape>(rule, w));
                if (whole)
                {
                    to += width;
                    continue;
                }

                int count = (int)Math.Min(width - skip, end - to);
                new Span<float>(group + skip, count).CopyTo(new Span<float>(to, count));
                to += count;
                skip = 0;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static TV Value<TL, TV, TShape>(in DrawRule rule, TV word) where TL : struct, IDrawLanes<TV> where TV : unmanaged where TShape : struct, IShape
        {
            // Beside 2^52 a word is the low bits of a double.
            TV h = TL.Or(TL.And(word, TL.BroadcastBits(uint.MaxValue)), TL.Broadcast(4503599627370496));
            h = TL.Add(TL.Sub(h, TL.Broadcast(4503599627370496 + 2147483648.0)), TL.Broadcast(0.5));
            TV factor = TL.Broadcast(rule.Factor), summand = TL.Broadcast(rule.Summand);
            if (TShape.IsFlat)
                return TL.Fma(h, factor, summand);
            TV q = TL.Mul(h, TL.Broadcast(rule.Scale));
            return TL.Fma(factor, TShape.HasTails ? QuantileLanes.Of<TL, TV>(q) : QuantileLanes.Central<TL, TV>(q), summand);
        }
    }

    interface IShape
    {
        static abstract bool IsFlat { get; }

        static abstract bool HasTails { get; }
    }

    readonly struct Flat : IShape
    {
        public static bool IsFlat => true;

        public static bool HasTails => false;
    }

    readonly struct Cut : IShape
    {
        public static bool IsFlat => false;

        public static bool HasTails => false;
    }

    readonly struct Whole : IShape
    {
        public static bool IsFlat => false;

        public static bool HasTails => true;
    }
}
