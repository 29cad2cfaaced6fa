using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>VGG-16 for small pictures: its thirteen convolutions in five blocks and three dense layers with fewer units, so that the paper's layers 0, 4, 10 and 15 are the same layers.</summary>
internal static class SmallVgg
{
    /// <summary>Epochs of training where nobody says.</summary>
    const int Epochs = 14;

    /// <summary>What the learning rate has fallen to after the last epoch, over that of the first.</summary>
    const double LastRate = 0.1;

    const int Hidden = 256;

    static readonly (int Layers, int Filters)[] s_blocks = [(2, 32), (2, 48), (3, 64), (3, 128), (3, 256)];

    /// <summary>CIFAR-10 of the reference folder as a text, else drawn faces of the same size.</summary>
    public static string Samples(string? data)
    {
        string? pictures = data is null ? null : Path.Combine(data, "datasets/cifar10");
        return pictures is not null && Directory.Exists(pictures) ? $"cifar10:{pictures}" : "faces,task=identity,size=32";
    }

    /// <summary>The training of a run.</summary>
    public static TrainingRecipe Recipe(Laboratory laboratory)
    {
        int epochs = laboratory.Options.Iterations ?? Epochs;
        return new TrainingRecipe
        {
            // The paper's networks take pictures about zero: patches of the input are what it speaks of, so that no node of the network may subtract a mean.
            Preprocessing = new Preprocessing { Name = "about zero", Scale = 1.0 / 255, Mean = [0.48], Std = [0.25] },
            Epochs = epochs, Batch = 32, Optimiser = new Adam(0.0005), RateFactor = Math.Pow(LastRate, 1.0 / epochs), Initialiser = Initialiser.He, Seed = laboratory.Options.Seed,
        };
    }

    /// <summary>The graph, with He's weights.</summary>
    /// <param name="sample">The shape of a picture; rows and columns at least 32.</param>
    /// <param name="classes">How many logits.</param>
    /// <param name="seed">The seed of the weights.</param>
    public static Network Build(Shape sample, int classes, ulong seed)
    {
        if (sample.H < 32 || sample.W < 32)
            throw new PreimageException($"the small VGG pools five times: its pictures have at least 32 rows and columns, not {sample.H}x{sample.W}");
        var builder = new NetworkBuilder();
        ulong stream = 0;
        (Node x, int channels, int height, int width) = (builder.Input("data", sample.WithSamples(1)), sample.C, sample.H, sample.W);
        for (int block = 0; block < s_blocks.Length; block++)
        {
            (int layers, int filters) = s_blocks[block];
            for (int layer = 1; layer <= layers; layer++)
            {
                var convolution = new Convolution
                {
                    Weight = Drawn(channels * 9, filters, channels, 3, 3), Bias = new MemoryWeights(new float[filters], filters),
                    Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
                };
                x = builder.Add($"relu{block + 1}_{layer}", new Relu(), builder.Add($"conv{block + 1}_{layer}", convolution, x));
                channels = filters;
            }

            x = builder.Add($"pool{block + 1}", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
            (height, width) = (height / 2, width / 2);
        }

        x = builder.Add("flat", new Flatten(), x);
        x = builder.Add("relu_fc1", new Relu(), builder.Add("fc1", Matrix(channels * height * width, Hidden), x));
        x = builder.Add("relu_fc2", new Relu(), builder.Add("fc2", Matrix(Hidden, Hidden), x));
        builder.Output(builder.Add("fc3", Matrix(Hidden, classes), x));
        return builder.Build();

        Dense Matrix(int inputs, int outputs) => new() { Weight = Drawn(inputs, outputs, inputs), Bias = new MemoryWeights(new float[outputs], outputs), OutputMajor = true };

        SeededWeights Drawn(int inputs, params ReadOnlySpan<int> extents) => new(seed, stream++, Distribution.Gaussian(Math.Sqrt(2.0 / inputs)), extents);
    }

    /// <summary>Trains the network on the samples of a run, or loads it.</summary>
    public static Network Trained(Laboratory laboratory, UnitWatch watch)
    {
        DataSplit data = Data(laboratory);
        using Network topology = Build(data.Test.SampleShape, data.Test.Classes.Count, laboratory.Options.Seed);
        return TrainedNetwork.Get(laboratory, "vgg-small", topology, Recipe(laboratory), data, watch);
    }

    /// <summary>The samples of a run.</summary>
    public static DataSplit Data(Laboratory laboratory) => DataSource.Open(laboratory.Samples!, laboratory.Options.Seed);
}
