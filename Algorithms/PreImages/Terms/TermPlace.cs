using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>Where a term reads and writes.</summary>
/// <param name="first">The place of the first term that reads the same, or null for that one's own.</param>
internal sealed class TermPlace(TermPlace? first)
{
    DeviceArray<float>? _scratch;

    /// <summary>The loop.</summary>
    public required DeviceLoop Loop { get; init; }

    /// <summary>The name of the node, or "the image".</summary>
    public required string Name { get; init; }

    /// <summary>What it reads: a node's values or the canvas, a row for each image.</summary>
    public required DeviceArray<float> Value { get; init; }

    /// <summary>What it adds the derivative of its energy to, shaped like the values.</summary>
    public required DeviceArray<float> Signal { get; init; }

    /// <summary>Receives energies.</summary>
    public required DeviceArray<double> Energies { get; init; }

    /// <summary>The place of the first row's energy.</summary>
    public required int First { get; init; }

    /// <summary>The restart of the first row, from 0, among all that the caller asked for.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Restarts that the caller asked for.</summary>
    public required int AllRows { get; init; }

    /// <summary>The operators.</summary>
    public IArrayOperators Arrays => Loop.Arrays;

    /// <summary>The shape of the values.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>An array shaped like the values, for a term's use within one call; all terms that read the same share it.</summary>
    public DeviceArray<float> Scratch() => first?.Scratch() ?? (_scratch ??= Loop.Allocate<float>(Shape));

    /// <summary>What is given for one sample, as it is; of what is given for every restart, the part of these rows.</summary>
    /// <exception cref="PreimageException">There are neither as many values as one sample has nor as many as all restarts have.</exception>
    public ReadOnlySpan<float> RowsOf(ReadOnlySpan<float> values, string what)
    {
        int one = Shape.SampleCount;
        if (values.Length == one)
            return values;
        return values.Length == one * (long)AllRows
            ? values.Slice(FirstRow * one, Shape.Count)
            : throw new PreimageException($"{what} has {values.Length} values; '{Name}' has {one} for each image, of which there are {AllRows}");
    }
}
