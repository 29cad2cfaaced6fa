using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Tests.Training;

/// <summary>Orders, initial weights, samples as inputs, curves, and what a trained file says.</summary>
public sealed class RecipeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Order_IsAPermutationThatFollowsFromSeedAndEpoch(int count)
    {
        int[] order = SampleOrder.Of(count, 7, 3);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
        Assert.Equal(order, SampleOrder.Of(count, 7, 3));
        if (count > 2)
        {
            Assert.NotEqual(order, SampleOrder.Of(count, 7, 4));
            Assert.NotEqual(order, SampleOrder.Of(count, 8, 3));
        }
    }

    /// <summary>Each place gets each sample about equally often: 6000 draws of 1/6 have a deviation of 28.9, and 5 of them are not left in 36 counts.</summary>
    [Fact]
    public void Order_IsUniform()
    {
        var counts = new int[6, 6];
        for (int epoch = 0; epoch < 6000; epoch++)
        {
            int[] order = SampleOrder.Of(6, 1, epoch);
            for (int i = 0; i < 6; i++)
                counts[i, order[i]]++;
        }

        foreach (int count in counts)
            Assert.InRange(count, 1000 - 145, 1000 + 145);
    }

    /// <summary>The bounds of U(-a, a), and the variance a^2 / 3 within 5 of its deviations.</summary>
    [Fact]
    public void Glorot_IsThePapersUniform()
    {
        using Network network = Topology.TinyVgg(1, 8, 3, 16, 16);
        foreach ((string name, double a) in new[] { ("conv1_1", Math.Sqrt(6.0 / (35 * 9))), ("conv2_2", Math.Sqrt(6.0 / (64 * 9))), ("fc4", Math.Sqrt(6.0 / (128 + 1024))), ("fc7", Math.Sqrt(6.0 / 264)) })
        {
            Layer drawn = Initialiser.GlorotUniform.Apply(network.Nodes[name].Layer, 1, 2);
            float[] weights = drawn.Weights[0].Value.ToArray();
            Assert.InRange(weights.Max(), 0.9 * a, a);
            Assert.InRange(weights.Min(), -a, -0.9 * a);
            double variance = weights.Average(w => (double)w * w) * 3 / (a * a);
            Assert.InRange(variance, 1 - 5 * 0.9 / Math.Sqrt(weights.Length), 1 + 5 * 0.9 / Math.Sqrt(weights.Length));
            Assert.All(drawn.Weights[1].Value.ToArray(), b => Assert.Equal(0, b));
        }
    }

    [Theory]
    [InlineData("gaussian:0.01", 0.01)]
    [InlineData("he", 0.125)]
    public void Gaussian_HasItsDeviation(string text, double deviation)
    {
        Initialiser initialiser = Initialiser.Parse(text);
        Assert.Equal(text, $"{initialiser}");
        using Network network = Topology.TinyVgg(1, 8, 3, 16, 16);
        // fc4 has 128 inputs: sqrt(2 / 128) = 0.125.
        float[] weights = initialiser.Apply(network.Nodes["fc4"].Layer, 1, 2).Weights[0].Value.ToArray();
        Assert.Equal(deviation, Math.Sqrt(weights.Average(w => (double)w * w)), 0.01 * deviation);
    }

    [Fact]
    public void Keep_LeavesTheLayer()
    {
        using Network network = DrawnShapes.SmallNetwork();
        Assert.Same(network.Nodes["conv"].Layer, Initialiser.Parse("keep").Apply(network.Nodes["conv"].Layer, 1, 2));
        Assert.Throws<PreimageException>(() => Initialiser.Parse("gaussian:0"));
        Assert.Throws<PreimageException>(() => Initialiser.Parse("xavier"));
    }

    /// <summary>A sample is what the preprocessing makes of the same picture, to the bit.</summary>
    [Theory]
    [InlineData(3, ChannelOrder.Bgr)]
    [InlineData(3, ChannelOrder.Rgb)]
    [InlineData(1, ChannelOrder.Grey)]
    public void Samples_AreWhatThePreprocessingMakesOfPictures(int channels, ChannelOrder order)
    {
        var data = new DrawnShapes(3, 4, channels);
        var preprocessing = new Preprocessing { Order = order, Scale = 1.0 / 256, Mean = channels == 3 ? [0.1, 0.2, 0.3] : [0.1], Std = [0.3] };
        var bytes = new byte[channels * 64];
        data.Read(2, bytes);
        var picture = new Picture(8, 8, channels, [.. Enumerable.Range(0, bytes.Length).Select(i => bytes[i % channels * 64 + i / channels])]);
        var expected = new float[bytes.Length];
        preprocessing.Apply(picture, channels, 8, 8).Tensor.FlattenTo(expected);
        var actual = new float[bytes.Length];
        new SampleReader(data, preprocessing).Read(2, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void TrainedFile_SaysClassesPixelsAndSettings()
    {
        using Network network = DrawnShapes.SmallNetwork();
        using Network trained = Trainer.Train(network, DrawnShapes.Split(), TrainerTests.s_recipe with { Epochs = 1 }).Network;
        using Network loaded = Network.Load(TrainerTests.Bytes(trained));
        Assert.Equal(["upright", "flat", "slanted"], loaded.Metadata.ClassNames);
        Assert.Equal(TrainerTests.s_recipe.Preprocessing, Preprocessing.OfModel(loaded));
        Assert.Contains("\"seed\":\"3\"", loaded.Metadata.Properties[TrainingSettings.Property], StringComparison.Ordinal);
        Assert.Equal(["conv", "hidden", "logits"], loaded.Nodes.Where(n => n.Layer is Convolution or Dense).Select(n => n.Name));
        Assert.True(TrainedGraph.SubtractsMean(loaded));
        Assert.False(TrainedGraph.SubtractsMean(network));
    }

    [Fact]
    public void Curve_IsSavedAsNumbersAndDrawing()
    {
        var curve = new LearningCurve([new(1, 2.5, 0.5, 2.25, 0.25, 1), new(2, 1.5, 0.375, 2, 0.125, 1.5), new(3, 1, 0.25, 2.5, 0.125, 1)]);
        Assert.Equal(2, curve.Best.Epoch);
        Assert.Equal("epoch,train_loss,train_error,test_loss,test_error,seconds\n1,2.5,0.5,2.25,0.25,1.000\n2,1.5,0.375,2,0.125,1.500\n3,1,0.25,2.5,0.125,1.000\n", curve.ToCsv());
        Assert.True(curve.Plot().Width >= 240);
    }

    [Fact]
    public void Presets_AreThePapers()
    {
        TrainingRecipe lenet = TrainingRecipe.LeNet, vgg = TrainingRecipe.TinyVgg;
        Assert.Equal((20, 100, new Sgd(0.001, 0.9, 0.0005), ShuffleKind.EachEpoch, true, true), (lenet.Epochs, lenet.Batch, lenet.Optimiser, lenet.Shuffle, lenet.KeepsPartialBatch, lenet.SubtractsMeanPicture));
        Assert.Equal((100, 12, new Sgd(0.01), ShuffleKind.Once, false, false), (vgg.Epochs, vgg.Batch, vgg.Optimiser, vgg.Shuffle, vgg.KeepsPartialBatch, vgg.SubtractsMeanPicture));
        Assert.Equal((ChannelOrder.Bgr, 1.0 / 256, 22345UL), (vgg.Preprocessing.Order, vgg.Preprocessing.Scale, vgg.Seed));
    }
}
