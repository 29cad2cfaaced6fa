using Preimage.Layers;

namespace Preimage.Algorithms.Training.Data;

/// <summary>Labelled pictures of one size, read one at a time. Safe to read from several threads.</summary>
/// <remarks>Values are 0 to 255 as the file or the generator has them, RGB or grey, planes one after the other: what a network wants beyond that is
/// <see cref="Imaging.Preprocessing"/>, and the mean picture, if any, is a node of the network.</remarks>
public abstract class DataSet
{
    /// <summary>What it is, for results: where it comes from, with the settings it was made with.</summary>
    public abstract string Name { get; }

    /// <summary>The shape of one sample: 1 x C x H x W, C being 1 or 3.</summary>
    public abstract Shape SampleShape { get; }

    /// <summary>The names of the classes, class 0 first.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>How many samples there are.</summary>
    public abstract int Count { get; }

    /// <summary>The class of a sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public abstract int Label(int index);

    /// <summary>Reads a sample.</summary>
    /// <param name="index">Which.</param>
    /// <param name="values">Receives C*H*W bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException">It is not as long as a sample.</exception>
    public abstract void Read(int index, Span<byte> values);

    /// <summary>What a person would call a sample: a file name, or what the generator drew.</summary>
    public virtual string Title(int index) => $"{index}";

    private protected void Require(int index)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), index, $"{Name} has the samples 0 to {Count - 1}");
    }

    private protected void Require(int index, int length)
    {
        Require(index);
        Shape shape = SampleShape;
        int sample = shape.C * shape.H * shape.W;
        if (length != sample) throw new ArgumentException($"A sample of {Name} is {shape.C}x{shape.H}x{shape.W} = {sample} bytes, not {length}.");
    }
}
