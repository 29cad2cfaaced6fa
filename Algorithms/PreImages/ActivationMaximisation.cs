using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>Finds images that excite units most (Mahendran and Vedaldi 2016, section 5).</summary>
/// <param name="engine">The network on a device.</param>
/// <param name="pixels">What the network takes pixels as.</param>
public sealed class ActivationMaximisation(Engine engine, PixelScale pixels)
{
    const string Name = "activation-maximisation";

    /// <summary>The engine it runs on.</summary>
    public Engine Engine { get; } = engine ?? throw new ArgumentNullException(nameof(engine));

    /// <summary>What the network takes pixels as.</summary>
    public PixelScale Pixels { get; } = pixels ?? throw new ArgumentNullException(nameof(pixels));

    /// <summary>Finds images that excite feature maps of a node, each in its own cell of a mosaic; a single one in the middle of the image.</summary>
    /// <remarks>The energy is -10^4 / (rho^2 F) times the sum of each map's unit over its M_f: rho the size of the node's receptive field, F the number of maps. The image is of the
    /// largest size whose units fill the mosaic's grid, unless the options or the network have another.</remarks>
    /// <param name="node">The node.</param>
    /// <param name="channels">The feature maps, or units of a dense layer.</param>
    /// <param name="options">How, or null for <see cref="PreImageOptions.PaperMaximisation"/>.</param>
    /// <param name="maxima">M_f, the largest activation of each of those maps over some pictures (<see cref="TopActivations"/>); null for that over 16 pictures the library draws,
    /// which the result notes.</param>
    /// <param name="progress">Told every <see cref="PreImageOptions.CheckInterval"/> iterations.</param>
    /// <param name="cancellation">Stops the search; what was found until then is the result.</param>
    /// <exception cref="PreimageException">An option is out of range, the node has no such map, a map is never above 0, or numbers were not finite any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first iteration was done.</exception>
    public PreImageResult Maximise(
        string node, IReadOnlyList<int> channels, PreImageOptions? options = null, IReadOnlyList<UnitMaxima>? maxima = null,
        IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(channels);
        options ??= PreImageOptions.PaperMaximisation();
        options.Validate();
        Network network = Engine.Network;
        var notes = new List<string>();
        UnitMosaic mosaic = UnitMosaic.Of(network, network.Nodes[node], channels, options, notes);
        if (maxima is null)
        {
            maxima = Calibration.Find(Engine, Pixels, node, channels, cancellation);
            notes.Add($"M_f, the largest activation of each map, is that over {Calibration.Count} pictures that the library draws: give UnitMaxima of photos for the paper's");
        }

        float[] weights = mosaic.Weights(maxima);
        string name = $"{(channels.Count == 1 ? "channel" : "channels")} {string.Join(", ", channels)} of {node}";
        return PreImageSearch.Run(new SearchRequest
        {
            Engine = Engine, Pixels = Pixels, Method = Name, Objective = new Objective.InnerObjective(node, weights, name),
            Options = options with { Height = mosaic.Image.H, Width = mosaic.Image.W }, Notes = notes,
        }, progress, cancellation);
    }

    /// <summary>Finds images that excite a class's logit most.</summary>
    /// <inheritdoc cref="Maximise(string, IReadOnlyList{int}, PreImageOptions?, IReadOnlyList{UnitMaxima}?, IProgress{PreImageProgress}?, CancellationToken)"/>
    public PreImageResult MaximiseClass(
        int index, PreImageOptions? options = null, IReadOnlyList<UnitMaxima>? maxima = null,
        IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default) =>
        Maximise(Logits.Of(Engine.Network, out _).Name, [index], options, maxima, progress, cancellation);

    /// <summary>Finds images that have much of any objective, as it is, without a normaliser.</summary>
    /// <inheritdoc cref="PreImageSearch.Find"/>
    public PreImageResult Maximise(
        Objective objective, PreImageOptions? options = null, IProgress<PreImageProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return PreImageSearch.Run(new SearchRequest
        {
            Engine = Engine, Pixels = Pixels, Method = Name, Objective = objective, Options = options ?? PreImageOptions.PaperMaximisation(),
        }, progress, cancellation);
    }
}
