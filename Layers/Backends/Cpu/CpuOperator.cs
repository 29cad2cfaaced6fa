using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>What most operators of the processor have in common: one implementation, no state, no scratch.</summary>
internal abstract class CpuOperator(Execution execution) : IOperator
{
    readonly List<IDisposable> _owned = [];

    protected Execution Execution { get; } = execution;

    public virtual string Algorithm => "Direct";

    public virtual long WeightBytes => 0;

    public virtual LayoutRule Layouts => LayoutRule.Planar;

    public virtual bool CanRunInPlace => false;

    public virtual bool GatesInputSignal => false;

    public virtual Needs NeedsFor(BackwardRule rule) => Needs.None;

    public virtual long StateBytes(int samples) => 0;

    public virtual long ScratchBytes(int rows, PassDirection direction) => 0;

    public abstract void Forward(in ForwardCall call);

    public abstract void Backward(in BackwardCall call);

    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
            owned.Dispose();
        _owned.Clear();
    }

    /// <summary>Frees something together with the operator.</summary>
    protected T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    /// <summary>One value per channel followed by zeros up to a whole vector: a parameter's own memory, or a copy.</summary>
    protected unsafe float* Vector(WeightSource source)
    {
        if (source is ParameterWeights && source.TryGetAddress(out nint address))
            return (float*)address;
        var padded = new float[BlockedLayout.Padded(source.Count)];
        source.Read(0, padded.AsSpan(0, source.Count));
        return Copy(padded).Floats;
    }

    /// <summary>A copy of host values in aligned memory, freed with the operator.</summary>
    protected unsafe AlignedBuffer Copy(ReadOnlySpan<float> values)
    {
        AlignedBuffer buffer = Own(new AlignedBuffer((long)values.Length * sizeof(float)));
        values.CopyTo(new Span<float>(buffer.Floats, values.Length));
        return buffer;
    }
}
