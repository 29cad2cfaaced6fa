using System.Globalization;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Training;

/// <summary>When the order of the samples is drawn.</summary>
public enum ShuffleKind
{
    /// <summary>Anew for each epoch.</summary>
    EachEpoch,

    /// <summary>Once: all epochs see the same batches.</summary>
    Once,
}

/// <summary>All that a trained network depends on beside its topology and its data.</summary>
public sealed record TrainingRecipe
{
    /// <summary>LeNet on digits as of MatConvNet's example at the time of Rafegas and Vanrell (reference specification, section 5.1): pixels of 0 to 255 less the mean picture.</summary>
    public static TrainingRecipe LeNet { get; } = new()
    {
        Epochs = 20, Batch = 100, Optimiser = new Sgd(0.001, 0.9, 0.0005), Initialiser = Initialiser.Gaussian(0.01), SubtractsMeanPicture = true,
        Preprocessing = new Preprocessing { Name = "lenet", Order = ChannelOrder.Grey },
    };

    /// <summary>Tiny VGG on faces as of Fang 2017 (reference specification, section 4.1): BGR over 256, one order of batches for all epochs.</summary>
    public static TrainingRecipe TinyVgg { get; } = new()
    {
        Epochs = 100, Batch = 12, Optimiser = new Sgd(0.01), Initialiser = Initialiser.GlorotUniform, Shuffle = ShuffleKind.Once, KeepsPartialBatch = false, Seed = 22345,
        Preprocessing = new Preprocessing { Name = "tiny-vgg", Order = ChannelOrder.Bgr, Scale = 1.0 / 256 },
    };

    /// <summary>How often all samples are learnt from.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Samples of a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>How parameters follow the gradient of the mean cross-entropy of a batch.</summary>
    public Optimiser Optimiser { get; init; } = new Sgd(0.01, 0.9);

    /// <summary>What the learning rate is multiplied by after each epoch, above 0 and at most 1; 1 in the papers.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>What weights start from.</summary>
    public Initialiser Initialiser { get; init; } = Initialiser.GlorotUniform;

    /// <summary>When the order of samples is drawn.</summary>
    public ShuffleKind Shuffle { get; init; }

    /// <summary>Whether the samples that do not fill a batch at the end of an epoch are learnt from.</summary>
    public bool KeepsPartialBatch { get; init; } = true;

    /// <summary>Whether the mean of the training pictures is subtracted, by a node that the network gets behind its input.</summary>
    public bool SubtractsMeanPicture { get; init; }

    /// <summary>How bytes become the input: scale, mean, deviation and channel order. Samples have the network's size already; the rest is for whoever uses the network.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.Unit;

    /// <summary>What initial weights and orders are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Steps of an epoch over so many samples.</summary>
    internal int Steps(int samples) => KeepsPartialBatch ? (samples + Batch - 1) / Batch : samples / Batch;

    /// <summary>Throws where a number is out of range.</summary>
    /// <exception cref="PreimageException">It is; the message names it.</exception>
    internal void Validate(int samples)
    {
        if (Epochs < 1)
            throw new PreimageException($"training for {Epochs} epochs: there must be at least 1");
        if (Batch < 1)
            throw new PreimageException($"training in batches of {Batch}: they must hold at least 1 sample");
        if (Steps(samples) == 0)
            throw new PreimageException($"training in batches of {Batch} on {samples} samples: no batch is full, and partial ones are dropped");
        if (!(RateFactor is > 0 and <= 1))
            throw new PreimageException($"training with a learning rate multiplied by {RateFactor} after each epoch: it must be above 0 and at most 1");
        Optimiser.Validate();
    }

    /// <summary>The settings by name, but for the epochs: a longer training begins as a shorter one.</summary>
    internal IEnumerable<(string Name, string Value)> Describe()
    {
        yield return ("batch", $"{Batch}");
        yield return ("optimiser", Text(Optimiser));
        yield return ("rate factor", RateFactor.ToString(CultureInfo.InvariantCulture));
        yield return ("initialiser", $"{Initialiser}");
        yield return ("shuffle", Shuffle == ShuffleKind.Once ? "once" : "each epoch");
        yield return ("partial batch", KeepsPartialBatch ? "kept" : "dropped");
        yield return ("mean picture", SubtractsMeanPicture ? "subtracted" : "not subtracted");
        yield return ("preprocessing", $"{Preprocessing}");
        yield return ("seed", $"{Seed}");
    }

    /// <summary>An optimiser in words.</summary>
    internal static string Text(Optimiser optimiser) => optimiser switch
    {
        Sgd s => string.Create(CultureInfo.InvariantCulture, $"SGD, rate {s.Rate}, momentum {s.Momentum}, weight decay {s.Decay}"),
        Adam a => string.Create(CultureInfo.InvariantCulture, $"Adam, rate {a.Rate}, b1 {a.B1}, b2 {a.B2}, epsilon {a.Epsilon}"),
        AdaGrad a => string.Create(CultureInfo.InvariantCulture, $"AdaGrad, rate {a.Rate}, epsilon {a.Epsilon}"),
        _ => optimiser.ToString(),
    };

    /// <summary>All settings on one line.</summary>
    public override string ToString() => $"{Epochs} epochs, {string.Join(", ", Describe().Select(d => $"{d.Name} {d.Value}"))}";
}
