using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>Work captured from a stream, launched again as one. It reads and writes the addresses it was captured with.</summary>
internal sealed unsafe class CudaGraph : ContextChild
{
    /// <summary>Makes captured work ready to launch; the graph itself is destroyed with the capture.</summary>
    internal CudaGraph(CudaContext context, nint graph)
        : base(context)
    {
        nuint nodes;
        cuGraphGetNodes(graph, null, &nodes).ThrowIfFailed();
        Nodes = (int)nodes;
        nint native;
        cuGraphInstantiateWithFlags(&native, graph, 0).ThrowIfFailed();
        Attach(native, owned: true, context);
    }

    /// <summary>Kernels, copies and the like in it.</summary>
    public int Nodes { get; }

    /// <summary>
    /// Starts capturing what this thread gives to a stream: it is recorded, not run. Nothing may wait for the device or
    /// allocate before <see cref="StreamCapture.Finish"/>; kernels are to have run once before.
    /// </summary>
    public static StreamCapture Capture(CudaStream stream) => new(stream);

    /// <summary>Launches it in the order of a stream. Allocates nothing; the context must be current.</summary>
    public void Launch(CudaStream stream)
    {
        cuGraphLaunch(Handle, stream.Handle).ThrowIfFailed();
        stream.Check(nameof(cuGraphLaunch));
    }

    /// <summary>Sends it to the device ahead of the first launch.</summary>
    public void Upload(CudaStream stream)
    {
        using var current = Context.MakeCurrent();
        cuGraphUpload(Handle, stream.Handle).ThrowIfFailed();
    }

    private protected override CUresult Destroy() => cuGraphExecDestroy(handle);
}
