using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Tests.DataSets;
using Preimage.Interop.Jpeg;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Numbers that the networks' authors and users published.</summary>
public class PublishedOutputsTests(ITestOutputHelper output)
{
    /// <summary>An odd size, so that the last group is smaller.</summary>
    const int Group = 384;

    [Fact]
    public void LeNet_is_wrong_where_the_published_run_is()
    {
        JsonElement published = Published("caffe_lenet_iter_10000");
        int[] predicted = Predict("models/onnx/caffe_lenet_mnist.onnx", MnistTestSet.Pictures(), MnistTestSet.Pixels, [1, 28, 28]);
        byte[] labels = MnistTestSet.Labels();
        int[] wrong = [.. Enumerable.Range(0, labels.Length).Where(i => predicted[i] != labels[i])];
        Assert.Equal(published.GetProperty("wrong_test_indices").EnumerateArray().Select(e => e.GetInt32()), wrong);
        Assert.Equal(published.GetProperty("predicted_slash_true").GetString(), string.Join(' ', wrong.Select(i => $"{predicted[i]}/{labels[i]}")));
        Assert.Equal(published.GetProperty("test_correct").GetInt32(), labels.Length - wrong.Length);
    }

    [Fact]
    public void Mnist8_gives_the_published_logits_and_accuracy()
    {
        JsonElement published = Published("mnist-8.onnx");
        float[] pictures = MnistTestSet.Pictures();
        byte[] labels = MnistTestSet.Labels();
        using Network network = Network.Load(ReferenceData.Path("models/mnist-8_onnxzoo/mnist-8.onnx"));
        using Engine engine = network.On(Device.Cpu);
        float[] logits = Forward(engine, pictures[..MnistTestSet.Pixels], 1);
        double[] expected = [.. published.GetProperty("first_sample_outputs").EnumerateArray().Select(e => e.GetDouble())];
        // Published to six decimals, of magnitudes up to 28.
        Agreement.Close(expected, logits, 5e-7, "logits of the first digit");
        int[] predicted = Predict("models/mnist-8_onnxzoo/mnist-8.onnx", pictures, MnistTestSet.Pixels, [1, 28, 28]);
        Assert.Equal(9890, predicted.Zip(labels).Count(p => p.First == p.Second));
    }

    [Fact]
    public void Cifar10_quick_is_right_743_times_of_1000()
    {
        int[] predicted = Predict("models/onnx/caffe_cifar10_quick.onnx", CifarTestSet.Pictures(), CifarTestSet.Pixels, [3, 32, 32]);
        Assert.Equal(743, predicted.Zip(CifarTestSet.Labels()).Count(p => p.First == p.Second));
    }

    [Fact]
    public void Axonum_gives_its_authors_output()
    {
        const string Folder = "reference/axonum_mnist_untrained/";
        using Network network = Network.Load(ReferenceData.Path(Folder + "model.onnx"));
        using Engine engine = network.On(Device.Cpu);
        float[] actual = Forward(engine, Floats(Folder + "input.bin"), 1), expected = Floats(Folder + "output.bin");
        double largest = actual.Zip(expected).Max(p => Math.Abs(p.First - p.Second));
        output.WriteLine($"largest difference {largest:E2}");
        // Probabilities near 0.1, whose unit in the last place is 7.5e-9: four of them.
        Assert.InRange(largest, 0, 3e-8);
    }

    [Theory]
    [InlineData("chelsea.png", 285, 0.70)]
    [InlineData("coffee.png", 967, 0.96)]
    public void SqueezeNet_names_the_photograph(string photo, int expected, double probability)
    {
        using Network network = Network.Load(ReferenceData.Path("models/onnx/squeezenet_v1.0_dc.onnx"));
        using Engine engine = network.On(Device.Cpu);
        var picture = Picture.Load(ReferenceData.Path($"photos/skimage/{photo}"));
        PreparedInput input = Preprocessing.ByName("imagenet-caffe").Apply(picture, network.Input);
        ClassScore best = new Classifier(engine).Classify(input.Tensor, 1)[0][0];
        output.WriteLine($"{photo}: {best}");
        Assert.Equal(expected, best.Class);
        Assert.Equal(probability, best.Probability, 0.005);
    }

    [Fact]
    public void TinyVgg_is_right_on_14_of_its_20_pictures()
    {
        string[] classes = ["boat", "bug", "pizza", "pepper", "bus", "koala", "espresso", "panda", "orange", "car"];
        if (!JpegDecoder.IsAvailable)
            ReferenceData.Absent("libturbojpeg is not on this machine");
        string folder = ReferenceData.Path("models/tiny_vgg_cnn_explainer/img");
        using Network network = Network.Load(ReferenceData.Path("models/onnx/tiny_vgg.onnx"));
        using Engine engine = network.On(Device.Cpu);
        var classifier = new Classifier(engine);
        string[] files = Directory.GetFiles(folder, "*.jpeg");
        Assert.Equal(20, files.Length);
        int right = 0;
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            PreparedInput input = Preprocessing.Unit.Apply(Picture.Load(file), network.Input);
            int found = classifier.Classify(input.Tensor, 1)[0][0].Class;
            right += Path.GetFileName(file).StartsWith(classes[found], StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(14, right);
    }

    static JsonElement Published(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(ReferenceData.Path("reference/published_outputs.json")));
        return document.RootElement.GetProperty(name).Clone();
    }

    static float[] Floats(string relative) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(ReferenceData.Path(relative)).AsSpan()).ToArray();

    static float[] Forward(Engine engine, float[] pictures, int count)
    {
        using PlanLoan loan = engine.Rent(new PlanOptions { Batch = count });
        var logits = new float[loan.Plan.ShapeOf(engine.Network.Output).Count];
        loan.Plan.Forward(pictures, logits);
        return logits;
    }

    /// <summary>The strongest class of every picture, in groups of several.</summary>
    static int[] Predict(string model, float[] pictures, int size, int[] picture)
    {
        using Network network = Network.Load(ReferenceData.Path(model));
        using Engine engine = network.On(Device.Cpu);
        Assert.Equal(picture, network.InputShape.ToArray()[1..]);
        int count = pictures.Length / size;
        var predicted = new int[count];
        for (int first = 0; first < count; first += Group)
        {
            int group = Math.Min(Group, count - first);
            float[] logits = Forward(engine, pictures[(first * size)..((first + group) * size)], group);
            int classes = logits.Length / group;
            for (int n = 0; n < group; n++)
                predicted[first + n] = TensorPrimitives.IndexOfMax(logits.AsSpan(n * classes, classes));
        }

        return predicted;
    }
}
