using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Training.Data.Faces;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Some test pictures, all traced, among which pairs are looked for.</summary>
internal sealed class FaceGroup
{
    const int Batch = 16;

    FaceGroup(FaceModel model, IReadOnlyList<int> indices, BacktrackingResult[] traces) => (Model, Indices, Traces) = (model, indices, traces);

    /// <summary>The network.</summary>
    public FaceModel Model { get; }

    /// <summary>The pictures' numbers among the test pictures.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>What their predicted classes go back to.</summary>
    public IReadOnlyList<BacktrackingResult> Traces { get; }

    /// <summary>Places of the misclassified ones.</summary>
    public IEnumerable<int> Mistakes => Enumerable.Range(0, Indices.Count).Where(i => !IsCorrect(i));

    /// <summary>Traces pictures.</summary>
    public static FaceGroup Of(FaceModel model, IReadOnlyList<int> indices, UnitWatch watch)
    {
        var traces = new List<BacktrackingResult>(indices.Count);
        foreach (int[] part in indices.Chunk(Batch))
        {
            traces.AddRange(model.Backtracking.Trace(model.Read(part), null, watch.Cancellation));
            watch.Progress?.Report((double)traces.Count / indices.Count);
        }

        return new FaceGroup(model, indices, [.. traces]);
    }

    /// <summary>The class of a picture.</summary>
    public int Label(int place) => Model.Test.Label(Indices[place]);

    /// <summary>Whether the network is right about a picture.</summary>
    public bool IsCorrect(int place) => Traces[place].Predicted == Label(place);

    /// <summary>The picture of a pair for the identity task: correct, same subject, emotion and angle, other gaze; the first such one, or null.</summary>
    public int? OtherGaze(int place) => Model.AttributesOf(Indices[place]) is not { } own ? Nearest(place, _ => true) : Places(place).Where(other =>
        Model.AttributesOf(Indices[other]) is { } its && (its.Subject, its.Emotion, its.Angle) == (own.Subject, own.Emotion, own.Angle) && its.Gaze != own.Gaze).Cast<int?>().FirstOrDefault();

    /// <summary>The picture of a pair for the emotion task: the correct one nearest in the feature maps, of the same angle; null where there is none.</summary>
    /// <param name="place">The mistake.</param>
    /// <param name="allowed">Which others may be taken.</param>
    public int? Nearest(int place, Func<int, bool> allowed)
    {
        int? angle = Model.AttributesOf(Indices[place])?.Angle;
        (int? nearest, double least) = (null, double.PositiveInfinity);
        foreach (int other in Places(place).Where(p => Model.AttributesOf(Indices[p])?.Angle == angle && allowed(p)))
        {
            double distance = System.Numerics.Tensors.TensorPrimitives.Distance(Traces[place].Features, Traces[other].Features);
            if (distance < least)
                (nearest, least) = (other, distance);
        }

        return nearest;
    }

    /// <summary>The pictures of a half, by their angle; all in one group where they have none.</summary>
    public static IEnumerable<(string Name, int[] Indices)> ByAngle(Training.Data.DataSet test) => Enumerable.Range(0, test.Count)
        .GroupBy(i => test is IFaceSet faces ? $"{faces.Attributes(i).Angle}" : "all").OrderBy(g => g.Key.Length).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.ToArray()));

    /// <summary>The correct ones but for one.</summary>
    IEnumerable<int> Places(int but) => Enumerable.Range(0, Indices.Count).Where(p => p != but && IsCorrect(p));
}
