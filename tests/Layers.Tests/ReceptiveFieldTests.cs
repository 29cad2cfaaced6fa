using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests;

/// <summary>Receptive fields against the gradient itself, and where branches meet; those of published networks are in TopologyTests.</summary>
public class ReceptiveFieldTests
{
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

    [Fact]
    public void A_mean_over_channels_keeps_the_plane_and_one_over_the_plane_sees_all_of_it()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 8, 6));
        Node conv = builder.Add("conv", Positive(3, 2, new Window { Kernel = (3, 3) }), x);
        Node channels = builder.Add("channels", new ReduceMean { AxisList = [1] }, conv);
        Node plane = builder.Add("plane", new ReduceMean { AxisList = [2, 3] }, conv);
        // A dense layer over columns mixes columns, not rows: no box.
        Node columns = builder.Add("columns", new Dense { Weight = new MemoryWeights(new float[8], 4, 2) }, conv);
        builder.Output(channels);
        builder.Output(plane);
        builder.Output(columns);
        using Network network = builder.Build();
        IReadOnlyList<ReceptiveField?> fields = ReceptiveField.Of(network);
        Assert.Equal("3/1/2", fields[channels.Index].ToString());
        Assert.Equal((8, 6), fields[plane.Index]!.Value.Size);
        Assert.Null(fields[columns.Index]);
    }
}
