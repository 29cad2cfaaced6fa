using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>The network whose filters are decoded, with its samples: LeNet, trained by the paper's recipe on digits, or the owner's network.</summary>
internal sealed class DecodedSubject : IDisposable
{
    /// <summary>Images that run together.</summary>
    const int Batch = 100;

    readonly Network? _own;
    readonly Preprocessing _preprocessing;

    DecodedSubject(Laboratory laboratory, UnitWatch watch)
    {
        Samples = SamplesOf(laboratory);
        if (laboratory.Options.Model is not null)
        {
            Subject subject = laboratory.Subjects()[0];
            (Network, Engine) = (subject.Network, subject.Engine);
            _preprocessing = laboratory.Options.Preprocessing ?? Preprocessing.OfModel(Network) ?? subject.Preprocessing;
        }
        else
        {
            using Network topology = Topology.LeNet(laboratory.Options.Seed);
            Network = _own = TrainedNetwork.Get(laboratory, "lenet", topology, Recipe(laboratory), Samples, watch);
            Engine = Network.On(laboratory.Options.Device);
            _preprocessing = Preprocessing.OfModel(Network) ?? Recipe(laboratory).Preprocessing;
        }

        Shape sample = Samples.Test.SampleShape, input = Network.InputShape;
        if ((sample.C, sample.H, sample.W) != (input.C, input.H, input.W))
            throw new PreimageException($"samples of {Samples.Test.Name} are {sample}, the network takes {input}");
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The network on the device.</summary>
    public Engine Engine { get; }

    /// <summary>The samples.</summary>
    public DataSplit Samples { get; }

    /// <summary>MNIST of the reference folder as a text, else drawn digits.</summary>
    public static string Default(string? data)
    {
        string? digits = data is null ? null : Path.Combine(data, "datasets/mnist_idx");
        return digits is not null && Directory.Exists(digits) ? $"mnist:{digits}" : "digits";
    }

    /// <summary>Trains or loads the network, and opens the samples.</summary>
    public static DecodedSubject Open(Laboratory laboratory, UnitWatch watch) => new(laboratory, watch);

    /// <summary>The layers with filters, the first one first: of LeNet L1, L3, L5, L7. Nothing is trained for it.</summary>
    public static IReadOnlyList<string> LayersOf(Laboratory laboratory)
    {
        if (laboratory.Options.Model is not null)
            return Filters(laboratory.Subjects()[0].Network);
        using Network topology = Topology.LeNet(laboratory.Options.Seed);
        return Filters(topology);
    }

    /// <summary>The layers with filters of the network at hand.</summary>
    public IReadOnlyList<string> Layers => Filters(Network);

    /// <summary>What every unit's result depends on beside the samples: the network and how it came to be.</summary>
    public static Dictionary<string, string> Settings(Laboratory laboratory) => laboratory.Options.Model is not null
        ? new() { ["model"] = laboratory.Subjects()[0].Identity, ["preprocessing"] = $"{laboratory.Options.Preprocessing ?? Preprocessing.OfModel(laboratory.Subjects()[0].Network) ?? laboratory.Subjects()[0].Preprocessing}", ["count"] = CountOf(laboratory) }
        : new() { ["model"] = $"LeNet, {Recipe(laboratory)}", ["count"] = CountOf(laboratory) };

    /// <summary>Whether it has LeNet's four layers of filters, so that the paper's numbers can stand beside ours.</summary>
    public static bool IsLeNet(Laboratory laboratory) => LayersOf(laboratory).Count == PaperLayers.Count;

    /// <summary>The paper's names of LeNet's layers with filters.</summary>
    public static IReadOnlyList<string> PaperLayers { get; } = ["L1", "L3", "L5", "L7"];

    /// <summary>Decodes a layer.</summary>
    public DecodedFilters Decode(string layer, Unpooling unpooling, IReadOnlyList<int>? units, UnitWatch watch) =>
        new FilterDecoder(Engine).Decode(layer, units, new DecodingOptions { Unpooling = unpooling }, cancellation: watch.Cancellation);

    /// <summary>How many test images are looked at.</summary>
    public int Count(Laboratory laboratory) => Math.Min(laboratory.Options.Count ?? int.MaxValue, Samples.Test.Count);

    /// <summary>Test images as inputs of the network, a few at a time.</summary>
    /// <param name="count">How many in all.</param>
    /// <param name="watch">Hears of those that are done.</param>
    public IEnumerable<(int First, int Count, float[] Inputs)> Images(int count, UnitWatch watch)
    {
        var reader = new SampleReader(Samples.Test, _preprocessing);
        for (int first = 0; first < count; first += Batch)
        {
            watch.Cancellation.ThrowIfCancellationRequested();
            int taken = Math.Min(Batch, count - first);
            var inputs = new float[taken * reader.SampleCount];
            for (int n = 0; n < taken; n++)
                reader.Read(first + n, inputs.AsSpan(n * reader.SampleCount, reader.SampleCount));
            yield return (first, taken, inputs);
            watch.Progress?.Report((double)(first + taken) / count);
        }
    }

    /// <summary>A test image as an input of the network.</summary>
    public float[] Image(int index)
    {
        var reader = new SampleReader(Samples.Test, _preprocessing);
        var input = new float[reader.SampleCount];
        reader.Read(index, input);
        return input;
    }

    /// <summary>A test image as it is.</summary>
    public Picture Picture(int index)
    {
        Shape shape = Samples.Test.SampleShape;
        var planes = new byte[shape.SampleCount];
        Samples.Test.Read(index, planes);
        var pixels = new byte[planes.Length];
        int plane = shape.H * shape.W;
        for (int i = 0; i < planes.Length; i++)
            pixels[i % plane * shape.C + i / plane] = planes[i];
        return new Picture(shape.W, shape.H, shape.C, pixels);
    }

    /// <summary>Frees what the experiment trained; the owner's network stays the laboratory's.</summary>
    public void Dispose()
    {
        if (_own is null)
            return;
        Engine.Dispose();
        _own.Dispose();
    }

    static TrainingRecipe Recipe(Laboratory laboratory) => TrainingRecipe.LeNet with
    {
        Seed = laboratory.Options.Seed, Epochs = laboratory.Options.Iterations ?? TrainingRecipe.LeNet.Epochs,
    };

    static DataSplit SamplesOf(Laboratory laboratory) => DataSource.Open(laboratory.Samples!, laboratory.Options.Seed);

    static string CountOf(Laboratory laboratory) => laboratory.Options.Count is { } count ? $"{count}" : "all";

    static IReadOnlyList<string> Filters(Network network) => [.. network.Nodes.Where(n => n.Layer is Convolution or Dense).Select(n => n.Name)];
}
