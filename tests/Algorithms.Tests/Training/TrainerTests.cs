using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Training;

/// <summary>Training against loops in double, and what must not change its bytes.</summary>
public sealed class TrainerTests
{
    /// <summary>Of the largest magnitude of an array: some 20 steps in single precision against double.</summary>
    const double Tolerance = 2e-4;

    internal static readonly TrainingRecipe s_recipe = new()
    {
        Epochs = 2, Batch = 7, Optimiser = new Sgd(0.05, 0.9, 0.001), Initialiser = Initialiser.Keep, SubtractsMeanPicture = true, Seed = 3,
        Preprocessing = new Preprocessing { Order = ChannelOrder.Bgr, Scale = 1.0 / 64, Mean = [0.5, 0.25, 0.125] },
    };

    public static TheoryData<string, bool, ShuffleKind> Ways => new()
    {
        { "momentum", true, ShuffleKind.EachEpoch }, { "plain", false, ShuffleKind.Once }, { "adam", true, ShuffleKind.EachEpoch }, { "adagrad", false, ShuffleKind.EachEpoch },
    };

    [Fact]
    public void SlopesAndInstanceNorms_AreLearntToo()
    {
        var b = new NetworkBuilder();
        Node x = b.Input("x", new Shape(1, 3, DrawnShapes.Size, DrawnShapes.Size), [true, false, true, true]);
        x = b.Add("conv", new Convolution { Weight = new SeededWeights(5, 0, Distribution.Gaussian(0.2), 4, 3, 3, 3), Sliding = new Window { Kernel = (3, 3) } }, x);
        x = b.Add("norm", new InstanceNormalisation { Scale = Ones(4), Shift = new MemoryWeights(new float[4], 4) }, x);
        x = b.Add("prelu", new ParametricRelu { Slope = new MemoryWeights([0.25f, 0.25f, 0.25f, 0.25f], 4, 1, 1) }, x);
        x = b.Add("dense", new Dense { Weight = new SeededWeights(5, 1, Distribution.Gaussian(0.1), 3, 144), OutputMajor = true }, b.Add("flat", new Flatten(), x));
        b.Output(x);
        using Network network = b.Build();
        using Network trained = Trainer.Train(network, DrawnShapes.Split(), s_recipe with { Epochs = 1, SubtractsMeanPicture = false }).Network;
        Dictionary<string, float[]> before = Weights(network), after = Weights(trained);
        Assert.Equal(["conv.weight", "dense.weight", "norm.scale", "norm.shift", "prelu.slope"], before.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, w => Assert.NotEqual(w.Value, after[w.Key]));

        static MemoryWeights Ones(int count) => new([.. Enumerable.Repeat(1f, count)], count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Parameters_AreThoseOfLoopsInDouble(string optimiser, bool partial, ShuffleKind shuffle)
    {
        DataSplit data = DrawnShapes.Split();
        TrainingRecipe recipe = s_recipe with
        {
            KeepsPartialBatch = partial, Shuffle = shuffle, RateFactor = partial ? 0.5 : 1,
            Optimiser = optimiser switch { "momentum" => s_recipe.Optimiser, "plain" => new Sgd(0.1, 0, 0.002), "adam" => new Adam(0.01), _ => new AdaGrad(0.05) },
        };
        using Network network = DrawnShapes.SmallNetwork();
        TrainingResult result = Trainer.Train(network, data, recipe);
        using Network trained = result.Network;

        var oracle = new TrainingOracle(3, Weights(network));
        (double[] X, int Label)[] train = Samples(data.Train, data.Train), test = Samples(data.Test, data.Train);
        var best = new Dictionary<string, double[]>();
        double bestError = 2;
        for (int epoch = 0; epoch < recipe.Epochs; epoch++)
        {
            int[] order = SampleOrder.Of(data.Train.Count, recipe.Seed, shuffle == ShuffleKind.Once ? 0 : epoch);
            double loss = 0;
            int seen = 0;
            foreach (int[] batch in order.Chunk(recipe.Batch).Where(b => partial || b.Length == recipe.Batch))
            {
                loss += oracle.Step([.. batch.Select(i => train[i])], Update(recipe.Optimiser with { Rate = recipe.Optimiser.Rate * Math.Pow(recipe.RateFactor, epoch) }));
                seen += batch.Length;
            }

            CurvePoint point = result.Curve.Points[epoch];
            (double Loss, bool Wrong)[] tests = [.. test.Select(t => (oracle.Classify(t.X, t.Label).Loss, oracle.Classify(t.X, t.Label).Class != t.Label))];
            Assert.Equal(loss / seen, point.TrainLoss, 1e-4);
            Assert.Equal(tests.Average(t => t.Loss), point.TestLoss, 1e-3);
            Assert.Equal(tests.Count(t => t.Wrong) / (double)tests.Length, point.TestError);
            if (point.TestError < bestError)
                (bestError, best) = (point.TestError, oracle.Values.ToDictionary(v => v.Key, v => (double[])v.Value.Clone()));
        }

        foreach ((string name, float[] values) in Weights(trained))
            Agreement.Close(best[name], values, Tolerance, name);
    }

    [Fact]
    public void Training_LearnsAndKeepsTheBestEpoch()
    {
        DataSplit data = DrawnShapes.Split(240);
        using Network network = DrawnShapes.SmallNetwork();
        TrainingResult result = Trainer.Train(network, data, s_recipe with { Epochs = 12, Initialiser = Initialiser.GlorotUniform });
        using Network trained = result.Network;
        Assert.Equal(result.Curve.Points.Min(p => p.TestError), result.Curve.Best.TestError);
        Assert.Equal(result.Curve.Best.Epoch, result.BestEpoch);
        Assert.InRange(result.Curve.Best.TestError, 0, 0.05);
        // The result is judged again, by the file's own words and on the host.
        using Engine engine = trained.On(Device.Cpu);
        Evaluation evaluation = Evaluation.Run(engine, data.Test, batch: 5);
        Assert.Equal(result.Curve.Best.TestError, evaluation.Error);
        Assert.Equal(result.Curve.Best.TestLoss, evaluation.Losses.Average(), 1e-5);
        Assert.True(evaluation.Sheet(data.Test, 9).Width > 100);
    }

    [Fact]
    public void ThreadsAndRepetition_DoNotChangeTheBytes()
    {
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork();
        byte[]? first = null;
        // Many times: batches are put together on another thread, and what depends on its pace shows rarely.
        foreach (int threads in Enumerable.Range(0, 60).Select(i => 1 + i % 3))
        {
            using Network trained = Trainer.Train(network, data, s_recipe, new TrainingOptions { Engine = new EngineOptions { Threads = threads } }).Network;
            byte[] bytes = Bytes(trained);
            first ??= bytes;
            Assert.Equal(first, bytes);
        }
    }

    [Fact]
    public void Softmax_IsSteppedOver()
    {
        DataSplit data = DrawnShapes.Split();
        using Network with = DrawnShapes.SmallNetwork(), without = DrawnShapes.SmallNetwork(softmax: false);
        using Network a = Trainer.Train(with, data, s_recipe).Network, b = Trainer.Train(without, data, s_recipe).Network;
        Dictionary<string, float[]> expected = Weights(b);
        foreach ((string name, float[] values) in Weights(a))
            Agreement.SameBits(expected[name], values, name);
    }

    [Fact]
    public void NotANumber_StopsAndLeavesTheLastCheckpoint()
    {
        using var folder = new Folder();
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork();
        var options = new TrainingOptions { Checkpoint = folder["state.npz"], CheckpointSteps = 1 };
        PreimageException error = Assert.Throws<PreimageException>(() => Trainer.Train(network, data, s_recipe with { Epochs = 50, Optimiser = new Sgd(1e20) }, options));
        Assert.Contains("epoch 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("1E+20", error.Message, StringComparison.Ordinal);
        Assert.Contains("step", error.Message, StringComparison.Ordinal);
        Assert.Contains(options.Checkpoint, error.Message, StringComparison.Ordinal);
        (TrainingState state, _) = TrainingCheckpoint.Load(options.Checkpoint, TrainingSettings.Of(network, data, s_recipe with { Optimiser = new Sgd(1e20) }));
        Assert.True(state.Step > 0);
    }

    [Fact]
    public void WhatDoesNotGoTogether_IsRefused()
    {
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork(), grey = DrawnShapes.SmallNetwork(1);
        Refused("1x1x8x8", grey, s_recipe);
        Refused("batches of 0", network, s_recipe with { Batch = 0 });
        Refused("0 epochs", network, s_recipe with { Epochs = 0 });
        Refused("no batch is full", network, s_recipe with { Batch = 100, KeepsPartialBatch = false });
        Refused("momentum of 1", network, s_recipe with { Optimiser = new Sgd(0.1, 1) });
        Refused("multiplied by 1.5", network, s_recipe with { RateFactor = 1.5 });
        Refused("learning rate of 0", network, s_recipe with { Optimiser = new Adam(0) });
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("flat", new Flatten(), builder.Input("x", data.Train.SampleShape)));
        Refused("3 classes", builder.Build(), s_recipe);

        void Refused(string words, Network given, TrainingRecipe recipe) =>
            Assert.Contains(words, Assert.Throws<PreimageException>(() => Trainer.Train(given, data, recipe)).Message, StringComparison.Ordinal);
    }

    internal static Dictionary<string, float[]> Weights(Network network) =>
        network.Nodes.Where(n => n.Layer is not Constant).SelectMany(n => n.Layer.Weights.Select(w => ($"{n.Name}.{w.Key}", w.Value.ToArray()))).ToDictionary();

    internal static byte[] Bytes(Network network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    static Action<double[], double[], double[], double[], int> Update(Optimiser optimiser) => (w, g, first, second, t) =>
    {
        for (int i = 0; i < w.Length; i++)
        {
            switch (optimiser)
            {
                case Sgd s:
                    first[i] = s.Momentum * first[i] - s.Decay * w[i] - g[i];
                    w[i] += s.Rate * first[i];
                    break;
                case Adam a:
                    first[i] = a.B1 * first[i] + (1 - a.B1) * g[i];
                    second[i] = a.B2 * second[i] + (1 - a.B2) * g[i] * g[i];
                    w[i] -= a.Rate * (first[i] / (1 - Math.Pow(a.B1, t))) / (Math.Sqrt(second[i] / (1 - Math.Pow(a.B2, t))) + a.Epsilon);
                    break;
                case AdaGrad a:
                    second[i] += g[i] * g[i];
                    w[i] -= a.Rate * g[i] / (Math.Sqrt(second[i]) + a.Epsilon);
                    break;
            }
        }
    };

    /// <summary>BGR over 64 less a colour, less the mean of the training samples.</summary>
    static (double[] X, int Label)[] Samples(DataSet data, DataSet train)
    {
        double[] mean = [.. Enumerable.Range(0, 192).Select(i => Enumerable.Range(0, train.Count).Average(n => Values(train, n)[i]))];
        return [.. Enumerable.Range(0, data.Count).Select(n => (Values(data, n).Zip(mean, (v, m) => v - m).ToArray(), data.Label(n)))];

        static double[] Values(DataSet data, int n)
        {
            var bytes = new byte[192];
            data.Read(n, bytes);
            double[] colour = [0.5, 0.25, 0.125];
            return [.. Enumerable.Range(0, 192).Select(i => bytes[(2 - i / 64) * 64 + i % 64] / 64.0 - colour[i / 64])];
        }
    }
}
