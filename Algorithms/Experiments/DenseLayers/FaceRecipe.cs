using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Training;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>What the networks of the experiments are trained on and how, where the owner brings none.</summary>
/// <param name="Key">The file's name.</param>
/// <param name="Samples">The samples.</param>
/// <param name="Epochs">How often they are learnt from where nobody says.</param>
/// <remarks>Smaller than the paper's, for two cores: faces of 64 x 64 in the place of 224 x 224, and He's initial weights and Adam for some epochs in the place of Glorot's and
/// a hundred epochs of gradient descent: from Glorot's weights neither leaves the start on the emotions of small faces in so few. The paper's own training is
/// <c>preimage train --network tiny-vgg --data faces,size=224</c>, whose network is given by <c>--model</c>.</remarks>
internal sealed record FaceRecipe(string Key, string Samples, int Epochs)
{
    /// <summary>What the learning rate has fallen to in the last epoch, over that of the first: so that a short training settles.</summary>
    const double LastRate = 0.15;

    /// <summary>Who it is: 67 persons.</summary>
    public static FaceRecipe Identity { get; } = new("faces-identity", "faces,task=identity,size=64", 12);

    /// <summary>What it expresses: eight emotions.</summary>
    public static FaceRecipe Emotion { get; } = new("faces-emotion", "faces,task=emotion,size=64", 20);

    /// <summary>The training of a run.</summary>
    public TrainingRecipe TrainingOf(Laboratory laboratory)
    {
        int epochs = laboratory.Options.Iterations ?? Epochs;
        return TrainingRecipe.TinyVgg with
        {
            Epochs = epochs, Batch = 24, Optimiser = new Adam(0.001), RateFactor = Math.Pow(LastRate, 1.0 / epochs), Initialiser = Initialiser.He, Shuffle = ShuffleKind.EachEpoch,
            SubtractsMeanPicture = true,
        };
    }
}
