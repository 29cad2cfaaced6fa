using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Training;

/// <summary>Bars at random places and brightnesses, upright, flat or slanted: three classes that a small network can tell apart.</summary>
internal sealed class DrawnShapes(int count, ulong seed, int channels = 3) : DataSet
{
    public const int Size = 8;

    public override string Name => $"drawn shapes {seed}";

    public override Shape SampleShape => new(1, channels, Size, Size);

    public override IReadOnlyList<string> Classes { get; } = ["upright", "flat", "slanted"];

    public override int Count => count;

    public override int Label(int index) => index % 3;

    public override void Read(int index, Span<byte> values)
    {
        var words = new uint[2 + values.Length];
        Philox.Fill(seed, (ulong)index, 0, words);
        int place = (int)(words[0] % 6) + 1, light = 150 + (int)(words[1] % 100), plane = Size * Size;
        for (int i = 0; i < values.Length; i++)
        {
            int y = i % plane / Size, x = i % Size;
            bool on = Label(index) switch { 0 => x == place, 1 => y == place, _ => (x + y) % Size == place };
            values[i] = (byte)((on ? light - 10 * (i / plane) : 20) + (int)(words[2 + i] % 30));
        }
    }

    /// <summary>Samples to learn from and to test on.</summary>
    public static DataSplit Split(int train = 60, int test = 31, int channels = 3) => new(new DrawnShapes(train, 1, channels), new DrawnShapes(test, 2, channels));

    /// <summary>Convolution, ReLU, max pool, two dense layers and a softmax.</summary>
    public static Network SmallNetwork(int channels = 3, bool softmax = true)
    {
        var b = new NetworkBuilder();
        Node x = b.Input("x", new Shape(1, channels, Size, Size), [true, false, true, true]);
        x = b.Add("relu", new Relu(), b.Add("conv", new Convolution
        {
            Weight = new SeededWeights(5, 0, Distribution.Gaussian(0.2), 6, channels, 3, 3), Bias = new MemoryWeights([1, 2, 3, 4, 5, 6], 6),
            Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
        }, x));
        x = b.Add("flat", new Flatten(), b.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x));
        x = b.Add("hidden_relu", new Relu(), b.Add("hidden", Matrix(1, 96, 12), x));
        x = b.Add("logits", Matrix(2, 12, 3), x);
        b.Output(softmax ? b.Add("prob", new Softmax { Axis = 1 }, x) : x);
        return b.Build();
    }

    static Dense Matrix(ulong stream, int inputs, int outputs) => new()
    {
        Weight = new SeededWeights(5, stream, Distribution.Gaussian(0.2), outputs, inputs), Bias = new MemoryWeights(new float[outputs], outputs), OutputMajor = true,
    };
}
