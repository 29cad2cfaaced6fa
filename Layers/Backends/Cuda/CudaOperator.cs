using Preimage.Interop.Cuda;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>What most operators of a GPU have in common: everything planar, one implementation, no state, no scratch.</summary>
internal abstract class CudaOperator(Owned? owned = null) : IOperator
{

    public virtual string Algorithm => "Kernel";

    public LayoutRule Layouts => LayoutRule.Planar;

    public virtual bool CanRunInPlace => false;

    public virtual bool GatesInputSignal => false;

    public virtual Needs NeedsFor(BackwardRule rule) => Needs.None;

    public virtual long StateBytes(int samples) => 0;

    public virtual long ScratchBytes(int rows, PassDirection direction) => 0;

    public abstract void Forward(in ForwardCall call);

    public abstract void Backward(in BackwardCall call);

    public void Dispose() => owned?.Dispose();

    /// <summary>Copies a signal that passes through unchanged, unless it is there already.</summary>
    protected static void Pass(WorkQueue queue, Activation from, Activation to)
    {
        if (from.Address != to.Address)
            ((CudaQueue)queue).Stream.Copy(to.Address, from.Address, to.Shape.Bytes);
    }
}

/// <summary>Short forms for operators.</summary>
internal static class CudaCalls
{
    extension(WorkQueue queue)
    {
        /// <summary>The queue of a GPU.</summary>
        public CudaQueue Cuda => (CudaQueue)queue;
    }

    /// <summary>The launch of sums of lines: sixteen threads each (Native/Kernels/sums.h).</summary>
    public static LaunchShape Lines(long lines) => LaunchShape.Over(16 * lines);
}
