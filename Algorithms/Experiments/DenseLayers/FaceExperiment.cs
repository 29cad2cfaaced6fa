using Preimage.Algorithms.Experiments.Reproduction;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>An experiment on a classifier of faces, the owner's or one trained on the samples.</summary>
/// <param name="recipe">Samples and training.</param>
internal abstract class FaceExperiment(FaceRecipe recipe) : Experiment
{
    /// <summary>Samples and training.</summary>
    protected FaceRecipe Recipe => recipe;

    public sealed override string SamplesOf(string? data) => recipe.Samples;

    /// <summary>The only unit, on all test pictures.</summary>
    protected IEnumerable<ExperimentUnit> OneUnit(Laboratory laboratory, string key, Func<FaceModel, UnitWatch, UnitResult> study) =>
        [new ExperimentUnit(key, new Dictionary<string, string> { ["model"] = FaceModel.Identity(laboratory, recipe) }, watch => Open(laboratory, watch, study))];

    /// <summary>A unit for the test pictures of each angle, under <see cref="KeyOf"/>.</summary>
    protected IEnumerable<ExperimentUnit> UnitsByAngle(Laboratory laboratory, Func<FaceModel, int[], UnitWatch, UnitResult> study)
    {
        string model = FaceModel.Identity(laboratory, recipe);
        return FaceGroup.ByAngle(FaceModel.Samples(laboratory).Test).Select(group => new ExperimentUnit(
            KeyOf(group.Name), new Dictionary<string, string> { ["model"] = model, ["group"] = group.Name },
            watch => Open(laboratory, watch, (faces, watch) => study(faces, group.Indices, watch))));
    }

    /// <summary>The key of an angle's unit.</summary>
    protected static string KeyOf(string group) => ExperimentUnit.KeyOf("angle", group);

    UnitResult Open(Laboratory laboratory, UnitWatch watch, Func<FaceModel, UnitWatch, UnitResult> study)
    {
        using FaceModel model = FaceModel.Open(laboratory, recipe, watch);
        return study(model, watch);
    }
}
