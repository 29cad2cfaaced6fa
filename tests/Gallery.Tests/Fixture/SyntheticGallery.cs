using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Imaging;

namespace Preimage.Gallery.Tests.Fixture;

/// <summary>A gallery with one exhibit of every kind, of synthetic maps, with what goes wrong in real ones: zero maps, missing maps, hostile names.</summary>
internal static class SyntheticGallery
{
    /// <summary>Ends a script, an attribute, a comment and a string, in this order.</summary>
    public const string Hostile = "</script><script>alert(1)</script>\"'><!-- {{script}} \\u003c \u2028 ü";

    static readonly (string Name, string Title, MapDrawing Drawing, int Size, int Channels, double Sensitivity)[] s_methods =
    [
        ("saliency", "Saliency", MapDrawing.Signed, 96, 1, 1), ("guided-backprop", "Guided backpropagation", MapDrawing.Rgb, 96, 3, 0.04),
        ("deconvnet", "DeconvNet", MapDrawing.Rgb, 96, 3, 0.02), ("integrated-gradients", "Integrated gradients", MapDrawing.Signed, 96, 1, 0.9),
        ("smoothgrad", "SmoothGrad", MapDrawing.Heat, 96, 1, 0.8), ("grad-cam", "Grad-CAM", MapDrawing.Heat, 7, 1, 1),
        ("occlusion", "Occlusion", MapDrawing.Signed, 24, 1, 1), ("zero", "A method without signal", MapDrawing.Signed, 96, 1, 1),
        ("hostile", Hostile, MapDrawing.Signed, 32, 1, 1),
    ];

    static readonly int[] s_classes = [208, 285, 999, 437];

    static readonly GalleryImage s_terrier = Image("terrier", 96, 96, 0, [new(208, "Labrador retriever", 0.8123), new(285, "Egyptian cat", 0.0312), new(999, Hostile)]);

    static readonly Dictionary<(string Image, int Target, int Method), GalleryMap> s_maps = [];

    /// <summary>The methods, in the order of the page.</summary>
    public static IReadOnlyList<GalleryMethod> Methods { get; } =
    [
        .. s_methods.Select(m => new GalleryMethod
        {
            Name = m.Name, Title = m.Title, Drawing = m.Drawing, Explanation = $"What {m.Title} says about each pixel, in one sentence.",
            Settings = [new("Rule", m.Name), new("Samples", "32"), new("Baseline", "black")],
        }),
    ];

    /// <summary>The document.</summary>
    public static GalleryDocument Document { get; } = new()
    {
        Title = "What squeezenet_v1.0_deep_compression looks at",
        Introduction = "One picture, many explanations. Every map below claims to show what a small network saw when it named a class; "
            + "where two methods disagree, at most one of them is right. Change the class and see which maps notice.",
        Made = [new("Made on", "22 November 2026"), new("Device", "synthetic"), new("Version", "0.1.0"), new("Seed", "7"), new("Model", "/a/long/path/without/any/blank/in/which/a/line/could/break/squeezenet_v1.0_deep_compression_float32.onnx")],
        Notes = ["The maps of this page are drawn by formula: no network was run."],
        Exhibits = [Attribution(), Sensitivity(), Filters(), Inversion(), Metrics(), Claims()],
    };

    static AttributionExhibit Attribution()
    {
        GalleryImage[] images =
        [
            s_terrier, Image("lighthouse & sea", 120, 80, 0.8, [new(437, "beacon", 0.97), new(285, "Egyptian cat", 2e-6)]),
        ];
        return new AttributionExhibit
        {
            Id = "attribution", Title = "One picture under every method",
            LookFor = "Switch the class: a map that stays the same does not explain the class.",
            Images = images, Methods = Methods,
            Maps = [.. from image in images from target in image.Targets from m in s_methods.Index() where (m.Item.Name, target.Class) != ("occlusion", 999) select MapOf(image, target.Class, m.Index)],
            Notes = ["DeconvNet is shown from an inner node."], Facts = [new("Network", "formula"), new("Input", "96 \u00d7 96")],
            Command = "preimage gallery model.onnx terrier.png --out gallery",
        };
    }

    static SensitivityExhibit Sensitivity()
    {
        // The same pixels and the same maps as above: the page stores neither twice.
        GalleryImage image = s_terrier with { Targets = [.. s_terrier.Targets.Take(2)] };
        double?[] cosines = [0.31, 0.996, 0.998, 0.35, 0.44, -0.12, 0.2, null];
        return new SensitivityExhibit
        {
            Title = "Which maps notice the class?", LookFor = "Look along a row: the more alike two maps are, the less they can say about either class.",
            Image = image,
            Rows =
            [
                .. cosines.Select((cosine, m) => new SensitivityRow
                {
                    Method = Methods[m], Maps = [.. image.Targets.Select(t => MapOf(image, t.Class, m))],
                    Cosine = new GalleryCell(cosine, cosine - 0.05, cosine + 0.04, cosine is null ? "no cosine: a map is zero" : null),
                }),
            ],
        };
    }

