using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>The gradients that reach the layers of a network before it has learnt anything.</summary>
/// <param name="Name">The network.</param>
/// <param name="Make">Makes it for so many classes and samples of a shape.</param>
internal sealed record FangDepth(string Name, Func<int, Shape, Network> Make)
{
    /// <summary>Pictures whose mean loss is differentiated.</summary>
    const int Pictures = 4;

    /// <summary>Tiny VGG first, then the networks that the paper says fail.</summary>
    public static IReadOnlyList<FangDepth> All { get; } =
    [
        new("Tiny VGG", (classes, s) => Topology.TinyVgg(0, classes, s.C, s.H, s.W)),
        new("VGG-16", (classes, s) => Topology.Vgg16(0, classes, s.C, s.H, s.W)),
        new("VGG-19", (classes, s) => Topology.Vgg19(0, classes, s.C, s.H, s.W)),
    ];

    /// <summary>The unit's name.</summary>
    public string Key => ExperimentUnit.KeyOf("gradients", Name);

    /// <summary>The measurement as a unit of work.</summary>
    public ExperimentUnit Unit(Laboratory laboratory) => new(
        Key, new Dictionary<string, string> { ["network"] = Name, ["initialiser"] = $"{TrainingRecipe.TinyVgg.Initialiser}", ["pictures"] = $"{Pictures}" }, watch => Run(laboratory, watch));

    UnitResult Run(Laboratory laboratory, UnitWatch watch)
    {
        DataSplit data = DataSource.Open(laboratory.Samples!, laboratory.Options.Seed);
        TrainingRecipe recipe = TrainingRecipe.TinyVgg with { Seed = laboratory.Options.Seed };
        using Network topology = Make(data.Train.Classes.Count, data.Train.SampleShape);
        using Network network = TrainedGraph.Make(topology, recipe, TrainedGraph.Suiting(recipe.Preprocessing, data.Train.SampleShape), data.Train.Classes, "", null);
        using Engine engine = network.On(laboratory.Options.Device);
        Node logits = Logits.Of(network, out _);
        Node[] layers = [.. network.Nodes.Where(n => n.Layer is Convolution or Dense)];
        using ExecutionPlan plan = engine.Plan(new PlanOptions
        {
            Batch = Pictures, Keep = Keep.ForBackward, Observe = [logits.Name], SeedNode = logits.Name, GradientsOf = [], ParametersOf = [.. layers.Select(n => n.Name)],
        });
        plan.SetInput(network.Input, Inputs(data.Train, recipe));
        plan.Forward(watch.Cancellation);
        var scores = new float[plan.ShapeOf(logits).Count];
        plan.Read(logits, scores);
        plan.Backward(Signal(scores, data.Train), BackwardRule.Gradient, watch.Cancellation);
        var result = new UnitResult { Notes = [$"Gradients are of the mean cross-entropy of {Pictures} samples of {data.Train.Name}, at Glorot's weights."] };
        (var norms, var relative) = (new double[layers.Length], new double[layers.Length]);
        for (int i = 0; i < layers.Length; i++)
        {
            WeightSource weights = layers[i].Layer.Weights[0].Value;
            var values = new float[weights.Count];
            plan.ReadParameterGradient(layers[i], "weight", values);
            norms[i] = Norm(values);
            weights.Read(0, values);
            relative[i] = norms[i] / Norm(values);
            watch.Progress?.Report((i + 1.0) / layers.Length);
        }

        (result.Series["gradient"], result.Series["gradient over weights"]) = (norms, relative);
        return result;
    }

    static float[] Inputs(DataSet data, TrainingRecipe recipe)
    {
        var reader = new SampleReader(data, TrainedGraph.Suiting(recipe.Preprocessing, data.SampleShape));
        var pixels = new float[Pictures * reader.SampleCount];
        for (int n = 0; n < Pictures; n++)
            reader.Read(Sample(data, n), pixels.AsSpan(n * reader.SampleCount, reader.SampleCount));
        return pixels;
    }

    /// <summary>d mean loss / d logits: (softmax - one at the label) / pictures.</summary>
    static float[] Signal(float[] scores, DataSet data)
    {
        int classes = data.Classes.Count;
        var signal = new float[scores.Length];
        for (int n = 0; n < Pictures; n++)
        {
            ReadOnlySpan<float> own = scores.AsSpan(n * classes, classes);
            double most = double.NegativeInfinity, sum = 0;
            foreach (float score in own)
                most = Math.Max(most, score);
            foreach (float score in own)
                sum += Math.Exp(score - most);
            for (int c = 0; c < classes; c++)
                signal[n * classes + c] = (float)((Math.Exp(own[c] - most) / sum - (c == data.Label(Sample(data, n)) ? 1 : 0)) / Pictures);
        }

        return signal;
    }

    // From all over the set: the first ones may all be of one class.
    static int Sample(DataSet data, int n) => (int)((long)n * data.Count / Pictures);

    static double Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
