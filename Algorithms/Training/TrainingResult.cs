using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Training;

/// <summary>A trained network and how it was trained.</summary>
public sealed class TrainingResult
{
    internal TrainingResult(Network network, LearningCurve curve, TrainingRecipe recipe, Preprocessing preprocessing, Device device, TimeSpan elapsed)
    {
        Network = network;
        Curve = curve;
        Recipe = recipe;
        Preprocessing = preprocessing;
        Device = device;
        Elapsed = elapsed;
    }

    /// <summary>The network with the parameters of the best epoch; its metadata say what the classes are called and how pictures become its input. The caller disposes it.</summary>
    public Network Network { get; }

    /// <summary>The epochs.</summary>
    public LearningCurve Curve { get; }

    /// <summary>The epoch, from 1, whose parameters were kept: the first with the lowest test error.</summary>
    public int BestEpoch => Curve.Best.Epoch;

    /// <summary>What it was trained with.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>How pictures become the network's input: the recipe's, with the channel order of the data.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Where it was trained.</summary>
    public Device Device { get; }

    /// <summary>How long this run took, without what a checkpoint held already.</summary>
    public TimeSpan Elapsed { get; }
}
