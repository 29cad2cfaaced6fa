using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>A network on a device, with the way pictures become its input.</summary>
internal sealed class OpenNetwork : IDisposable
{
    readonly bool _ownsNetwork, _ownsEngine;
    readonly Device _device;
    readonly Lazy<Engine> _engine;

    /// <summary>Opens a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="engine">The network on the device where there is one already; stays its owner's.</param>
    /// <param name="preprocessing">How pictures become its input.</param>
    /// <param name="device">The device.</param>
    /// <param name="owns">Whether the network is disposed with this.</param>
    public OpenNetwork(Network network, Engine? engine, Preprocessing preprocessing, Device device, bool owns)
    {
        (Network, Preprocessing, _device, _ownsNetwork, _ownsEngine) = (network, preprocessing, device, owns, engine is null);
        _engine = engine is null ? new Lazy<Engine>(() => network.On(device)) : new Lazy<Engine>(engine);
        Logits = Attribution.Logits.Of(network, out _);
        Classes = network.InferShapes()[Logits.Index].SampleCount;
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The network on the device.</summary>
    public Engine Engine => _engine.Value;

    /// <summary>How pictures become its input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Where the class scores are.</summary>
    public Node Logits { get; }

    /// <summary>How many there are.</summary>
    public int Classes { get; }

    /// <summary>The same network with some layers' weights drawn anew, by the paper's initialiser.</summary>
    public OpenNetwork Randomised(Randomisation which, ulong seed) => new(Network.Randomize(which, seed), null, Preprocessing, _device, owns: true);

    /// <summary>A picture made ready.</summary>
    /// <exception cref="PreimageException">It does not fit.</exception>
    public PreparedInput Prepare(RecoveryPicture picture)
    {
        try
        {
            return Preprocessing.Apply(picture.Read(), Network.Input, picture.Name);
        }
        catch (ArgumentException e)
        {
            throw new PreimageException($"{picture.Name}: {e.Message}", e);
        }
    }

    /// <summary>An input of the network as a picture, the other way round; what lies beyond black and white is cut.</summary>
    public Picture PictureOf(Tensor<float> input)
    {
        Shape shape = Network.InputShape;
        int plane = shape.H * shape.W;
        var values = new float[shape.C * plane];
        input.FlattenTo(values);
        var pixels = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i / plane, place = Preprocessing.Order == ChannelOrder.Bgr && shape.C == 3 ? 2 - c : c;
            double mean = Preprocessing.Mean[Preprocessing.Mean.Count == 1 ? 0 : c], std = Preprocessing.Std[Preprocessing.Std.Count == 1 ? 0 : c];
            pixels[i % plane * shape.C + place] = (byte)Math.Clamp(Math.Round((values[i] * std + mean) / Preprocessing.Scale), 0, 255);
        }

        return new Picture(shape.W, shape.H, shape.C, pixels);
    }

    /// <summary>The class it gives an input.</summary>
    public ClassScore Predict(PreparedInput input, CancellationToken cancellation) => new Classifier(Engine).Classify(input.Tensor, 1, cancellation)[0][0];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsEngine && _engine.IsValueCreated)
            _engine.Value.Dispose();
        if (_ownsNetwork)
            Network.Dispose();
    }
}
