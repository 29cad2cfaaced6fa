using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>Exaggerates what a network sees in a picture (Mahendran and Vedaldi 2016, section 6).</summary>
/// <remarks>The energy is -&lt;F, max(F0, 0)&gt; / |max(F0, 0)|^2, F0 being the picture's representation: -1 at the picture itself, where the search starts.</remarks>
/// <param name="engine">The network on a device.</param>
public sealed class Caricature(Engine engine)
{
    /// <summary>The engine it runs on.</summary>
    public Engine Engine { get; } = engine ?? throw new ArgumentNullException(nameof(engine));

    /// <summary>Exaggerates a node's representation of a prepared picture.</summary>
    /// <param name="input">The picture.</param>
    /// <param name="node">The node.</param>
    /// <param name="options">How, or null for <see cref="PreImageOptions.PaperCaricature"/>.</param>
    /// <param name="progress">Told every <see cref="PreImageOptions.CheckInterval"/> iterations.</param>
    /// <param name="cancellation">Stops the search; what was found until then is the result.</param>
    /// <exception cref="PreimageException">An option is out of range, the picture does not fit the network, no unit of the node is above 0, or numbers were not finite any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first iteration was done.</exception>
    public PreImageResult Draw(
        PreparedInput input, string node, PreImageOptions? options = null, IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        PreImageResult result = Draw(input.Tensor, PixelScale.Of(input.Preprocessing), node, options, progress, cancellation);
        result.Preprocessing = input.Preprocessing;
        return result;
    }

    /// <summary>Exaggerates a node's representation of an input: 1 x D x H x W values as the network takes them.</summary>
    /// <inheritdoc cref="Draw(PreparedInput, string, PreImageOptions?, IProgress{PreImageProgress}?, CancellationToken)"/>
    public PreImageResult Draw(
        Tensor<float> input, PixelScale pixels, string node, PreImageOptions? options = null, IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(node);
        Tensor<float> direction = Representation.Of(Engine, input, node, cancellation);
        double norm = 0;
        foreach (float value in direction)
            norm += value > 0 ? (double)value * value : 0;
        if (!(norm > 0) || !double.IsFinite(norm))
            throw new PreimageException($"node '{node}' has no finite unit above 0 for this picture: there is nothing to exaggerate");
        foreach (ref float value in direction.AsTensorSpan())
            value = (float)(Math.Max(value, 0) / norm);
        return PreImageSearch.Run(new SearchRequest
        {
            Engine = Engine, Pixels = pixels, Method = "caricature", Objective = Objective.Inner(node, direction),
            Options = (options ?? PreImageOptions.PaperCaricature()).WithSizeOf(input), Start = Representation.Pixels(input, pixels),
        }, progress, cancellation);
    }
}
