using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>A network with the pictures that a gallery shows it by.</summary>
internal sealed class GallerySubject
{
    /// <summary>The network on a device.</summary>
    public required Engine Engine { get; init; }

    /// <summary>The pictures, with the classes they are explained for.</summary>
    public required IReadOnlyList<SubjectImage> Images { get; init; }

    /// <summary>What classes are called.</summary>
    public required Func<int, string> ClassName { get; init; }

    /// <summary>The order of the network's colours.</summary>
    public required ChannelOrder Order { get; init; }

    /// <summary>What command lines have in common, or null where there is none.</summary>
    public GalleryCommands? Commands { get; init; }

    /// <summary>Channels, rows and columns of a picture.</summary>
    public (int Channels, int Height, int Width) Size => Engine.Network.InputShape is { Rank: 4 } shape ? (shape.C, shape.H, shape.W)
        : throw new PreimageException($"a gallery needs a network of pictures; this one takes {Engine.Network.InputShape}");

    /// <summary>Asks the network what it sees in the pictures and takes the strongest classes of each.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="inputs">The pictures.</param>
    /// <param name="classes">How many classes; fewer where the network has fewer.</param>
    /// <param name="labels">What classes are called, class 0 first; empty for their numbers.</param>
    /// <param name="commands">What command lines have in common, or null.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    public static GallerySubject Of(
        Engine engine, IReadOnlyList<PreparedInput> inputs, int classes, IReadOnlyList<string> labels, GalleryCommands? commands, CancellationToken cancellation)
    {
        string Name(int index) => index < labels.Count && labels[index].Trim() is { Length: > 0 } name ? name : $"class {index}";
        var classifier = new Classifier(engine);
        var names = new HashSet<string>(StringComparer.Ordinal);
        SubjectImage[] images = [.. inputs.Select(input =>
        {
            IReadOnlyList<ClassScore> scores = classifier.Classify(input.Tensor, classes, cancellation)[0];
            return new SubjectImage(input, Shown(input, Unlike(Path.GetFileNameWithoutExtension(input.Source), names), scores, Name));
        })];
        return new GallerySubject { Engine = engine, Images = images, ClassName = Name, Order = inputs[0].Preprocessing.Order, Commands = commands };
    }

    /// <summary>The first pictures and classes for another network.</summary>
    /// <param name="engine">The other network on a device.</param>
    /// <param name="images">How many pictures at most.</param>
    /// <param name="classes">How many classes of each at most.</param>
    /// <param name="commands">What command lines have in common, or null.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    public GallerySubject With(Engine engine, int images, int classes, GalleryCommands? commands, CancellationToken cancellation)
    {
        var classifier = new Classifier(engine);
        SubjectImage[] own = [.. Images.Take(images).Select(image =>
        {
            Dictionary<int, ClassScore> scores = classifier.Classify(image.Input.Tensor, int.MaxValue, cancellation)[0].ToDictionary(s => s.Class);
            return image with { Shown = Shown(image.Input, image.Shown.Name, [.. image.Classes.Take(classes).Select(c => scores[c])], ClassName) };
        })];
        return new GallerySubject { Engine = engine, Images = own, ClassName = ClassName, Order = Order, Commands = commands };
    }

    static GalleryImage Shown(PreparedInput input, string name, IReadOnlyList<ClassScore> scores, Func<int, string> className) => new()
    {
        Name = name,
        Alt = string.Create(CultureInfo.InvariantCulture,
            $"{name}, {input.Shown.Width} by {input.Shown.Height} pixels, as the network sees it; its classes: {string.Join(", ", scores.Select(s => $"{className(s.Class)} ({100 * s.Probability:F0} %)"))}"),
        Picture = input.Shown,
        Targets = [.. scores.Select(s => new GalleryTarget(s.Class, className(s.Class), s.Probability))],
    };

    static string Unlike(string name, HashSet<string> names)
    {
        string unlike = name;
        for (int n = 2; !names.Add(unlike); n++)
            unlike = $"{name} ({n})";
        return unlike;
    }
}

/// <summary>A picture of a gallery.</summary>
/// <param name="Input">As the network takes it.</param>
/// <param name="Shown">As the page shows it.</param>
internal sealed record SubjectImage(PreparedInput Input, GalleryImage Shown)
{
    /// <summary>The classes it is explained for, the strongest first.</summary>
    public int[] Classes => [.. Shown.Targets.Select(t => t.Class)];
}
