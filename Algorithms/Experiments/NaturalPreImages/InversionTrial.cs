using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>One inversion: a network's node, a photo, and the options.</summary>
/// <param name="Subject">The network.</param>
/// <param name="Photo">The photo.</param>
/// <param name="Node">The node.</param>
/// <param name="Options">The options.</param>
/// <param name="Variant">What tells it from other inversions of the same node and photo, such as C100.</param>
internal sealed record InversionTrial(Subject Subject, Photo Photo, string Node, PreImageOptions Options, string Variant)
{
    /// <summary>The inversion with the paper's options for a C.</summary>
    public static InversionTrial Of(Laboratory laboratory, Subject subject, Photo photo, string node, double c) =>
        new(subject, photo, node, Protocol.Inversion(laboratory.Options, c), string.Create(CultureInfo.InvariantCulture, $"C{c}"));

    /// <summary>The unit's key.</summary>
    public string Key => ExperimentUnit.KeyOf(Subject.Name, Photo.Name, Node, Variant);

    /// <summary>The unit of work.</summary>
    /// <param name="more">Adds numbers and pictures of its own to what is kept.</param>
    public ExperimentUnit Unit(Action<PreImageResult, PreparedInput, UnitResult>? more = null) => new(
        Key, Protocol.Settings(Subject, Photo, Node, Options), watch =>
        {
            PreparedInput input = Subject.Prepare(Photo);
            PreImageResult result = Protocol.Whole(new Inversion(Subject.Engine).Invert(input, Node, Options, Protocol.Progress(watch), watch.Cancellation), watch);
            UnitResult kept = Protocol.Keep(result);
            more?.Invoke(result, input, kept);
            return kept;
        });
}
