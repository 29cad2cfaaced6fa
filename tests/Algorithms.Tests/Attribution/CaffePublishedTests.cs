using System.Numerics.Tensors;
using System.Text.Json;
using Preimage.Algorithms.Tests.DataSets;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Caffe's own files against what was published of them and against their ONNX forms.</summary>
public class CaffePublishedTests(ITestOutputHelper output)
{
    /// <summary>An odd size, so that the last group is smaller.</summary>
    const int Group = 384;
    const int Classes = 10;

    static readonly string[] s_cifar = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    [Fact]
    public void LeNet_is_wrong_where_the_published_run_is()
    {
        JsonElement published = Published("caffe_lenet_iter_10000");
        int[] predicted = Strongest(Run("models/caffe_lenet_mnist/lenet_iter_10000.caffemodel", MnistTestSet.Pictures(), MnistTestSet.Pixels));
        byte[] labels = MnistTestSet.Labels();
        int[] wrong = [.. Enumerable.Range(0, labels.Length).Where(i => predicted[i] != labels[i])];
        Assert.Equal(published.GetProperty("wrong_test_indices").EnumerateArray().Select(e => e.GetInt32()), wrong);
        Assert.Equal(published.GetProperty("predicted_slash_true").GetString(), string.Join(' ', wrong.Select(i => $"{predicted[i]}/{labels[i]}")));
    }

    [Fact]
    public void Cifar10_quick_is_right_743_times_of_1000() =>
        Assert.Equal(743, Right(Run("models/caffe_cifar10_quick/cifar10_quick_iter_5000.caffemodel", CifarTestSet.Pictures(), CifarTestSet.Pixels)));

    [Fact]
    public void Cifar10_full_is_right_830_times_of_1000_and_gives_the_published_classes()
    {
        JsonElement published = Published("caffe_cifar10_full_iter_70000");
        const string Model = "models/caffe_cifar10_full/cifar10_full_iter_70000.caffemodel";
        float[] pictures = CifarTestSet.Pictures();
        float[] plain = Run(Model, pictures, CifarTestSet.Pixels), mirrored = Run(Model, Mirrored(pictures), CifarTestSet.Pixels);
        Assert.Equal(830, Right(plain));
        // The published run took the mean over a picture and its mirror.
        float[] mean = [.. plain.Zip(mirrored, (a, b) => (a + b) / 2)];
        output.WriteLine($"right: {Right(plain)} plain, {Right(mean)} with mirrors; the first: {string.Join(' ', mean[..Classes].Select(p => $"{p:F4}"))}");
        string[] first = [.. published.GetProperty("first32_predictions").EnumerateArray().Select(e => e.GetString()!)];
        Assert.Equal(first, Strongest(mean).Take(first.Length).Select(c => s_cifar[c]));
    }

    [Theory]
    [InlineData("caffe_lenet_mnist/lenet_iter_10000.caffemodel", "caffe_lenet_mnist.onnx", "ip2")]
    [InlineData("caffe_cifar10_quick/cifar10_quick_iter_5000.caffemodel", "caffe_cifar10_quick.onnx", "ip2")]
    public void Logits_are_those_of_the_onnx_form(string caffe, string onnx, string logits)
    {
        bool digits = onnx.Contains("mnist", StringComparison.Ordinal);
        float[] pictures = digits ? MnistTestSet.Pictures()[..(100 * MnistTestSet.Pixels)] : CifarTestSet.Pictures()[..(100 * CifarTestSet.Pixels)];
        float[] expected = Run($"models/onnx/{onnx}", pictures, pictures.Length / 100), actual = Run($"models/{caffe}", pictures, pictures.Length / 100, logits);
        double largest = expected.Max(Math.Abs);
        double off = expected.Zip(actual).Max(p => Math.Abs((double)p.First - p.Second)) / largest;
        output.WriteLine($"largest logit {largest:F2}, largest difference {off:E1} of it");
        Assert.InRange(off, 0, 1e-6);
    }

    [Fact]
    public void The_structure_inside_the_weights_will_do()
    {
        float[] pictures = MnistTestSet.Pictures()[..(100 * MnistTestSet.Pixels)];
        float[] expected = Run("models/onnx/caffe_lenet_mnist.onnx", pictures, MnistTestSet.Pixels);
        byte[] file = File.ReadAllBytes(ReferenceData.Path("models/caffe_lenet_mnist/lenet_iter_10000.caffemodel"));
        ModelException error = Assert.Throws<ModelException>(() => Network.Load(file));
        Assert.Contains("input 'data': its shape is not declared", error.Message, StringComparison.Ordinal);
        using var network = Network.Load(file, new LoadOptions { InputShapes = new Dictionary<string, Shape> { ["data"] = new(1, 1, 28, 28) } });
        Assert.Equal("ip2", network.Output.Name);
        Agreement.SameBits(expected, Run(network, pictures, MnistTestSet.Pixels), "logits");
    }

    static float[] Mirrored(float[] pictures)
    {
        const int Width = 32;
        var mirrored = new float[pictures.Length];
        for (int row = 0; row < pictures.Length; row += Width)
        {
            pictures.AsSpan(row, Width).CopyTo(mirrored.AsSpan(row));
            mirrored.AsSpan(row, Width).Reverse();
        }

        return mirrored;
    }

    static int Right(float[] scores) => Strongest(scores).Zip(CifarTestSet.Labels()).Count(p => p.First == p.Second);

    static int[] Strongest(float[] scores) =>
        [.. Enumerable.Range(0, scores.Length / Classes).Select(i => TensorPrimitives.IndexOfMax(scores.AsSpan(i * Classes, Classes)))];

    static JsonElement Published(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(ReferenceData.Path("reference/published_outputs.json")));
        return document.RootElement.GetProperty(name).Clone();
    }

    /// <summary>The value of a node, or the output, for every picture.</summary>
    static float[] Run(string model, float[] pictures, int size, string? node = null)
    {
        using Network network = Network.Load(ReferenceData.Path(model));
        return Run(network, pictures, size, node);
    }

    static float[] Run(Network network, float[] pictures, int size, string? node = null)
    {
        using Engine engine = network.On(Device.Cpu);
        Node wanted = node is null ? network.Output : network.Nodes[node];
        int count = pictures.Length / size;
        var scores = new List<float>(count * Classes);
        for (int first = 0; first < count; first += Group)
        {
            int group = Math.Min(Group, count - first);
            using PlanLoan loan = engine.Rent(new PlanOptions { Batch = group, Observe = [wanted.Name] });
            loan.Plan.SetInput(network.Input, pictures.AsSpan(first * size, group * size));
            loan.Plan.Forward();
            var part = new float[group * Classes];
            loan.Plan.Read(wanted, part);
            scores.AddRange(part);
        }

        return [.. scores];
    }
}
