using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Filters of some layers as images.</summary>
internal static class DecodingExhibit
{
    /// <summary>Layers that are shown at most.</summary>
    const int MostLayers = 4;

    /// <summary>Filters of a layer that are shown at most.</summary>
    const int MostFilters = 16;

    /// <summary>Pixels along the longer side of a filter's image at most: a sheet of larger ones is no small picture any more.</summary>
    const int MostSide = 256;

    /// <summary>The layers that have a decoding and are shown, of all that have filters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="notes">Receives a line about those that have none.</param>
    public static IReadOnlyList<Node> Layers(Network network, List<string> notes)
    {
        var found = new List<Node>();
        var refused = new List<(Node Node, string Reason)>();
        foreach (Node node in network.Nodes.Where(n => n.Layer is Convolution or Dense))
        {
            try
            {
                _ = DecodingPath.Of(network, node);
                found.Add(node);
            }
            catch (ModelException e)
            {
                refused.Add((node, e.Message));
            }
        }

        if (refused.Count > 0)
            notes.Add($"{refused.Count} of {found.Count + refused.Count} layers have no decoding, the first being {refused[0].Node.Name}: {refused[0].Reason}");
        // Spread over the depth, the last one always among them: its images are those of the classes.
        return found.Count <= MostLayers ? found : [.. Enumerable.Range(0, MostLayers).Select(i => found[i * (found.Count - 1) / (MostLayers - 1)])];
    }

    /// <summary>Decodes and draws them; null where no layer has a decoding.</summary>
    public static FiguresExhibit? Make(GallerySubject subject, List<string> leftOut, IProgress<double> parts, CancellationToken cancellation)
    {
        Network network = subject.Engine.Network;
        var notes = new List<string>();
        IReadOnlyList<Node> layers = Layers(network, notes);
        var figures = new List<GalleryFigure>();
        var decoder = new FilterDecoder(subject.Engine);
        foreach (Node node in layers)
        {
            int[] units = Units(network, node, subject);
            DecodedFilters decoded = decoder.Decode(node.Name, units, cancellation: cancellation);
            parts.Report((double)(figures.Count + 1) / layers.Count);
            if (Math.Max(decoded.Size.Height, decoded.Size.Width) > MostSide)
            {
                notes.Add($"{node.Name} is left out: its images are {decoded.Size.Width}x{decoded.Size.Height}, more than {MostSide} pixels a side.");
                continue;
            }

            figures.Add(Figure(subject, node, decoded));
        }

        if (figures.Count == 0)
        {
            leftOut.Add($"Filter decoding is left out: {string.Join("; ", notes)}");
            return null;
        }

        return new FiguresExhibit
        {
            Title = "What filters stand for",
            LookFor = "Each tile is one filter brought down to the pixels through the layers below it, without an image: edges and colours first, then larger and mixed shapes.",
            Id = "filters",
            Figures = figures,
            Notes = notes,
        };
    }

    static GalleryFigure Figure(GallerySubject subject, Node node, DecodedFilters decoded) => new()
    {
        Title = node.Name,
        Caption = $"{decoded.Units.Count} filters of {decoded.Size.Width}x{decoded.Size.Height} pixels, each from its smallest to its largest number.",
        Alt = $"A sheet of {decoded.Units.Count} filters of the layer {node.Name} as images of {decoded.Size.Width} by {decoded.Size.Height} pixels",
        Picture = decoded.RenderSheet(renderer: decoded.DefaultRenderer with { Order = subject.Order }),
        Facts = [new("unpooling", $"{decoded.Options.Unpooling}"), new("units", string.Join(", ", decoded.Units))],
        Command = subject.Commands?.Decode(node.Name, decoded.Units),
    };

    /// <summary>The first filters; of the class scores those of the classes that pictures are explained for.</summary>
    static int[] Units(Network network, Node node, GallerySubject subject)
    {
        int count = network.InferShapes()[node.Index].C;
        bool areClasses = node == Attribution.Logits.Of(network, out _) && count > MostFilters;
        return areClasses ? [.. subject.Images.SelectMany(i => i.Classes).Distinct().Take(MostFilters)] : [.. Enumerable.Range(0, Math.Min(count, MostFilters))];
    }
}
