using Preimage.Algorithms.Experiments.DenseLayers;
using Preimage.Algorithms.Experiments.FilterDecoding;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Experiments.NaturalPreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>All experiments; a new one is a file and a line here.</summary>
internal static class ExperimentList
{
    /// <summary>The experiments, in the order they are listed.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
        new Table4(Table4.ProgramsC),
        new Table4(20),
        new RectifiedBinning(),
        new Table5(),
        new Figure1(),
        new Figure2(),
        new Figure3(),
        new Figure4(),
        new LayerStrip(5, "AlexNet", SubjectCatalogue.SqueezeNet),
        new LayerStrip(6, "VGG-M", SubjectCatalogue.CifarFull),
        new LayerStrip(7, "VGG-VD-16", SubjectCatalogue.LeNet),
        new Figure8(),
        new Figure9(),
        new Figure10(),
        new FilterMosaics(11, "VGG-M", SubjectCatalogue.SqueezeNet),
        new FilterMosaics(12, "VGG-VD-16", SubjectCatalogue.CifarFull),
        new Figure13(),
        new Caricatures(14, [SubjectCatalogue.SqueezeNet], []),
        new Caricatures(15, [SubjectCatalogue.SqueezeNet, SubjectCatalogue.CifarFull], [("conv3", 0.45), ("conv4", 0.55), ("conv5", 0.65), ("fc6", 0.8), ("fc8", 1)]),
        new PriorStrength(),
        new PoolingFigure(),
        new SuppressedMaps(FaceRecipe.Identity),
        new FeatureImages(FaceRecipe.Identity),
        new TrackedPair(FaceRecipe.Identity, plots: false),
        new TrackedPair(FaceRecipe.Identity, plots: true),
        new UniqueFeatures(FaceRecipe.Emotion),
        new FaceMistakes("fang-identity", "Persons: all mistakes, the units that predictions go back to, and what becomes of predictions without them.", FaceRecipe.Identity, FaceNumbers.Identity, byGaze: true),
        new FaceMistakes("fang-emotion", "Emotions: all mistakes, the units that predictions go back to, and what becomes of predictions without them.", FaceRecipe.Emotion, FaceNumbers.Emotion, byGaze: false),
        new FangTraining(),
        new DecodingErrors(),
        new ClassImages(),
        new ResponseMaps(),
        new FilterSheets(),
        new HandMade(),
        new LogitMaps(),
        new RandomThreeLayers(),
        new RandomWidths(),
        new RandomPooling(),
        new RandomTheory(),
        new FirstLayers(),
        new ClassDistances(),
        new AdversarialMaps(),
        new PartlyTrained(),
        new EdgeMaps(),
    ];

    /// <summary>The experiment of a name.</summary>
    /// <exception cref="PreimageException">There is none; the message lists the names.</exception>
    public static Experiment ByName(string name) => All.FirstOrDefault(e => e.Name == name)
        ?? throw new PreimageException($"there is no experiment '{name}'; there are {string.Join(", ", All.Select(e => e.Name))}");
}
