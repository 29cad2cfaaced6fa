using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>Work on all channels of a vector of pixels at once.</summary>
internal interface IPixelKernel
{
    /// <summary>Makes pixel i the one that was pixel start + i.</summary>
    void Move(nint start);

    /// <summary>Works on the pixels from i on, the vector's width of them.</summary>
    void Apply<TS, TV>(nint i) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>Runs a kernel over the pixels of images of [rows][channels][plane].</summary>
internal struct PixelSweep<TKernel> : ITicketJob, ISimdKernel where TKernel : struct, IPixelKernel
{
    Isa _isa;
    int _chunks, _channels;
    nint _plane, _count;
    TKernel _kernel;

    public static void Run(Execution execution, int rows, int channels, long plane, in TKernel kernel)
    {
        int chunks = PixelTickets.PerPlane(plane);
        var job = new PixelSweep<TKernel> { _isa = execution.Isa, _chunks = chunks, _channels = channels, _plane = (nint)plane, _kernel = kernel };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    public readonly void Run(int ticket, int lane)
    {
        PixelSweep<TKernel> own = this;
        (nint start, own._count) = PixelTickets.Range(ticket % _chunks, _plane);
        own._kernel.Move(start + ticket / _chunks * _channels * _plane);
        _isa.Run(ref own);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TKernel kernel = _kernel;
        nint i = 0;
        for (; i + TS.Width <= _count; i += TS.Width)
            kernel.Apply<TS, TV>(i);
        for (; i < _count; i++)
            kernel.Apply<SimdScalar, float>(i);
    }
}
