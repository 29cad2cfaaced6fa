using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The maps of an attribution and everything needed to make them again.</summary>
public sealed partial class AttributionResult
{
    internal AttributionResult(
        AttributionMethod method, AttributionOptions options, IReadOnlyDictionary<string, Tensor<float>> maps,
        IReadOnlyList<AttributedUnit> units, IReadOnlyList<string> notes, ForwardRecord? record)
    {
        Method = method.Name;
        Options = options;
        Maps = maps;
        Units = units;
        Notes = notes;
        Record = record;
        Settings = method.Settings;
        Device = method.Engine.Device;
        Precision = method.Engine.Options.Precision;
        Libraries = method.Engine.Libraries;
        Model = method.Engine.Network.Source;
        ModelHash = method.Engine.Network.Hash;
    }

    /// <summary>A map per input, by its name: signed, shaped like the input with N*K rows, row n*K + k explaining target k of sample n. Methods with one number
    /// per pixel (<see cref="GradCam"/>) give maps of one channel.</summary>
    public IReadOnlyDictionary<string, Tensor<float>> Maps { get; }

    /// <summary>The map of the only input.</summary>
    /// <exception cref="PreimageException">The network has several inputs.</exception>
    public Tensor<float> Map => Maps.Count == 1
        ? Maps.Values.First()
        : throw new PreimageException($"there are {Maps.Count} maps ({string.Join(", ", Maps.Keys)}): take one by name");

    /// <summary>What each row explains.</summary>
    public IReadOnlyList<AttributedUnit> Units { get; }

    /// <summary>What the user should know about this run: a softmax stepped over, a map without signal, values that are not finite.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The name of the method.</summary>
    public string Method { get; }

    /// <summary>The options.</summary>
    public AttributionOptions Options { get; }

    /// <summary>What the method was set to, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; }

    /// <summary>The rule of the backward pass, or null where the method is more than one of them.</summary>
    public BackwardRule? Rule { get; internal init; }

    /// <summary>For methods whose map sums up to what the target gains over a baseline, or to the relevance it starts with: the map's sum less that, for each row; null
    /// for others.</summary>
    public IReadOnlyList<double>? ConvergenceDeltas { get; internal init; }

    /// <summary>The device it ran on.</summary>
    public Device Device { get; }

    /// <summary>The arithmetic it ran with.</summary>
    public Precision Precision { get; }

    /// <summary>The native libraries it ran on, with versions and places; none on the processor.</summary>
    public IReadOnlyList<DeviceLibrary> Libraries { get; }

    /// <summary>The model file, or null for a network built in memory.</summary>
    public string? Model { get; }

    /// <summary>SHA-256 of the model file, or empty.</summary>
    public string ModelHash { get; }

    /// <summary>How the picture became the input, where the caller came with a prepared picture.</summary>
    public Preprocessing? Preprocessing { get; internal set; }

    /// <summary>Masks and switches of the forward pass, if they were asked for.</summary>
    public ForwardRecord? Record { get; }

    /// <summary>One row of the map of the only input as C x H x W values.</summary>
    public ReadOnlySpan<float> Row(int row) => Row(Map, row);

    /// <summary>One row of a map.</summary>
    internal static ReadOnlySpan<float> Row(Tensor<float> map, int row)
    {
        int size = (int)(map.FlattenedLength / map.Lengths[0]);
        return TensorSpans.Dense(map).Slice(row * size, size);
    }
}
