namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>What the paper reports of a task (Fang 2017; reference specification 9.2), on the Radboud faces.</summary>
/// <param name="Accuracy">Percent.</param>
/// <param name="Mistakes">How many, of how many, by angle.</param>
/// <param name="Subjects">Persons among them.</param>
/// <param name="Traced">Units traced on average, of 25088.</param>
internal sealed record FaceNumbers(double Accuracy, string Mistakes, int Subjects, int Traced)
{
    /// <summary>Units of the feature maps in the paper's network.</summary>
    public const int Units = 25088;

    /// <summary>Who it is.</summary>
    public static FaceNumbers Identity { get; } = new(97.55, "59 of 2412 (17, 19, 23 at 45, 90, 135 degrees)", 37, 811);

    /// <summary>What it expresses.</summary>
    public static FaceNumbers Emotion { get; } = new(90.88, "219 of 2400 (73, 70, 76 at 45, 90, 135 degrees)", 56, 188);
}
