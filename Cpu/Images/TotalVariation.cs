using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>The gradient of the total variation of spec section 6.1: (d1^2 + d2^2)^(beta / 2), d1 and d2 the differences to the next column and the next row, 0 in the last ones.</summary>
/// <remarks>
/// Each element gathers what it gets as itself, from its left and from its upper neighbour, in this order, so that no two tickets write one place; arithmetic as
/// in Native/Kernels/priors.cu. What a place weighs its differences with is computed once, row by row, beside the row above's: two rows of scratch a lane. For beta = 2 it is 1.
/// </remarks>
internal static unsafe class TotalVariation
{
    /// <summary>Elements of a ticket, about: 32 KB of each array.</summary>
    const int Band = 8192;

    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution, int w) => execution.Lanes * LaneBytes(w);

    /// <summary>gradient += factor * what the sum of the powers changes by, without beta.</summary>
    /// <param name="execution">How it runs.</param>
    /// <param name="planes">Images times channels.</param>
    /// <param name="h">Rows of a plane.</param>
    /// <param name="w">Columns.</param>
    /// <param name="beta">At least 1.</param>
    /// <param name="factor">With beta in it.</param>
    /// <param name="x">The planes.</param>
    /// <param name="gradient">What is added to.</param>
    /// <param name="scratch">Of <see cref="ScratchBytes"/>.</param>
    public static void Gradient(Execution execution, int planes, int h, int w, float beta, float factor, float* x, float* gradient, nint scratch)
    {
        int rows = Math.Clamp(Band / w, 1, h), bands = (h + rows - 1) / rows;
        var job = new Job
        {
            Isa = execution.Isa, Bands = bands, Rows = rows, H = h, W = w, Beta = beta, Factor = factor, X = x, Gradient = gradient, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, checked(planes * bands), execution.Lanes);
    }

    static long LaneBytes(int w) => 2 * AlignedBuffer.RoundUp((long)w * sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Bands, Rows, H, W;
        public float Beta, Factor;
        public float* X, Gradient;
        public nint Scratch;
        int _ticket, _lane;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int first = _ticket % Bands * Rows, end = Math.Min(first + Rows, H);
            nint start = (nint)(_ticket / Bands) * H * W;
            bool weighs = Beta != 2;
            float* above = (float*)(Scratch + (nint)(_lane * LaneBytes(W))), own = above + LaneBytes(W) / (2 * sizeof(float));
            if (weighs && first > 0)
                Weigh<TS, TV>(X + start + (nint)(first - 1) * W, true, above);
            for (int row = first; row < end; row++)
            {
                float* x = X + start + (nint)row * W, gradient = Gradient + start + (nint)row * W;
                bool last = row + 1 == H;
                if (weighs)
                    Weigh<TS, TV>(x, !last, own);
                new Line(x, gradient, row > 0, !last, weighs ? own : null, above, W, Factor).Run<TS, TV>();
                float* next = above;
                above = own;
                own = next;
            }
        }

        /// <summary>max(s^(beta / 2), 1e-6)^(1 - 2 / beta) for every column of a row, s the sum of the squared differences.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Weigh<TS, TV>(float* x, bool hasNext, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            VariationTerms.Squares<TS, TV>(x, W, W, true, hasNext, to);
            // Rows of scratch are whole vectors long: what follows the last column is weighed too, and not looked at.
            new Span<float>(to + W, (int)(LaneBytes(W) / (2 * sizeof(float))) - W).Clear();
            for (int column = 0; column < W; column += TS.Width)
                TS.Store(to + column, Weight<TS, TV>(TS.Load(to + column)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Weight<TS, TV>(TV square) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV least = TS.Broadcast(1e-6f), value = Norms.Powered<TS, TV>(square, Beta);
            // s^(-1 / 4), or 1e-6^(-1 / 3).
            if (Beta == 1.5f)
                return TS.Select(TS.Greater(value, least), TS.Div(TS.Broadcast(1), TS.Sqrt(TS.Sqrt(square))), TS.Broadcast(100));
            value = TS.Select(TS.Greater(value, least), value, least);
            return Beta == 1 ? TS.Div(TS.Broadcast(1), value) : Power.Of<TS, TV>(value, TS.Broadcast(1 - 2 / Beta));
        }
    }

    /// <summary>A row under work.</summary>
    readonly struct Line(float* x, float* gradient, bool hasAbove, bool hasBelow, float* weights, float* above, nint w, float factor)
    {
        /// <summary>All columns.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV all = TS.FromBits(uint.MaxValue);
            Column<SimdScalar, float>(0, false, w > 1, lanes: 0, selects: false);
            nint column = 1, end = w - 1;
            for (; column + TS.Width <= end; column += TS.Width)
                Column<TS, TV>(column, true, true, all, selects: false);
            // What is left once more with what lies before it, which stays as it is.
            if (column < end && end > TS.Width)
            {
                Column<TS, TV>(end - TS.Width, true, true, TS.FromBits(uint.MaxValue << (int)(TS.Width - (end - column))), selects: true);
                column = end;
            }

            for (; column < w; column++)
                Column<SimdScalar, float>(column, true, column < end, lanes: 0, selects: false);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Column<TS, TV>(nint i, bool hasLeft, bool hasRight, TV lanes, bool selects) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV here = TS.Load(x + i), none = TS.Broadcast(0);
            TV right = hasRight ? TS.Sub(TS.Load(x + i + 1), here) : none, down = hasBelow ? TS.Sub(TS.Load(x + i + w), here) : none;
            TV sum = TS.Add(right, down);
            // The sign last: the negative of +0 is -0.
            sum = TS.Mul(TS.Broadcast(-1), weights == null ? sum : TS.Mul(TS.Load(weights + i), sum));
            if (hasLeft)
            {
                TV left = TS.Sub(here, TS.Load(x + i - 1));
                sum = weights == null ? TS.Add(left, sum) : TS.Fma(TS.Load(weights + i - 1), left, sum);
            }

            if (hasAbove)
            {
                TV upper = TS.Sub(here, TS.Load(x + i - w));
                sum = weights == null ? TS.Add(upper, sum) : TS.Fma(TS.Load(above + i), upper, sum);
            }

            TV before = TS.Load(gradient + i), after = TS.Fma(TS.Broadcast(factor), sum, before);
            TS.Store(gradient + i, selects ? TS.Select(lanes, after, before) : after);
        }
    }
}
