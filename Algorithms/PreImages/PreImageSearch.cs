using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>Searches for images that have much of an objective and still look natural: the general form of Mahendran and Vedaldi 2016.</summary>
/// <remarks>Holds no state; safe to use from several threads.</remarks>
/// <param name="engine">The network on a device.</param>
/// <param name="pixels">What the network takes pixels as.</param>
public sealed class PreImageSearch(Engine engine, PixelScale pixels)
{
    /// <summary>The engine it runs on.</summary>
    public Engine Engine { get; } = engine ?? throw new ArgumentNullException(nameof(engine));

    /// <summary>What the network takes pixels as.</summary>
    public PixelScale Pixels { get; } = pixels ?? throw new ArgumentNullException(nameof(pixels));

    /// <summary>Finds images.</summary>
    /// <param name="objective">What they are to have much of; C times it, negated, is the energy beside the regularisers.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="progress">Told every <see cref="PreImageOptions.CheckInterval"/> iterations.</param>
    /// <param name="cancellation">Stops the search within one operator; what was found until then is the result, from which another search can go on.</param>
    /// <exception cref="PreimageException">An option is out of range, the objective does not fit the network, or numbers were not finite any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first iteration was done.</exception>
    public PreImageResult Find(
        Objective objective, PreImageOptions? options = null, IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return Run(new SearchRequest { Engine = Engine, Pixels = Pixels, Method = "search", Objective = objective, Options = options ?? new PreImageOptions() }, progress, cancellation);
    }

    /// <summary>Does what one of the callers wants.</summary>
    internal static PreImageResult Run(SearchRequest request, IProgress<PreImageProgress>? progress, CancellationToken cancellation) =>
        new SearchRun(new SearchSettings(request), progress, cancellation).Execute();
}
