using System.Runtime.InteropServices;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Loops;

/// <summary>Numbers in the memory of a plan's device, row-major without gaps. Belongs to the <see cref="DeviceLoop"/> that made it and lives as long.</summary>
/// <typeparam name="T">float for images and signals, double for energies, int for tables.</typeparam>
public sealed class DeviceArray<T> where T : unmanaged
{
    readonly ExecutionPlan _plan;
    readonly DeviceBuffer _memory;

    internal DeviceArray(ExecutionPlan plan, DeviceBuffer memory, Shape shape)
    {
        _plan = plan;
        _memory = memory;
        Shape = shape;
    }

    /// <summary>The extents; the outermost one counts rows, one for every image.</summary>
    public Shape Shape { get; }

    /// <summary>How many numbers there are.</summary>
    public int Count => Shape.Count;

    /// <summary>Where they start in the device's memory.</summary>
    internal nint Address => _memory.Address;

    /// <summary>Copies numbers in from the host.</summary>
    /// <exception cref="ShapeException">There are more or fewer than <see cref="Count"/>.</exception>
    public void Upload(ReadOnlySpan<T> values)
    {
        Require(values.Length);
        using ExecutionPlan.Turn turn = _plan.Enter();
        _plan.Queue.Upload(MemoryMarshal.AsBytes(values), Address);
    }

    /// <summary>Copies the numbers out to the host, when all work asked for before is done.</summary>
    /// <exception cref="ShapeException">There are more or fewer than <see cref="Count"/>.</exception>
    public void Download(Span<T> values)
    {
        Require(values.Length);
        using ExecutionPlan.Turn turn = _plan.Enter();
        _plan.Queue.Download(Address, MemoryMarshal.AsBytes(values));
    }

    /// <summary>The numbers as a new array.</summary>
    public T[] ToArray()
    {
        var values = new T[Count];
        Download(values);
        return values;
    }

    void Require(int count)
    {
        if (count != Count)
            throw new ShapeException($"{count} values for an array of {Shape}, which has {Count}");
    }
}