    static FiguresExhibit Filters() => new()
    {
        Title = "What filters stand for", LookFor = "Each square is a filter in image space: look for edges early, and textures late.",
        Figures =
        [
            new() { Title = "Filters of conv1", Caption = "Each filter by itself, decoded into pixels.", Alt = "Slanted edges in several colours", Picture = SyntheticMaps.Photo(64, 64, 0.3), Facts = [new("Filters", "64"), new("Error", "8.2 %")], Command = "preimage decode model.onnx --node conv1" },
            new() { Title = "Tracked features", Caption = "Where the strongest units look.", Alt = "Boxes around two eyes", Picture = SyntheticMaps.Photo(280, 280, 0.6) },
        ],
    };

    static FramesExhibit Inversion() => new()
    {
        Title = "An inversion, step by step", LookFor = "Pull the slider: broad colours come first, edges later, and some detail never returns.",
        Series = ["Energy", "Error of the representation"], LogCurve = true, Target = SyntheticMaps.Photo(64, 64, 0), TargetAlt = "The picture whose representation is inverted",
        Frames = [.. Enumerable.Range(0, 12).Select(i => new GalleryFrame(i * 20, SyntheticMaps.Photo(64, 64, 1.0 / (i + 1)), [100 * Math.Exp(-0.3 * i), i == 3 ? double.NaN : 1.0 / (i + 1)]))],
        Facts = [new("Node", "conv4")], Command = "preimage invert model.onnx terrier.png --node conv4 --frames 12",
    };

    static TableExhibit Metrics() => new()
    {
        Title = "Do the maps tell the truth?", LookFor = "Compare the bars, not the digits: where intervals overlap, the order may be luck.", RowHeader = "Method",
        Columns =
        [
            new("Infidelity", "", BetterWhen.Lower, "How wrongly the map predicts the change of the logit."),
            new("Deletion", "area", BetterWhen.Lower, "How fast the probability falls when pixels go."), new("Insertion", "area", BetterWhen.Higher), new("Time", "ms"),
        ],
        Rows =
        [
            new("Saliency", [new(0.52, 0.41, 0.63), new(0.21, 0.15, 0.27), new(0.61, 0.55, 0.7), new(12.5)]),
            new("Guided backpropagation", [new(1.91, 1.5, 2.4), new(0.33, 0.28, 0.4), new(0.42, 0.3, 0.5), new(13.1)]),
            new("DeconvNet", [new(null, Text: "no signal"), new(0.4, 0.33, 0.5), new(0.38, 0.3, 0.45), new(13)]),
            new("Integrated gradients", [new(0.12, 0.1, 0.15), new(0.14, 0.1, 0.2), new(0.7, 0.62, 0.78), new(410)]),
        ],
        Command = "preimage gallery model.onnx terrier.png --metrics",
    };

    static TableExhibit Claims() => new()
    {
        Title = "Claims and numbers", LookFor = "Each claim stands beside the number it was judged by.", RowHeader = "Claim",
        Columns = [new("Paper"), new("Here"), new("Verdict")],
        Rows = [new("Guided backpropagation recovers the image", [new("high"), new(0.91), new("holds")]), new("Saliency does not", [new("low"), new(0.12), new("holds")])],
    };

    static GalleryImage Image(string name, int width, int height, double seed, IReadOnlyList<GalleryTarget> targets) =>
        new() { Name = name, Alt = $"A bright disc before a slope, seed {seed}", Picture = SyntheticMaps.Photo(width, height, seed), Targets = targets };

    static GalleryMap MapOf(GalleryImage image, int target, int method)
    {
        if (!s_maps.TryGetValue((image.Name, target, method), out GalleryMap? map))
            s_maps.Add((image.Name, target, method), map = MadeMap(image, target, method));
        return map;
    }

    static GalleryMap MadeMap(GalleryImage image, int target, int method)
    {
        (string name, _, _, int size, int channels, double sensitivity) = s_methods[method];
        // Maps are as large as their image, or coarser and square, as those of inner nodes are.
        (int width, int height) = size == 96 ? (image.Picture.Width, image.Picture.Height) : (size, size);
        float[] values = SyntheticMaps.Map(width, height, channels, method, Array.IndexOf(s_classes, target), sensitivity);
        if (name == "zero")
            Array.Clear(values);
        if (name == "integrated-gradients")
            values[5 * width + 7] = float.NaN;
        return new GalleryMap
        {
            Image = image.Name, Class = target, Method = name, Width = width, Height = height, Channels = channels, Values = values,
            Notes = name == "zero" ? ["zero everywhere"] : [], Command = $"preimage explain model.onnx '{image.Name}.png' --method {name} --class {target} --out map.png",
        };
    }
}
