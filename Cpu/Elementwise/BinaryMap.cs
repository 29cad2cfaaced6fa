using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>A function of two numbers.</summary>
internal interface IBinary
{
    static abstract TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>to[i] = f(x[i], y[i]), where row r of x meets row r / seeds of y; to may be x.</summary>
internal static unsafe class BinaryMap
{
    public static void Run<TFunction>(Execution execution, int rows, int seeds, long units, float* x, float* y, float* to) where TFunction : struct, IBinary
    {
        int chunks = ElementwiseTickets.PerRow(units);
        var job = new Job<TFunction> { Isa = execution.Isa, Chunks = chunks, Seeds = seeds, Units = units, X = x, Y = y, To = to };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    struct Job<TFunction> : ITicketJob, ISimdKernel where TFunction : struct, IBinary
    {
        public Isa Isa;
        public int Chunks, Seeds;
        public long Units;
        public float* X, Y, To;

        public readonly void Run(int ticket, int lane)
        {
            int row = ticket / Chunks;
            (nint start, nint count) = ElementwiseTickets.Range(ticket % Chunks, Units);
            Job<TFunction> own = this;
            own.X += (nint)(row * Units) + start;
            own.To += (nint)(row * Units) + start;
            own.Y += (nint)(row / Seeds * Units) + start;
            own.Units = count;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            nint i = 0, count = (nint)Units;
            float* x = X, y = Y, to = To;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(to + i, TFunction.Apply<TS, TV>(TS.Load(x + i), TS.Load(y + i)));
            for (; i < count; i++)
                to[i] = TFunction.Apply<SimdScalar, float>(x[i], y[i]);
        }
    }
}

/// <summary>x + y.</summary>
internal readonly struct Sum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Add(x, y);
}

/// <summary>x - y.</summary>
internal readonly struct Difference : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Sub(x, y);
}

/// <summary>x * y.</summary>
internal readonly struct Product : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Mul(x, y);
}

/// <summary>x / y.</summary>
internal readonly struct Quotient : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Div(x, y);
}

/// <summary>x y (1 - y): a signal x through the logistic function that gave y.</summary>
internal readonly struct SigmoidSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Mul(x, TS.Mul(y, TS.Sub(TS.Broadcast(1), y)));
}

/// <summary>x (1 - y²): a signal x through the tanh that gave y.</summary>
internal readonly struct TanhSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Mul(x, TS.Sub(TS.Broadcast(1), TS.Mul(y, y)));
}

/// <summary>x / (2 y): a signal x through the square root that gave y.</summary>
internal readonly struct SquareRootSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Div(x, TS.Add(y, y));
}

/// <summary>x where y &gt; 0, else x (y + 1): a signal x through the exponential linear unit that gave y.</summary>
internal readonly struct EluSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Select(TS.Greater(y, TS.Broadcast(0)), x, TS.Mul(x, TS.Add(y, TS.Broadcast(1))));
}

/// <summary>x (1 - e^-y): a signal x through the softplus that gave y.</summary>
internal readonly struct SoftplusSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Mul(x, TS.Mul(TS.Broadcast(-1), HyperbolicTangent.ExponentialLessOne<TS, TV>(TS.Mul(TS.Broadcast(-1), y))));
}

/// <summary>A signal x through the error function of y.</summary>
internal readonly struct ErfSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Apply<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Mul(x, ErrorFunction.Slope<TS, TV>(y));
}
