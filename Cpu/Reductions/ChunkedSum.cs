using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Reductions;

/// <summary>The terms of a sum over each of several rows.</summary>
internal unsafe interface ITerms
{
    /// <summary>Adds terms first to first + count - 1 of a row to 256 sums, term first + j to sum j mod 256, in order of j; count is at most <see cref="ChunkedSum.Chunk"/>.</summary>
    void Add<TS, TV>(int row, long first, int count, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>Sums of doubles over whole rows, in an order that depends on nothing but how many terms there are.</summary>
/// <remarks>A row is cut into chunks of 4096 terms; within one, term t goes to sum t mod 256; those are added 16 apart, in order, then the sixteen in order. The sums of
/// the chunks are added likewise, and the factor comes last. Native/Kernels/chunks.h keeps the same order.</remarks>
internal static unsafe class ChunkedSum
{
    /// <summary>Terms of a chunk.</summary>
    public const int Chunk = 4096;

    /// <summary>Sums side by side.</summary>
    public const int Sums = 256;

    const int Sixteen = 16, ChunksOfTicket = 4;

    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(int rows, long count) => rows * Chunks(count) * sizeof(double);

    /// <summary>results[row] = factor * the sum of its terms.</summary>
    public static void Run<TTerms>(Execution execution, int rows, long count, TTerms terms, double factor, double* results, nint scratch) where TTerms : struct, ITerms
    {
        long chunks = Chunks(count);
        var job = new Job<TTerms> { Isa = execution.Isa, Terms = terms, Count = count, Chunks = chunks, All = rows * chunks, Partials = (double*)scratch };
        WorkerTeam.Shared.Run(ref job, checked((int)((job.All + ChunksOfTicket - 1) / ChunksOfTicket)), execution.Lanes);
        double* sums = stackalloc double[Sums];
        for (int row = 0; row < rows; row++)
        {
            new Span<double>(sums, Sums).Clear();
            for (long chunk = 0; chunk < chunks; chunk++)
                sums[chunk % Sums] += job.Partials[row * chunks + chunk];
            results[row] = Joined(sums) * factor;
        }
    }

    /// <summary>Adds numbers that lie together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddValues<TS, TV>(float* x, int count, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        // Whole rounds column by column, so that sums stay in registers: each still adds its terms in order.
        int rounds = count / Sums, i = rounds * Sums;
        for (int column = 0; column < Sums && rounds > 0; column += TS.Width)
            TS.AddRowsWide(sums + column, x + column, Sums, rounds);
        for (; i + TS.Width <= count; i += TS.Width)
            TS.AddWide(sums + i % Sums, TS.Load(x + i));
        for (; i < count; i++)
            sums[i % Sums] += x[i];
    }

    /// <summary>Adds products of numbers that lie together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProducts<TS, TV>(float* x, float* y, int count, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int rounds = count / Sums, i = rounds * Sums;
        for (int column = 0; column < Sums && rounds > 0; column += TS.Width)
            TS.AddProductRowsWide(sums + column, x + column, y + column, Sums, rounds);
        for (; i + TS.Width <= count; i += TS.Width)
            TS.AddProductsWide(sums + i % Sums, TS.Load(x + i), TS.Load(y + i));
        for (; i < count; i++)
            sums[i % Sums] += (double)x[i] * y[i];
    }

    static long Chunks(long count) => (count + Chunk - 1) / Chunk;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Joined(double* sums)
    {
        for (int i = Sixteen; i < Sums; i++)
            sums[i % Sixteen] += sums[i];
        double sum = sums[0];
        for (int i = 1; i < Sixteen; i++)
            sum += sums[i];
        return sum;
    }

    struct Job<TTerms> : ITicketJob, ISimdKernel where TTerms : struct, ITerms
    {
        public Isa Isa;
        public TTerms Terms;
        public long Count, Chunks, All;
        public double* Partials;
        long _first, _end;

        public readonly void Run(int ticket, int lane)
        {
            Job<TTerms> own = this;
            own._first = (long)ticket * ChunksOfTicket;
            own._end = Math.Min(own._first + ChunksOfTicket, All);
            Isa.Run(ref own);
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            double* sums = stackalloc double[Sums];
            for (long i = _first; i < _end; i++)
            {
                long first = i % Chunks * Chunk;
                new Span<double>(sums, Sums).Clear();
                Terms.Add<TS, TV>((int)(i / Chunks), first, (int)Math.Min(Chunk, Count - first), sums);
                Partials[i] = Joined(sums);
            }
        }
    }
}

/// <summary>x, rows one behind the other.</summary>
internal unsafe struct ValueTerms(float* x, long count) : ITerms
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add<TS, TV>(int row, long first, int terms, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged =>
        ChunkedSum.AddValues<TS, TV>(x + (nint)(row * count + first), terms, sums);
}

/// <summary>x * y, rows of x one behind the other, rows of y that far apart: 0 where one serves all.</summary>
internal unsafe struct ProductTerms(float* x, float* y, long count, long strideY) : ITerms
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add<TS, TV>(int row, long first, int terms, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged =>
        ChunkedSum.AddProducts<TS, TV>(x + (nint)(row * count + first), y + (nint)(row * strideY + first), terms, sums);
}
