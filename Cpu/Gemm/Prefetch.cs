using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Preimage.Cpu.Gemm;

/// <summary>Hints that memory will be read soon. They change no result and may point anywhere.</summary>
internal static unsafe class Prefetch
{
    /// <summary>One line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(float* at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(at);
    }

    /// <summary>A run of floats, line by line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* from, nint count)
    {
        if (!Sse.IsSupported)
            return;
        for (nint i = 0; i < count; i += 16)
            Sse.Prefetch0(from + i);
    }

    /// <summary>One line of each of several rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rows(float* from, nint stride, int rows)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < rows; i++)
            Sse.Prefetch0(from + i * stride);
    }
}
