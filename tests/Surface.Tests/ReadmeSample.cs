using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Surface.Tests.Commands;

namespace Preimage.Surface.Tests;

/// <summary>The samples of README.md: what stands between the marks is what the page shows, and it runs.</summary>
public sealed class ReadmeSample
{
    const string Start = "// <readme>", End = "// </readme>";

    [Fact]
    public void Readme_ShowsExactlyTheseSamples()
    {
        string source = Repository.Read("tests/Surface.Tests/ReadmeSample.cs"), readme = Repository.Read("README.md");
        const string Indent = "        ";
        string[] samples = [.. source.Split($"{Indent}{Start}\n").Skip(1).Select(s => s[..s.IndexOf(End, StringComparison.Ordinal)])];
        Assert.Equal(5, samples.Length);
        foreach (string text in samples)
        {
            string[] lines = text.Trim('\n', ' ').Split('\n');
            string sample = string.Join('\n', lines.Select(l => l.StartsWith(Indent, StringComparison.Ordinal) ? l[Indent.Length..] : l));
            Assert.Contains($"```csharp\n{sample}\n```", readme, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SampleOfMetrics_Runs()
    {
        using var folder = new TemporaryFolder();
        using Network network = Topology.TinyVgg(seed: 1, classes: 4, height: 32, width: 32);
        using Engine engine = network.On(Device.Cpu);
        float[] values = [.. new[] { 40, 52 }.SelectMany(side => Preprocessing.Unit.Apply(DrawnPicture.House(side, 48), network.Input).Tensor.ToArray())];
        (MetricTable table, int random) = Measure(engine, Tensor.Create(values, network.InputShape.WithSamples(2).ToLengths()), folder["table.md"]);
        Assert.Equal(4, table.Results.Count);
        Assert.Equal(network.WeightLayers.Count - 2, random);
        Assert.Contains("grad-cam", File.ReadAllText(folder["table.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void SampleOfSearches_Runs()
    {
        using var folder = new TemporaryFolder();
        using Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput input = Preprocessing.Unit.Apply(DrawnPicture.House(48, 40), network.Input);
        string node = network.Nodes.First(n => n.Layer is Relu).Name;
        (double error, PreImageResult found) = Search(engine, input, node, folder["images.png"], folder["energies.csv"]);
        Assert.InRange(error, 0, 1);
        Assert.Equal(300, found.Iterations);
        Assert.True(File.Exists(folder["images.png"]) && File.Exists(folder["energies.csv"]));
    }

    [Fact]
    public void SamplesOfTrainingAndOfDenseLayersAndFilters_Run()
    {
        using var folder = new TemporaryFolder();
        Train("digits,train=300,test=100", folder["training.npz"], folder["digits.onnx"]);
        using Network network = Network.Load(folder["digits.onnx"]);
        using Engine engine = network.On(Device.Cpu);
        PreparedInput input = Preprocessing.OfModel(network)!.Apply(DrawnPicture.House(28, 28), network.Input);
        IReadOnlyList<double[]> left = Trace(engine, input, folder["features.png"], folder["filters.png"]);
        Assert.Equal(10, Assert.Single(left).Length);
        Assert.True(File.Exists(folder["features.png"]) && File.Exists(folder["filters.png"]));
    }

    [Fact]
    public void Sample_Runs()
    {
        using var folder = new TemporaryFolder();
        using (Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8))
            network.Save(folder["model.onnx"]);
        DrawnPicture.House(48, 40).Save(folder["picture.png"]);
        (float[] gradient, AttributionResult result) = Run(folder["model.onnx"], folder["picture.png"], folder["guided.png"]);
        Assert.Equal(gradient, result.Row(0).ToArray());
        Assert.True(Picture.Load(folder["guided.png"]).Width >= 32);
    }

    static (float[] Gradient, AttributionResult Result) Run(string model, string picture, string drawing)
    {
        // <readme>
        using Network network = Network.Load(model);                // ONNX; immutable, safe to share between threads
        using Engine engine = network.On(Device.Cpu);               // packs weights once, makes plans by shape

        // Nothing is done to a picture that is not in this record.
        PreparedInput input = Preprocessing.Unit.Apply(Picture.Load(picture), network.Input);

        AttributionResult result = new GuidedBackprop(engine).Attribute(input, Target.Argmax);
        Console.WriteLine(result.Units[0]);                         // what was explained: node, unit, activation
        result.Render().Save(drawing);                              // result.Map holds the numbers, a Tensor<float>

        // The level below: spans in and out, and no allocation from the second run on.
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        var logits = new float[plan.SeedShape.Count];
        var gradient = new float[plan.GradientShape(network.Input).Count];
        plan.Forward(input.Tensor.ToArray(), logits);
        var seed = new float[logits.Length];
        seed[result.Units[0].Unit] = 1;
        plan.Backward(seed, BackwardRule.Guided, gradient);
        // </readme>
        return (gradient, result);
    }

    static (MetricTable Table, int Random) Measure(Engine engine, Tensor<float> images, string file)
    {
        Network network = engine.Network;
        // <readme>
        // Do maps of two classes differ, and do they need what the network learnt?
        MetricTable table = MetricTable.Measure(
            [new ClassSensitivity(), new WeightRandomisation()], [new Saliency(engine), new GradCam(engine)], images, new MetricOptions { Seed = 1 });
        table.Save(file);                                           // .md, or .json with every image's numbers

        // The same network with random weights behind its first two layers.
        using Network partly = network.Randomize(Randomisation.Part(1), seed: 1);
        // </readme>
        return (table, network.WeightLayers.Zip(partly.WeightLayers).Count(l => !l.First.Layer.Weights[0].Value.ToArray().SequenceEqual(l.Second.Layer.Weights[0].Value.ToArray())));
    }

    static (double Error, PreImageResult Found) Search(Engine engine, PreparedInput input, string node, string drawing, string energies)
    {
        // <readme>
        // Two images that the network represents at a node as it does the picture, each from noise of its own.
        PreImageResult result = new Inversion(engine).Invert(input, node, PreImageOptions.PaperInversion(c: 100) with { Restarts = 2, Seed = 7 });
        Console.WriteLine(result.Errors[0]);                        // how far its representation is from the picture's
        result.Render(0).Save(drawing);                             // result.Images holds the numbers
        result.Trace.Save(energies);                                // every term, iteration and image

        // Any objective: some units more, others less.
        var search = new PreImageSearch(engine, PixelScale.Of(input.Preprocessing));
        PreImageResult found = search.Find(Objective.Channel(node, 3) - 0.5 * Objective.Channel(node, 1));
        // </readme>
        return (result.Errors[0], found);
    }

    static void Train(string source, string state, string model)
    {
        // <readme>
        DataSplit data = DataSource.Open(source, seed: 1);          // mnist:DIR, cifar10:DIR, folder:DIR, rafd:DIR, or drawn: digits, faces
        using Network topology = Topology.LeNet();
        TrainingResult trained = Trainer.Train(topology, data, TrainingRecipe.LeNet with { Epochs = 2 },
            new TrainingOptions { Checkpoint = state, Resume = true });
        Console.WriteLine(trained.Curve.Best.TestError);            // of the epoch that was kept
        trained.Network.Save(model);                                // with its classes, and how pictures become its input
        // </readme>
        trained.Network.Dispose();
    }

    static IReadOnlyList<double[]> Trace(Engine engine, PreparedInput input, string drawing, string sheet)
    {
        // <readme>
        // The units of the feature maps that a prediction goes back to through the dense layers, and what is left of it without them.
        var backtracking = new DenseBacktracking(engine);
        BacktrackingResult trace = backtracking.Trace(input);
        using var tail = new DenseTail(backtracking);
        IReadOnlyList<double[]> left = tail.Probabilities(trace.Features, [trace.Traced]);
        Console.WriteLine($"{trace.Traced}: {trace.Probabilities[trace.Class]:p1}, without them {left[0][trace.Class]:p1}");

        // What they stand for in the image, and what filters stand for without one.
        TrackedFeatures features = new FeatureTracking(engine, trace.Traced.Node).Track(input, [trace.Traced])[0];
        FeatureLook.Clean.FeatureImage(features).Save(drawing);
        new FilterDecoder(engine).Decode("L3", [0, 1, 2]).RenderSheet().Save(sheet);
        // </readme>
        return left;
    }
}
