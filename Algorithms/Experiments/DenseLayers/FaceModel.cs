using System.Numerics.Tensors;
using System.Security.Cryptography;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Algorithms.Training.Data.Faces;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>A classifier of faces and the pictures it is tested on: the owner's network, or a Tiny VGG trained on the samples.</summary>
internal sealed class FaceModel : IDisposable
{
    readonly Network _network;
    readonly Engine _engine;
    readonly SampleReader _reader;

    FaceModel(Network network, DataSet test, Preprocessing preprocessing, Device device)
    {
        (_network, Test, Preprocessing) = (network, test, preprocessing);
        _engine = network.On(device);
        _reader = new SampleReader(test, preprocessing);
        Backtracking = new DenseBacktracking(_engine);
        Tail = new DenseTail(Backtracking);
        Tracking = new FeatureTracking(_engine, Backtracking.Features.Name);
    }

    /// <summary>The pictures.</summary>
    public DataSet Test { get; }

    /// <summary>How they become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Traces through its dense layers.</summary>
    public DenseBacktracking Backtracking { get; }

    /// <summary>Its dense layers by themselves.</summary>
    public DenseTail Tail { get; }

    /// <summary>Draws what units stand for.</summary>
    public FeatureTracking Tracking { get; }

    /// <summary>Opens the samples of a run.</summary>
    public static DataSplit Samples(Laboratory laboratory) => DataSource.Open(laboratory.Samples!, laboratory.Options.Seed);

    /// <summary>What tells the model from all others, for the settings of a unit.</summary>
    public static string Identity(Laboratory laboratory, FaceRecipe recipe)
    {
        if (laboratory.Options.Model is not { } path)
            return $"Tiny VGG, {recipe.TrainingOf(laboratory)}";
        using FileStream file = File.OpenRead(path);
        return $"sha256 {Convert.ToHexStringLower(SHA256.HashData(file))}";
    }

    /// <summary>Loads the owner's network, or one that is trained where it is not there.</summary>
    /// <exception cref="PreimageException">The network does not fit the samples.</exception>
    public static FaceModel Open(Laboratory laboratory, FaceRecipe recipe, UnitWatch watch)
    {
        DataSplit data = Samples(laboratory);
        Shape sample = data.Test.SampleShape;
        Network network;
        if (laboratory.Options.Model is { } path)
        {
            network = Network.Load(path);
        }
        else
        {
            using Network topology = Topology.TinyVgg(laboratory.Options.Seed, data.Test.Classes.Count, sample.C, sample.H, sample.W);
            network = TrainedNetwork.Get(laboratory, recipe.Key, topology, recipe.TrainingOf(laboratory), data, watch);
        }

        try
        {
            TrainedGraph.Require(network, data);
            // A network trained here takes pictures as it was trained on them, whatever the owner says of another one.
            Preprocessing? given = laboratory.Options.Model is null ? null : laboratory.Options.Preprocessing;
            return new FaceModel(network, data.Test, given ?? Preprocessing.OfModel(network) ?? TrainingRecipe.TinyVgg.Preprocessing, laboratory.Options.Device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The input of some pictures.</summary>
    public Tensor<float> Read(IReadOnlyList<int> indices)
    {
        var values = new float[indices.Count * _reader.SampleCount];
        for (int i = 0; i < indices.Count; i++)
            _reader.Read(indices[i], values.AsSpan(i * _reader.SampleCount, _reader.SampleCount));
        return Tensor.Create(values, Test.SampleShape.WithSamples(indices.Count).ToLengths());
    }

    /// <summary>A picture as it was made.</summary>
    public Picture PictureOf(int index) => Planes.Read(Test, index);

    /// <summary>What is known of a picture beside its class; null where the samples are no faces.</summary>
    public FaceAttributes? AttributesOf(int index) => (Test as IFaceSet)?.Attributes(index);

    /// <summary>Tracks sets of units in a picture.</summary>
    public IReadOnlyList<TrackedFeatures> Track(int index, IReadOnlyList<UnitSet> sets, CancellationToken cancellation) =>
        Tracking.Track(Read([index]), Preprocessing.Order, sets, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Tail.Dispose();
        _engine.Dispose();
        _network.Dispose();
    }
}
