namespace Preimage.Layers;

/// <summary>How a model is loaded.</summary>
public sealed record LoadOptions
{
    /// <summary>Whether files are read into memory rather than mapped. For files that others may change meanwhile: cutting a mapped file short ends the process.</summary>
    public bool Copy { get; init; }

    /// <summary>Values for inputs of the model by name; such an input becomes a constant of the network. For weights, shapes and axes that a file leaves open.</summary>
    public IReadOnlyDictionary<string, BoundValue>? Bind { get; init; }

    /// <summary>Shapes of inputs by name, in place of the declared ones or of what stands in for free axes (1 sample, 224 rows and columns).</summary>
    public IReadOnlyDictionary<string, Shape>? InputShapes { get; init; }

    /// <summary>The structure (.prototxt) to a file of Caffe's weights, where it is not NAME.prototxt, NAME_deploy.prototxt or deploy.prototxt beside it.</summary>
    public string? Structure { get; init; }

    /// <summary>The seed of random weights for layers that have none in a Caffe file: an untrained network from a structure alone. Null refuses such files.</summary>
    public ulong? Seed { get; init; }
}
