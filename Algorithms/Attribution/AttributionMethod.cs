using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>A method that gives every input value its share in a target. Holds no state; safe to use from several threads.</summary>
public abstract class AttributionMethod
{
    /// <summary>Makes the method for a network on a device.</summary>
    private protected AttributionMethod(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
    }

    /// <summary>The short name, as <see cref="MethodCatalogue"/> lists it.</summary>
    public abstract string Name { get; }

    /// <summary>What the method is set to, by name; kept with every result.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Settings => [];

    /// <summary>The engine the method runs on.</summary>
    public Engine Engine { get; }

    /// <summary>The same method with the same settings for another network or device.</summary>
    public abstract AttributionMethod On(Engine engine);

    /// <summary>Explains a prepared picture.</summary>
    /// <inheritdoc cref="Attribute(IReadOnlyDictionary{string, Tensor{float}}, IReadOnlyList{Target}, AttributionOptions?, IProgress{AttributionProgress}?, CancellationToken)"/>
    public AttributionResult Attribute(PreparedInput input, Target target, AttributionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        AttributionResult result = Attribute(input.Tensor, target, options, cancellation: cancellation);
        result.Preprocessing = input.Preprocessing;
        return result;
    }

    /// <summary>Explains one target for every sample of the only input.</summary>
    /// <param name="input">NCHW values, any number of samples.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="progress">Told after every run.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The input does not fit the network, a target is not there, or the rule has no meaning at a node.</exception>
    public AttributionResult Attribute(
        Tensor<float> input, Target target, AttributionOptions? options = null,
        IProgress<AttributionProgress>? progress = null, CancellationToken cancellation = default) =>
        Attribute(input, [target], options, progress, cancellation);

    /// <summary>Explains several targets, all at one node, for every sample of the only input: one forward pass, batched backward.</summary>
    /// <param name="input">NCHW values, any number of samples.</param>
    /// <param name="targets">What is explained; the maps of sample n follow each other in this order.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="progress">Told after every run.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The input does not fit the network, a target is not there, or the rule has no meaning at a node.</exception>
    public AttributionResult Attribute(
        Tensor<float> input, IReadOnlyList<Target> targets, AttributionOptions? options = null,
        IProgress<AttributionProgress>? progress = null, CancellationToken cancellation = default) =>
        Attribute(new Dictionary<string, Tensor<float>> { [Engine.Network.Input.Name] = input }, targets, options, progress, cancellation);

    /// <summary>Explains several targets, all at one node, for inputs by name: a map for each input the node depends on.</summary>
    /// <param name="inputs">NCHW values by the name of the input, all with the same number of samples.</param>
    /// <param name="targets">What is explained; the maps of sample n follow each other in this order.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="progress">Told after every run.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">An input does not fit the network, a target is not there, or the rule has no meaning at a node.</exception>
    public AttributionResult Attribute(
        IReadOnlyDictionary<string, Tensor<float>> inputs, IReadOnlyList<Target> targets, AttributionOptions? options = null,
        IProgress<AttributionProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        return Run(new AttributionRequest(new AttributionInputs(Engine.Network, inputs), targets, options ?? new AttributionOptions(), progress, cancellation));
    }

    /// <summary>Runs as a part of another method.</summary>
    internal AttributionResult Attribute(AttributionRequest request) => Run(request);

    private protected abstract AttributionResult Run(AttributionRequest request);
}
