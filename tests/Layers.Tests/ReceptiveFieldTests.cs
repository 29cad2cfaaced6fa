using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests;

/// <summary>Sizes, strides and offsets of published networks (spec section 11), and where branches meet.</summary>
public class ReceptiveFieldTests
{
    [Fact]
    public void AlexNet()
    {
        var chain = new Chain(3, 227);
        chain.Conv("conv1", 96, 11, 4).Relu().Lrn().Pool("pool1", 3, 2).Conv("conv2", 256, 5, 1, 2, groups: 2).Relu().Lrn().Pool("pool2", 3, 2)
            .Conv("conv3", 384, 3, 1, 1).Relu().Conv("conv4", 384, 3, 1, 1, groups: 2).Relu().Conv("conv5", 256, 3, 1, 1, groups: 2).Relu().Pool("pool5", 3, 2)
            .Flatten().Dense("fc6", 4096).Relu().Dense("fc7", 4096).Relu().Dense("fc8", 1000);
        chain.Holds("conv1 11/4/6", "pool1 19/8/10", "conv2 51/8/10", "pool2 67/16/18", "conv3 99/16/18", "conv4 131/16/18", "conv5 163/16/18",
            "pool5 195/32/34", "fc6 355/32/114", "fc7 355/32/114", "fc8 355/32/114");
    }

    [Fact]
    public void VggM()
    {
        var chain = new Chain(3, 224);
        chain.Conv("conv1", 96, 7, 2).Relu().Lrn().Pool("pool1", 3, 2).Conv("conv2", 256, 5, 2, 1).Relu().Lrn().Pool("pool2", 3, 2, ceil: true)
            .Conv("conv3", 512, 3, 1, 1).Relu().Conv("conv4", 512, 3, 1, 1).Relu().Conv("conv5", 512, 3, 1, 1).Relu().Pool("pool5", 3, 2)
            .Conv("fc6", 4096, 6, 1).Relu().Conv("fc7", 4096, 1, 1);
        chain.Holds("conv1 7/2/4", "pool1 11/4/6", "conv2 27/8/10", "pool2 43/16/18", "conv3 75/16/18", "conv4 107/16/18", "conv5 139/16/18",
            "pool5 171/32/34", "fc6 331/32/114", "fc7 331/32/114");
    }

    [Fact]
    public void VggVd16()
    {
        var chain = new Chain(3, 224);
        int[] depths = [2, 2, 3, 3, 3], filters = [64, 128, 256, 512, 512];
        for (int block = 0; block < 5; block++)
        {
            for (int i = 0; i < depths[block]; i++) chain.Conv($"conv{block + 1}_{i + 1}", filters[block], 3, 1, 1).Relu();
            chain.Pool($"pool{block + 1}", 2, 2);
        }

        chain.Flatten().Dense("fc6", 4096).Relu().Dense("fc7", 4096).Relu().Dense("fc8", 1000);
        chain.Holds("conv1_2 5/1/1", "pool1 6/2/1.5", "conv2_2 14/2/1.5", "pool2 16/4/2.5", "conv3_3 40/4/2.5", "pool3 44/8/4.5", "conv4_3 92/8/4.5",
            "pool4 100/16/8.5", "conv5_1 132/16/8.5", "conv5_2 164/16/8.5", "conv5_3 196/16/8.5", "pool5 212/32/16.5", "fc6 404/32/112.5", "fc8 404/32/112.5");
    }

    [Fact]
    public void LeNet()
    {
        var chain = new Chain(1, 28);
        chain.Conv("L1", 20, 5, 1).Pool("L2", 2, 2).Conv("L3", 50, 5, 1).Pool("L4", 2, 2).Flatten().Dense("L5", 500).Relu().Dense("L7", 10);
        chain.Holds("L1 5/1/3", "L2 6/2/3.5", "L3 14/2/7.5", "L4 16/4/8.5", "L5 28/4/14.5", "L7 28/4/14.5");
    }

