using System.Globalization;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>A search for an image that a node represents as it does a picture, with the images on the way.</summary>
internal static class InversionExhibit
{
    /// <summary>Images on the way that are kept.</summary>
    const int Frames = 16;

    /// <summary>Iterations without jitter at the end, as a part of the others.</summary>
    const int SecondPart = 5;

    /// <summary>How much coarser than the picture the default node may be.</summary>
    const int Coarsest = 12;

    /// <summary>A node in the middle: the deepest rectified or pooled one whose maps have a twelfth of the picture's rows and columns; the first one with filters where there is none.</summary>
    public static Node? DefaultNode(Network network)
    {
        IReadOnlyList<Shape> shapes = network.InferShapes();
        Shape input = network.InputShape;
        bool IsFine(Node node) => shapes[node.Index] is { Rank: 4 } s && s.H * Coarsest >= input.H && s.W * Coarsest >= input.W && s.H < input.H;
        Node logits = Attribution.Logits.Of(network, out _);
        return network.Nodes.LastOrDefault(n => n != logits && n.Layer is Elementwise or Pooling or Concat && IsFine(n)) ?? network.Nodes.FirstOrDefault(n => n.Layer is Convolution or Dense);
    }

    /// <summary>Inverts the first picture; null where the network's input is no grey or coloured picture.</summary>
    /// <param name="subject">The network and its pictures.</param>
    /// <param name="node">The node, or null for the default one.</param>
    /// <param name="iterations">Iterations with jitter.</param>
    /// <param name="seed">What noise and jitter are drawn from.</param>
    /// <param name="leftOut">Receives why there is none.</param>
    /// <param name="parts">Told how far it is.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static FramesExhibit? Make(
        GallerySubject subject, string? node, int iterations, ulong seed, List<string> leftOut, IProgress<double> parts, CancellationToken cancellation)
    {
        Network network = subject.Engine.Network;
        if (network.InputShape.C is not (1 or 3))
        {
            leftOut.Add($"Inversion is left out: an input of {network.InputShape.C} channels is no picture.");
            return null;
        }

        Node? at = node is null ? DefaultNode(network) : network.Nodes[node];
        if (at is null)
        {
            leftOut.Add("Inversion is left out: no node has filters.");
            return null;
        }

        int second = Math.Max(1, iterations / SecondPart), every = Math.Max(1, iterations / Frames);
        PreImageOptions options = PreImageOptions.PaperInversion() with { Iterations = iterations, SecondPhase = new SecondPhase { Iterations = second }, Seed = seed, KeepFrames = every };
        SubjectImage image = subject.Images[0];
        PreImageResult result = new Inversion(subject.Engine).Invert(
            image.Input, at.Name, options, new Relay<PreImageProgress>(parts, p => (double)p.Iteration / p.Total), cancellation);
        cancellation.ThrowIfCancellationRequested();
        return new FramesExhibit
        {
            Title = "An image with the same representation",
            LookFor = $"The search starts from noise and sees nothing of {image.Shown.Name} but its values at {at.Name}: what comes back is what this node keeps.",
            Id = "inversion",
            Frames = FramesOf(result),
            Target = image.Shown.Picture,
            TargetAlt = image.Shown.Alt,
            Series = ["energy", .. result.Trace.Terms],
            Curve = Curve(result.Trace),
            CurveName = "energy",
            LogCurve = result.Trace.Segments.All(s => Enumerable.Range(0, s.Iterations).All(i => s.Total(i, 0) > 0)),
            Facts =
            [
                new("node", at.Name),
                new("representation's error", string.Create(CultureInfo.InvariantCulture, $"{100 * result.Errors[0]:F1} % of its length")),
                new("iterations", $"{iterations}, then {second} without jitter"),
                new("C", options.C.ToString(CultureInfo.InvariantCulture)),
                new("jitter", $"{result.Jitter}"),
                new("seed", $"{seed}"),
            ],
            Notes = [.. result.Notes, "Brightness is not known to the search: each image is drawn from its smallest to its largest number."],
            Command = subject.Commands?.Invert(image.Input.Source, at.Name, options.C, iterations, second, every, seed),
        };
    }

    /// <summary>The images on the way, counted over both phases, and the final one, which is not drawn twice.</summary>
    static GalleryFrame[] FramesOf(PreImageResult result)
    {
        int before = result.Trace.Segments[0].Iterations;
        var frames = new List<GalleryFrame>();
        foreach (PreImageFrame frame in result.Frames)
            frames.Add(new GalleryFrame(frame.Phase * before + frame.Iteration, result.Render(frame).Picture, Numbers(result.Trace, frame.Phase, frame.Iteration)));
        if (frames.Count == 0 || frames[^1].Iteration != result.Iterations)
        {
            IReadOnlyDictionary<string, double> last = result.Energies[0];
            frames.Add(new GalleryFrame(result.Iterations, result.Render().Picture, [last.Values.Sum(), .. result.Trace.Terms.Select(t => last.GetValueOrDefault(t, double.NaN))]));
        }

        return [.. frames];
    }

    /// <summary>Energies at the image after that many iterations; those of the last are not in the trace.</summary>
    static double[] Numbers(PreImageTrace trace, int phase, int iteration)
    {
        PreImageTrace.Segment? segment = trace.Segments.FirstOrDefault(s => s.Phase == phase);
        return segment is null || iteration >= segment.Iterations
            ? [.. Enumerable.Repeat(double.NaN, trace.Terms.Count + 1)]
            : [segment.Total(iteration, 0), .. Enumerable.Range(0, trace.Terms.Count).Select(t => segment[iteration, t, 0])];
    }

    static CurvePoint[] Curve(PreImageTrace trace)
    {
        var points = new List<CurvePoint>();
        foreach (PreImageTrace.Segment segment in trace.Segments)
        {
            int before = points.Count;
            for (int i = 0; i < segment.Iterations; i++)
                points.Add(new CurvePoint(before + i, segment.Total(i, 0)));
        }

        return [.. points];
    }
}
