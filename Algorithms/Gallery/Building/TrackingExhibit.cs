using System.Globalization;
using Preimage.Algorithms.Backtracking;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Which units of the feature maps a class goes back to through the dense layers, and what they stand for in the picture.</summary>
internal static class TrackingExhibit
{
    /// <summary>Pictures that are traced at most.</summary>
    const int MostImages = 3;

    /// <summary>Traces the pictures' classes; null where the network does not end in dense layers.</summary>
    public static FiguresExhibit? Make(GallerySubject subject, ulong seed, List<string> leftOut, IProgress<double> parts, CancellationToken cancellation)
    {
        try
        {
            var backtracking = new DenseBacktracking(subject.Engine);
            var tracking = new FeatureTracking(subject.Engine, backtracking.Features.Name);
            using var tail = new DenseTail(backtracking);
            var figures = new List<GalleryFigure>();
            SubjectImage[] images = [.. subject.Images.Take(MostImages)];
            foreach (SubjectImage image in images)
            {
                figures.AddRange(Figures(subject, image, backtracking, tracking, tail, seed, cancellation));
                parts.Report((double)figures.Count / (2 * images.Length));
            }

            return new FiguresExhibit
            {
                Title = "Back through the dense layers",
                LookFor = "The class goes back to a few of the units above zero; the feature image shows where the picture changes when these are set to zero, and the numbers beside it what that does to the class.",
                Id = "backtracking",
                Figures = figures,
                Facts = [new("dense layers", string.Join(", ", backtracking.DenseLayers.Select(n => n.Name))), new("units of", backtracking.Features.Name), new("seed of the random units", $"{seed}")],
            };
        }
        catch (PreimageException e)
        {
            leftOut.Add($"Backtracking is left out: {e.Message}");
            return null;
        }
    }

    static IEnumerable<GalleryFigure> Figures(
        GallerySubject subject, SubjectImage image, DenseBacktracking backtracking, FeatureTracking tracking, DenseTail tail, ulong seed, CancellationToken cancellation)
    {
        BacktrackingResult trace = backtracking.Trace(image.Input.Tensor, cancellation: cancellation)[0];
        TrackedFeatures features = tracking.Track(image.Input.Tensor, subject.Order, [trace.Traced], cancellation)[0];
        UnitSet random = trace.Positive.Draw(Math.Min(trace.Traced.Count, trace.Positive.Count), seed);
        IReadOnlyList<double[]> after = tail.Probabilities(trace.Features, [trace.Traced, random], cancellation);
        string name = subject.ClassName(trace.Class);
        GalleryFact[] facts =
        [
            new("class", name),
            new("units it goes back to", $"{trace.Traced.Count} of {trace.Positive.Count} above zero, of {trace.Traced.Units}"),
            new("probability", Percent(trace.Probabilities[trace.Class])),
            new("without these units", Percent(after[0][trace.Class])),
            new("without as many random ones", Percent(after[1][trace.Class])),
        ];
        string? command = subject.Commands?.Track(image.Input.Source);
        yield return new GalleryFigure
        {
            Title = $"{image.Shown.Name}: reconstruction",
            Caption = $"The picture as the mirrored network makes it again from all maps of {trace.Traced.Node}.",
            Alt = $"{image.Shown.Name}, reconstructed from its feature maps",
            Picture = FeatureLook.Clean.Reconstruction(features),
            Command = command,
        };
        yield return new GalleryFigure
        {
            Title = $"{image.Shown.Name}: feature image",
            Caption = $"What the reconstruction loses without the {trace.Traced.Count} units that {name} goes back to.",
            Alt = $"Where {image.Shown.Name} changes when the units behind {name} are set to zero",
            Picture = FeatureLook.Clean.FeatureImage(features),
            Facts = facts,
            Command = command,
        };
    }

    static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:F1} %");
}
