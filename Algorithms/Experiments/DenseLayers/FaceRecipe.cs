using Preimage.Algorithms.Training;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>What the networks of the experiments are trained on and how, where the owner brings none.</summary>
/// <param name="Key">The file's name.</param>
/// <param name="Samples">The samples.</param>
/// <param name="Training">How.</param>
/// <remarks>Smaller than the paper's, for two cores: faces of 64 x 64 in the place of 224 x 224, and He's initial weights and Adam for some epochs in the place of Glorot's and
/// a hundred epochs of gradient descent: from Glorot's weights neither leaves the start on the emotions of small faces in so few.
/// <c>--samples faces,size=224</c> with <c>--iterations 100</c> is nearer to the paper.</remarks>
internal sealed record FaceRecipe(string Key, string Samples, TrainingRecipe Training)
{
    /// <summary>Who it is: 67 persons.</summary>
    public static FaceRecipe Identity { get; } = new("faces-identity", "faces,task=identity,size=64", Small(12, 0.85));

    /// <summary>What it expresses: eight emotions.</summary>
    public static FaceRecipe Emotion { get; } = new("faces-emotion", "faces,task=emotion,size=64", Small(20, 0.9));

    static TrainingRecipe Small(int epochs, double factor) => TrainingRecipe.TinyVgg with
    {
        Epochs = epochs, Batch = 24, Optimiser = new Adam(0.0007), RateFactor = factor, Initialiser = Initialiser.He, Shuffle = ShuffleKind.EachEpoch,
    };
}
