using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>The images a search found and everything needed to find them again.</summary>
public sealed partial class PreImageResult
{
    internal PreImageResult() { }

    /// <summary>inversion, activation-maximisation, caricature or search.</summary>
    public required string Method { get; init; }

    /// <summary>What the images are to have much of, in words.</summary>
    public required string Objective { get; init; }

    /// <summary>The nodes the objective reads.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>The options, as given but for the images' size, which inversion and caricature take from the picture and maximisation from its cells.</summary>
    public required PreImageOptions Options { get; init; }

    /// <summary>What the network takes pixels as.</summary>
    public required PixelScale Pixels { get; init; }

    /// <summary>How the picture became the input, where the caller came with a prepared picture.</summary>
    public Preprocessing? Preprocessing { get; internal set; }

    /// <summary>The images: N x D x H x W in pixel units of 0 to 255, the mean colour added, a row for each restart that had begun; not clipped.</summary>
    public required Tensor<float> Images { get; init; }

    /// <summary>The same images as the network takes them.</summary>
    public required Tensor<float> Inputs { get; init; }

    /// <summary>For each restart, sqrt(sum M (F - F0)^2 / sum (M F0)^2) of its image, without jitter; empty where nothing was to be matched.</summary>
    public required IReadOnlyList<double> Errors { get; init; }

    /// <summary>For each restart, the energies of its image without jitter, by the name of the term.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, double>> Energies { get; init; }

    /// <summary>The energies on the way.</summary>
    public required PreImageTrace Trace { get; init; }

    /// <summary>Images on the way, if they were asked for.</summary>
    public required IReadOnlyList<PreImageFrame> Frames { get; init; }

    /// <summary>What the user should know about this search.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether all iterations were done; otherwise the images are the best there were when it was cancelled.</summary>
    public required bool Completed { get; init; }

    /// <summary>Iterations that were done, of all phases and groups of restarts.</summary>
    public required int Iterations { get; init; }

    /// <summary>Where it stopped, if it was cancelled.</summary>
    public required PreImageState? State { get; init; }

    /// <summary>T of the first phase.</summary>
    public required int Jitter { get; init; }

    /// <summary>The rate of each phase as the optimiser took it.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>How long it took, making the plan included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The device it ran on.</summary>
    public required Device Device { get; init; }

    /// <summary>The arithmetic it ran with.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The native libraries it ran on, with versions and places; none on the processor.</summary>
    public required IReadOnlyList<DeviceLibrary> Libraries { get; init; }

    /// <summary>The model file, or null for a network built in memory.</summary>
    public required string? Model { get; init; }

    /// <summary>SHA-256 of the model file, or empty.</summary>
    public required string ModelHash { get; init; }
}
