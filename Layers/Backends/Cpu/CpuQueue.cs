using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Elementwise;
using Preimage.Interop.Cuda;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The processor does its work at once.</summary>
internal sealed unsafe class CpuQueue(Execution execution) : WorkQueue
{
    public override CudaStream? Stream => null;

    public override void Copy(nint from, nint to, long bytes) => Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);

    public override void CopyIn(nint planar, Activation destination) => Upload(new ReadOnlySpan<float>((float*)planar, destination.Shape.Count), destination);

    public override void CopyOut(Activation source, nint planar) => Download(source, new Span<float>((float*)planar, source.Shape.Count));

    public override void Upload(ReadOnlySpan<byte> source, nint destination) => source.CopyTo(new Span<byte>((void*)destination, source.Length));

    public override void Download(nint source, Span<byte> destination) => new ReadOnlySpan<byte>((void*)source, destination.Length).CopyTo(destination);

    public override void Upload(ReadOnlySpan<float> source, Activation destination)
    {
        Shape shape = destination.Shape;
        fixed (float* from = source[..shape.Count])
        {
            if (destination.IsBlocked)
                Reorder.ToBlocked(execution, shape.N, shape.C, shape.H * shape.W, from, destination.Floats);
            else
                source[..shape.Count].CopyTo(new Span<float>(destination.Floats, shape.Count));
        }
    }

    public override void Download(Activation source, Span<float> destination)
    {
        Shape shape = source.Shape;
        fixed (float* to = destination[..shape.Count])
        {
            if (source.IsBlocked)
                Reorder.ToPlanar(execution, shape.N, shape.C, shape.H * shape.W, source.Floats, to);
            else
                new ReadOnlySpan<float>(source.Floats, shape.Count).CopyTo(destination);
        }
    }

    public override void Accumulate(Activation into, Activation from) =>
        BinaryMap.Run<Sum>(execution, 1, 1, into.Length, into.Floats, from.Floats, into.Floats);

    public override CurrentDevice Enter() => default;

    public override void Run(RepeatedWork work, CancellationToken cancellation) => work.Body(cancellation);

    public override StepTimer CreateTimer(int steps) => new WallTimer(steps);

    public override void Synchronise()
    {
        // Kernels return when they are done.
    }

    public override void Drain()
    {
        // There is nothing under way.
    }

    public override void Dispose()
    {
        // It owns nothing.
    }
}
