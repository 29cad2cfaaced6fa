using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>Finds images that a network represents as it does a given one (Mahendran and Vedaldi 2016, section 4).</summary>
/// <param name="engine">The network on a device.</param>
public sealed class Inversion(Engine engine)
{
    /// <summary>The engine it runs on.</summary>
    public Engine Engine { get; } = engine ?? throw new ArgumentNullException(nameof(engine));

    /// <summary>Inverts a node's representation of a prepared picture.</summary>
    /// <param name="input">The picture.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How, or null for <see cref="PreImageOptions.PaperInversion"/>.</param>
    /// <param name="progress">Told every <see cref="PreImageOptions.CheckInterval"/> iterations.</param>
    /// <param name="cancellation">Stops the search; what was found until then is the result.</param>
    /// <exception cref="PreimageException">An option is out of range, the picture does not fit the network, or numbers were not finite any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first iteration was done.</exception>
    public PreImageResult Invert(
        PreparedInput input, string node, PreImageOptions? options = null, IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        PreImageResult result = Invert(input.Tensor, PixelScale.Of(input.Preprocessing), node, options, progress, cancellation);
        result.Preprocessing = input.Preprocessing;
        return result;
    }

    /// <summary>Inverts a node's representation of an input.</summary>
    /// <param name="input">1 x D x H x W values as the network takes them.</param>
    /// <param name="pixels">What it takes pixels as.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How, or null for <see cref="PreImageOptions.PaperInversion"/>.</param>
    /// <param name="progress">Told every <see cref="PreImageOptions.CheckInterval"/> iterations.</param>
    /// <param name="cancellation">Stops the search; what was found until then is the result.</param>
    /// <exception cref="PreimageException">An option is out of range, the input does not fit the network, or numbers were not finite any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first iteration was done.</exception>
    public PreImageResult Invert(
        Tensor<float> input, PixelScale pixels, string node, PreImageOptions? options = null,
        IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(node);
        Tensor<float> representation = Representation.Of(Engine, input, node, cancellation);
        options = (options ?? PreImageOptions.PaperInversion()).WithSizeOf(input);
        return PreImageSearch.Run(new SearchRequest
        {
            Engine = Engine, Pixels = pixels, Method = "inversion", Objective = Objective.Match(node, representation, options.Mask), Options = options, HasSecondPhase = true,
        }, progress, cancellation);
    }
}
