using System.Diagnostics;
using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Makes a gallery of a network and some pictures: every method, classes beside each other, filters, traces, an inversion.</summary>
/// <example><code>
/// GalleryDocument gallery = NetworkGallery.Build(engine, [input]);
/// GalleryPage.Write(gallery, "index.html");
/// </code></example>
public static class NetworkGallery
{
    /// <summary>Runs everything and puts it together.</summary>
    /// <remarks>What has no meaning for the network is left out, and a note of the document says why. The same network, pictures and seed give the same document.</remarks>
    /// <param name="engine">The network on a device; its input is N x C x H x W.</param>
    /// <param name="inputs">The pictures, at least one.</param>
    /// <param name="options">What is shown; null for everything.</param>
    /// <param name="progress">Told on the way, on the thread that works.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">There is no picture, one does not fit the network, an option is out of range, or no method explains the network.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static GalleryDocument Build(
        Engine engine, IReadOnlyList<PreparedInput> inputs, NetworkGalleryOptions? options = null, IProgress<GalleryProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new PreimageException("a gallery needs at least one picture");
        options ??= new NetworkGalleryOptions();
        options.Validate();
        GallerySubject subject = GallerySubject.Of(engine, inputs, options.Classes, options.Labels, options.Commands, cancellation);
        _ = subject.Size;
        var exhibits = new NetworkExhibits(options, new WorkClock(progress, cancellation), inputs.Count, Pass(engine, inputs[0], cancellation));
        string name = Path.GetFileNameWithoutExtension(engine.Network.Source) is { Length: > 0 } file ? file : "a network";
        return new GalleryDocument
        {
            Exhibits = exhibits.Make(subject),
            Title = $"What {name} sees",
            Introduction = $"{(inputs.Count == 1 ? "One picture" : $"{inputs.Count} pictures")} explained by {exhibits.Maps.Count} methods for {(options.Classes == 1 ? "the strongest class" : $"each of the {options.Classes} strongest classes")}, "
                + "and what the network's filters, dense layers and inner representations stand for.",
            Made = [.. Made(engine, options.Commands), new("preprocessing", inputs[0].Preprocessing.ToString()), new("seed", $"{options.Seed}")],
            Notes = exhibits.LeftOut,
        };
    }

    /// <summary>What made a page, and of which network.</summary>
    internal static IEnumerable<GalleryFact> Made(Engine engine, GalleryCommands? commands)
    {
        Network network = engine.Network;
        yield return new("made by", $"Preimage {typeof(NetworkGallery).Assembly.GetName().Version?.ToString(3)}");
        if (commands?.Whole is { } whole)
            yield return new("command line", whole);
        yield return new("device", string.Join(", ", engine.Libraries.Select(l => l.ToString()).Prepend($"{engine.Device}, precision {engine.Options.Precision}")));
        yield return new("model", string.Create(CultureInfo.InvariantCulture, $"{commands?.Model ?? network.Source ?? "built in memory"}, {network.ParameterCount:N0} parameters"));
        if (network.Hash.Length > 0)
            yield return new("SHA-256 of the model", network.Hash);
    }

    /// <summary>Seconds of a forward and a backward pass, once the plan is made.</summary>
    static double Pass(Engine engine, PreparedInput input, CancellationToken cancellation)
    {
        var saliency = new Saliency(engine);
        saliency.Attribute(input.Tensor, Target.Argmax, cancellation: cancellation);
        var clock = Stopwatch.StartNew();
        saliency.Attribute(input.Tensor, Target.Argmax, cancellation: cancellation);
        return clock.Elapsed.TotalSeconds;
    }
}
