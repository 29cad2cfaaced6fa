using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
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
            var notes = new List<string>();
            IReadOnlyList<UnitMaxima> maxima = Measured(Maxima(calibrates, watch.Cancellation), notes);
            PreImageResult result = Protocol.Whole(new ActivationMaximisation(Subject.Engine, Subject.Pixels).Maximise(
                Node, Channels, options, maxima, Protocol.Progress(watch), watch.Cancellation), watch);
            UnitResult kept = Protocol.Keep(result);
            kept.Notes.AddRange(notes);
            if (!calibrates)
                kept.Notes.Add($"the largest activations are those over {Calibration.Count} pictures that the library draws: give photos for the paper's");
            more?.Invoke(result, kept);
            return kept;
        });
    }

    /// <summary>The largest activation of every channel of the node.</summary>
    IReadOnlyList<UnitMaxima> Maxima(bool calibrates, CancellationToken cancellation)
    {
        int[] all = [.. Enumerable.Range(0, Subject.ShapeOf(Subject.Network.Nodes[Node]).C)];
        return calibrates
            ? new TopActivations(Subject.Engine).Search(Node, Laboratory.Photos.Select(Subject.Prepare), 1, all, null, cancellation)
            : Calibration.Find(Subject.Engine, Subject.Pixels, Node, all, cancellation);
    }

    /// <summary>Those of the channels that are drawn; one that no picture excites takes the mean of the node's others, where the paper's measure would be nothing.</summary>
    IReadOnlyList<UnitMaxima> Measured(IReadOnlyList<UnitMaxima> all, List<string> notes)
    {
        UnitMaximum[] alive = [.. all.SelectMany(m => m.Strongest.Take(1)).Where(m => m.Activation > 0)];
        if (alive.Length == 0)
            return all;
        UnitMaximum usual = alive[0] with { Activation = alive.Average(m => m.Activation) };
        var own = new List<UnitMaxima>();
        foreach (int channel in Channels)
        {
            UnitMaxima maxima = all.First(m => m.Channel == channel);
            bool dead = maxima.Strongest.Count == 0 || maxima.Strongest[0].Activation <= 0;
            if (dead)
                notes.Add($"{Subject.Name} {Node}: no picture excites channel {channel}; the mean of the other channels' largest activations stands in for its own");
            own.Add(dead ? new UnitMaxima(channel, [usual]) : maxima);
        }

        return own;
    }
}
