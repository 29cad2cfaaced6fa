using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>The demonstration: the page, and the networks and pictures that its command lines name. Dispose of it when it was saved.</summary>
public sealed class DemoResult : IDisposable
{
    readonly Network _random;
    readonly IReadOnlyList<(string Name, Picture Picture)> _pictures;
    readonly string _model, _randomModel;

    internal DemoResult(
        GalleryDocument document, Picture drawing, TrainingResult training, Network random, IReadOnlyList<RecoveredPicture> recovered, IReadOnlyList<MethodFinding> methods, Evaluation test,
        IReadOnlyList<(string Name, Picture Picture)> pictures, string model, string randomModel)
    {
        (Document, Drawing, Training, Recovered, Methods, Test) = (document, drawing, training, recovered, methods, test);
        (_random, _pictures, _model, _randomModel) = (random, pictures, model, randomModel);
    }

    /// <summary>What the page shows.</summary>
    public GalleryDocument Document { get; }

    /// <summary>The drawing that went through networks that know nothing.</summary>
    public Picture Drawing { get; }

    /// <summary>The network that was trained, and how.</summary>
    public TrainingResult Training { get; }

    /// <summary>What it makes of the faces that were kept apart.</summary>
    public Evaluation Test { get; }

    /// <summary>What methods draw out of two networks that know nothing.</summary>
    public IReadOnlyList<RecoveredPicture> Recovered { get; }

    /// <summary>How much each method's maps depend on the class and on what was learnt.</summary>
    public IReadOnlyList<MethodFinding> Methods { get; }

    /// <summary>Writes the networks, the pictures and, last, the page (<c>index.html</c>), each through a temporary file.</summary>
    /// <param name="folder">The folder; it is made where it is not there.</param>
    /// <returns>What was written as the page.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public GalleryPageSummary Save(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(folder);
        Training.Network.Save(Path.Combine(folder, _model));
        _random.Save(Path.Combine(folder, _randomModel));
        foreach ((string name, Picture picture) in _pictures)
            picture.Save(Path.Combine(folder, name));
        return GalleryPage.Write(Document, Path.Combine(folder, "index.html"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Network.Dispose();
        _random.Dispose();
    }
}

/// <summary>How much the maps of a method depend on what they should explain.</summary>
/// <param name="Method">The method's name in prose.</param>
/// <param name="BetweenClasses">The cosine of maps of different classes, the mean over pairs and pictures; NaN where maps are zero.</param>
/// <param name="ToRandom">The cosine of the maps of the trained network and of the same one with random weights, the mean over pictures; NaN where maps are zero.</param>
public sealed record MethodFinding(string Method, double BetweenClasses, double ToRandom);
