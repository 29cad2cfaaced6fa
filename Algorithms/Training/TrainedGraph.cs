using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Import;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training;

/// <summary>Makes the network that is trained of the one that was given: initial weights, the mean picture, and what its file will say of classes and pixels.</summary>
internal static class TrainedGraph
{
    /// <summary>The node that subtracts the mean picture.</summary>
    public const string MeanNode = "less_mean";

    /// <summary>Refuses a network and data that do not go together.</summary>
    /// <exception cref="PreimageException">They do not; the message names the numbers.</exception>
    public static void Require(Network network, DataSplit data)
    {
        Shape input = network.InputShape, sample = data.Train.SampleShape;
        if (data.Train.Count == 0 || data.Test.Count == 0)
            throw new PreimageException($"{data.Train.Name} has {data.Train.Count} samples to learn from and {data.Test.Count} to test on: there must be some of both");
        if (data.Test.SampleShape != sample || data.Test.Classes.Count != data.Train.Classes.Count)
            throw new PreimageException($"{data.Train.Name} has samples of {sample} in {data.Train.Classes.Count} classes to learn from, and of {data.Test.SampleShape} in {data.Test.Classes.Count} to test on");
        if (input.Rank != 4 || (input.C, input.H, input.W) != (sample.C, sample.H, sample.W))
            throw new PreimageException($"the network takes {input}, samples of {data.Train.Name} are {sample}");
        Node logits = Logits.Of(network, out _);
        Shape scores = network.InferShapes()[logits.Index];
        if (scores.Count / scores.N != data.Train.Classes.Count || scores.Rank != 2)
            throw new PreimageException($"the network's logits '{logits.Name}' are {scores}, but {data.Train.Name} has {data.Train.Classes.Count} classes");
    }

    /// <summary>The settings as they suit samples of one or three planes: grey data are grey in any order, and colours are not grey.</summary>
    public static Preprocessing Suiting(Preprocessing preprocessing, Shape sample) => (sample.C, preprocessing.Order) switch
    {
        (1, not ChannelOrder.Grey) => preprocessing with { Order = ChannelOrder.Grey },
        (3, ChannelOrder.Grey) => preprocessing with { Order = ChannelOrder.Rgb },
        _ => preprocessing,
    };

    /// <summary>Whether the first thing done to the input is to subtract something stored: then a mean picture is subtracted already.</summary>
    public static bool SubtractsMean(Network network) =>
        network.Input.Consumers is [{ Layer: Arithmetic { Operation: ArithmeticOperation.Sub }, Inputs: [_, { Layer: Constant }] }];

    /// <summary>Makes the network.</summary>
    /// <param name="network">The network; it must outlive the one made.</param>
    /// <param name="recipe">Initial weights and seed.</param>
    /// <param name="preprocessing">What its file will say of pixels.</param>
    /// <param name="classes">What its file will say of classes.</param>
    /// <param name="settings">What its file will say of its training.</param>
    /// <param name="mean">The mean picture to subtract, or null.</param>
    public static Network Make(Network network, TrainingRecipe recipe, Preprocessing preprocessing, IReadOnlyList<string> classes, string settings, float[]? mean)
    {
        var properties = new Dictionary<string, string>(network.Metadata.Properties) { [Preprocessing.Property] = preprocessing.ToJson(), [TrainingSettings.Property] = settings };
        var builder = new NetworkBuilder { Metadata = new ModelMetadata { ClassNames = classes, Properties = properties } };
        var layers = new Dictionary<Layer, Layer>(ReferenceEqualityComparer.Instance);
        var made = new Node[network.Nodes.Count];
        foreach (Node node in network.Nodes)
        {
            if (!layers.TryGetValue(node.Layer, out Layer? layer))
                layers[node.Layer] = layer = recipe.Initialiser.Apply(node.Layer, recipe.Seed, (ulong)layers.Count);
            // A mean picture has a size, and so have dense layers: left free, whoever loads the file would take planes of 224 x 224.
            if (layer is Input { Shape.Rank: 4 } input)
                layer = new Input(input.Shape, [true, false, false, false]);
            Node added = builder.AddValue(node.Name, node.Output, layer, [.. node.Inputs.Select(i => made[i.Index])]);
            if (mean is not null && layer is Input { Shape: var shape })
                added = builder.Add(MeanNode, new Arithmetic(ArithmeticOperation.Sub), added, builder.Add("mean_picture", new Constant(new MemoryWeights(mean, 1, shape.C, shape.H, shape.W))));
            made[node.Index] = added;
        }

        foreach (Node output in network.Outputs)
            builder.Output(made[output.Index]);
        return builder.Build();
    }
}