    /// <summary>Against the gradient itself: the pixels a unit's true gradient reaches are the box, wherever it lies in the picture.</summary>
    [Theory]
    [InlineData("conv")]
    [InlineData("pool")]
    [InlineData("joined")]
    [InlineData("sum")]
    [InlineData("mean")]
    [InlineData("last")]
    public void A_gradient_reaches_the_box_and_no_farther(string name)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, 40, 36));
        Node conv = builder.Add("conv", Positive(4, 1, new Window { Kernel = (5, 3), Stride = (2, 1), Pads = (2, 0, 1, 2) }), x);
        // Average pooling stands for max pooling of the same window, whose gradient would reach one pixel only.
        Node pool = builder.Add("pool", new AveragePool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), CeilMode = true } }, conv);
        Node narrow = builder.Add("narrow", Positive(2, 4, new Window { Kernel = (1, 1) }), pool);
        Node wide = builder.Add("wide", Positive(2, 4, new Window { Kernel = (3, 3), Dilation = (2, 1), Pads = (2, 1, 2, 1) }), pool);
        Node joined = builder.Add("joined", new Concat(1), narrow, wide);
        Node sum = builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), joined, builder.Add("relu", new Relu(), joined));
        Node mean = builder.Add("mean", new AveragePool { Sliding = new Window { Kernel = (2, 2) } }, sum);
        Node last = builder.Add("last", new GlobalPool(), mean);
        builder.Output(last);
        using Network network = builder.Build();
        Node node = network.Nodes[name];
        ReceptiveField field = ReceptiveField.Of(network)[node.Index]!.Value;
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Observe = [name], Keep = Keep.ForBackward });
        Shape shape = plan.ShapeOf(node), input = network.InputShape;
        var pixels = new float[input.Count];
        Array.Fill(pixels, 1f);
        plan.SetInput(x, pixels);
        plan.Forward();
        foreach ((int y, int column) in (ReadOnlySpan<(int, int)>)[(0, 0), (shape.H / 2, shape.W / 2), (shape.H - 1, shape.W - 1)])
        {
            // The last channel: of the joined node that of the wide branch, whose field covers the narrow one's.
            var seed = new float[shape.Count];
            seed[((shape.C - 1) * shape.H + y) * shape.W + column] = 1;
            plan.Backward(seed, BackwardRule.Gradient, pixels);
            (int top, int left, int height, int width) = field.Box(y, column);
            for (int i = 0; i < pixels.Length; i++)
            {
                int v = i / input.W, u = i % input.W;
                bool inside = v >= top && v < top + height && u >= left && u < left + width;
                // Dilated taps and strides leave holes inside, so only the rim and the outside are told apart.
                if (!inside) Assert.True(pixels[i] == 0, $"unit ({y}, {column}): pixel ({v}, {u}) outside the box {top}, {left}, {height}x{width}");
            }

            Assert.True(Reached(pixels, input, Math.Max(top, 0), rows: true) && Reached(pixels, input, Math.Min(top + height, input.H) - 1, rows: true), "rim rows");
            Assert.True(Reached(pixels, input, Math.Max(left, 0), rows: false) && Reached(pixels, input, Math.Min(left + width, input.W) - 1, rows: false), "rim columns");
        }
    }

    [Fact]
    public void Branches_of_different_strides_have_no_common_field()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, 8, 8));
        Node half = builder.Add("half", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        Node other = builder.Add("other", Positive(1, 1, new Window { Kernel = (5, 5) }), x);
        builder.Output(builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), half, other));
        using Network network = builder.Build();
        IReadOnlyList<ReceptiveField?> fields = ReceptiveField.Of(network);
        Assert.Equal("2/2/1.5", fields[half.Index].ToString());
        Assert.Equal("5/1/3", fields[other.Index].ToString());
        Assert.Null(fields[network.Output.Index]);
        Assert.Equal("1/1/1", fields[x.Index].ToString());
    }

    /// <summary>Whether any pixel of a row or column is not zero.</summary>
    static bool Reached(float[] map, Shape shape, int line, bool rows) =>
        Enumerable.Range(0, rows ? shape.W : shape.H).Any(i => map[rows ? line * shape.W + i : i * shape.W + line] != 0);

    /// <summary>All weights positive: nothing cancels, and nothing stops at a ReLU.</summary>
    static Convolution Positive(int filters, int channels, Window window) => new()
    {
        Weight = new MemoryWeights(Array.ConvertAll(Draw.Normal(1, filters * channels * window.Kernel.Y * window.Kernel.X), v => 0.1f + MathF.Abs(v)),
            filters, channels, window.Kernel.Y, window.Kernel.X),
        Sliding = window,
    };

    /// <summary>A chain whose weights exist as a formula only: nothing here runs.</summary>
    sealed class Chain
    {
        readonly NetworkBuilder _builder = new();
        Node _top;
        int _channels, _height, _count;

        public Chain(int channels, int extent)
        {
            (_channels, _height) = (channels, extent);
            _top = _builder.Input("x", new Shape(1, channels, extent, extent));
        }

        public Chain Conv(string name, int filters, int kernel, int stride, int pad = 0, int groups = 1)
        {
            var window = new Window { Kernel = (kernel, kernel), Stride = (stride, stride), Pads = (pad, pad, pad, pad) };
            _top = _builder.Add(name, new Convolution { Weight = Weights(filters, _channels / groups, kernel, kernel), Sliding = window, Groups = groups }, _top);
            return Slid(window, filters);
        }

        public Chain Pool(string name, int kernel, int stride, bool ceil = false)
        {
            var window = new Window { Kernel = (kernel, kernel), Stride = (stride, stride), CeilMode = ceil };
            _top = _builder.Add(name, new MaxPool { Sliding = window }, _top);
            return Slid(window, _channels);
        }

        public Chain Relu() => Put(new Relu());

        public Chain Lrn() => Put(new LocalResponseNormalisation { Size = 5 });

        public Chain Flatten()
        {
            (_channels, _height) = (_channels * _height * _height, 1);
            return Put(new Flatten());
        }

        public Chain Dense(string name, int outputs)
        {
            _top = _builder.Add(name, new Dense { Weight = Weights(outputs, _channels), OutputMajor = true }, _top);
            _channels = outputs;
            return this;
        }

        public void Holds(params ReadOnlySpan<string> lines)
        {
            _builder.Output(_top);
            using Network network = _builder.Build();
            IReadOnlyList<ReceptiveField?> fields = ReceptiveField.Of(network);
            foreach (string line in lines)
            {
                string name = line.Split(' ')[0];
                Assert.Equal(line, $"{name} {fields[network.Nodes[name].Index]}");
            }
        }

        SeededWeights Weights(params ReadOnlySpan<int> extents) => new(1, (ulong)++_count, Distribution.Gaussian(0.1), extents);

        Chain Put(Layer layer)
        {
            _top = _builder.Add($"{layer.Operator}_{++_count}", layer, _top);
            return this;
        }

        Chain Slid(Window window, int channels)
        {
            (_channels, _height) = (channels, window.Place(_height, _height).OutH);
            return this;
        }
    }
}
