using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>One activation maximisation: channels of a network's node, each in its own cell of a mosaic.</summary>
/// <param name="Laboratory">Where it is made. The owner's pictures, if there are any, say how large activations get.</param>
/// <param name="Subject">The network.</param>
/// <param name="Node">The node.</param>
/// <param name="Channels">The channels, or units.</param>
/// <param name="Variant">What tells it from others of the node.</param>
/// <param name="Jitter">Whether the window that the network sees moves.</param>
internal sealed record MaximisationTrial(Laboratory Laboratory, Subject Subject, string Node, IReadOnlyList<int> Channels, string Variant, bool Jitter = true)
{
    /// <summary>Pictures of the owner's folder that are asked for the largest activations at most: the paper's every thousandth training picture.</summary>
    public const int Calibrating = 1300;

    /// <summary>The unit's key.</summary>
    public string Key => ExperimentUnit.KeyOf(Subject.Name, Node, Variant);

    /// <summary>A class's logit.</summary>
    public static MaximisationTrial Class(Laboratory laboratory, Subject subject, int index, bool jitter = true) =>
        new(laboratory, subject, Logits.Of(subject.Network, out _).Name, [index], $"class{index}{(jitter ? "" : "-still")}", jitter);

    /// <summary>The unit of work.</summary>
    /// <param name="more">Adds numbers and pictures of its own to what is kept.</param>
    public ExperimentUnit Unit(Action<PreImageResult, UnitResult>? more = null)
    {
        PreImageOptions options = Protocol.Seeded(PreImageOptions.PaperMaximisation(), Laboratory.Options);
        if (!Jitter)
            options = options with { Jitter = 1 };
        bool calibrates = Laboratory.Options.Images is not null;
        string pictures = calibrates ? string.Join(' ', Laboratory.Photos.Select(p => p.Hash)) : "";
        return new ExperimentUnit(Key, Protocol.Settings(Subject, null, Node, options, $"channels {string.Join(' ', Channels)} {pictures}"), watch =>
        {
            IReadOnlyList<UnitMaxima>? maxima = calibrates
                ? new TopActivations(Subject.Engine).Search(Node, Laboratory.Photos.Select(Subject.Prepare), 1, Channels, null, watch.Cancellation)
                : null;
            PreImageResult result = Protocol.Whole(new ActivationMaximisation(Subject.Engine, Subject.Pixels).Maximise(
                Node, Channels, options, maxima, Protocol.Progress(watch), watch.Cancellation), watch);
            UnitResult kept = Protocol.Keep(result);
            more?.Invoke(result, kept);
            return kept;
        });
    }
}
