using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data;

/// <summary>Samples held in memory, one after the other.</summary>
/// <param name="name">What it is.</param>
/// <param name="shape">Of one sample.</param>
/// <param name="classes">The names of the classes.</param>
/// <param name="values">All samples; taken over.</param>
/// <param name="labels">The class of each, checked by the reader; taken over.</param>
internal sealed class StoredSet(string name, Shape shape, IReadOnlyList<string> classes, byte[] values, byte[] labels) : DataSet
{
    readonly int _sample = shape.C * shape.H * shape.W;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Shape SampleShape => shape;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => classes;

    /// <inheritdoc/>
    public override int Count => labels.Length;

    /// <inheritdoc/>
    public override int Label(int index)
    {
        Require(index);
        return labels[index];
    }

    /// <inheritdoc/>
    public override void Read(int index, Span<byte> destination)
    {
        Require(index, destination.Length);
        values.AsSpan(index * _sample, _sample).CopyTo(destination);
    }
}
