using Preimage.Layers.Import.Matlab;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import.MatConvNet;

/// <summary>Small networks that have every layer of MatConvNet between them.</summary>
internal static class SmallMatNets
{
    /// <summary>A chain in the manner of CaffeNet: groups, normalisation, uneven padding, dense layers, and the rest of the layers.</summary>
    public static Network Chain()
    {
        var b = new NetworkBuilder();
        Node x = b.Input("data", new Shape(1, 3, 19, 17), [true, false, true, true]);
        x = b.Add("conv1", Convolution(1, 8, 3, 3, 5, new Window { Kernel = (3, 5), Stride = (2, 1), Pads = (1, 0, 2, 1) }), x);
        x = b.Add("relu1", new LeakyRelu(0.1f), x);
        x = b.Add("pool1", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (0, 0, 1, 1) } }, x);
        x = b.Add("norm1", new LocalResponseNormalisation { Size = 5, Kappa = 2, Alpha = 0.5f, Beta = 0.75f }, x);
        x = b.Add("conv2", Convolution(2, 6, 4, 3, 3, new Window { Kernel = (3, 3), Dilation = (1, 2), Pads = (1, 2, 1, 2) }, groups: 2), x);
        x = b.Add("bn2", new BatchNormalisation
        {
            Scale = Draw.Weights(3, 1, 6), Shift = Draw.Weights(4, 1, 6), Mean = Draw.Weights(5, 1, 6), Variance = new MemoryWeights([1, 4, 0.25f, 9, 1, 16], 6), Epsilon = 0,
        }, x);
        x = b.Add("relu2", new Relu(), x);
        x = b.Add("up", new TransposedConvolution
        {
            Weight = Draw.Weights(6, 0.3, 6, 2, 4, 3), Bias = Draw.Weights(7, 1, 4), Groups = 2, Sliding = new Window { Kernel = (4, 3), Stride = (2, 2), Pads = (1, 0, 1, 1) },
        }, x);
        x = b.Add("mean", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2), Pads = (0, 1, 1, 0) } }, x);
        // 4 channels of 5 x 7: see the windows above.
        x = b.Add("fc6", Dense(8, 12, 4 * 5 * 7), b.Add("fc6_flat", new Flatten(), x));
        x = b.Add("relu6", new Relu(), x);
        x = b.Add("fc7", Dense(9, 5, 12), x);
        b.Output(b.Add("prob", new Softmax { Axis = 1 }, x));
        return b.Build();
    }

    /// <summary>A residual block with a joined branch; conv2 and conv3 share their filters.</summary>
    public static Network Residual()
    {
        var b = new NetworkBuilder();
        WeightSource shared = Draw.Weights(21, 0.3, 4, 4, 3, 3), bias = Draw.Weights(22, 1, 4);
        var same = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) };
        Node x = b.Add("conv1", Convolution(20, 4, 3, 3, 3, same), b.Input("image", new Shape(1, 3, 8, 8), [true, false, true, true]));
        Node y = b.Add("relu2", new Relu(), b.Add("conv2", new Convolution { Weight = shared, Bias = bias, Sliding = same }, x));
        y = b.Add("conv3", new Convolution { Weight = shared, Sliding = same }, y);
        Node sum = b.Add("sum", new Arithmetic(ArithmeticOperation.Add), x, y);
        Node pool = b.Add("pool", new AveragePool { Sliding = new Window { Kernel = (8, 8) } }, b.Add("join", new Concat(1), sum, x));
        b.Output(b.Add("prediction", Dense(23, 3, 8), b.Add("flat", new Flatten(), pool)));
        return b.Build();
    }

    /// <summary><see cref="Residual"/> as a DagNN, layers out of order, with a loss behind it and dropout in it.</summary>
    public static MatNode[] ResidualDag(Network network)
    {
        var conv1 = (Convolution)network.Nodes["conv1"].Layer;
        var conv2 = (Convolution)network.Nodes["conv2"].Layer;
        var dense = (Dense)network.Nodes["prediction"].Layer;
        (string, MatNode) pad = ("pad", MatNode.Row(1, 1, 1, 1));
        MatNode layers = MatNode.StructArray(
            MatNets.DagLayer("loss", "Loss", "prediction label", "objective", "", pad),
            MatNets.DagLayer("prediction", "Conv", "dropped", "prediction", "fc fb", ("pad", MatNode.Row(0))),
            MatNets.DagLayer("drop", "DropOut", "pool", "dropped", "", pad),
            MatNets.DagLayer("sum", "Sum", "x1 x3", "s", "", pad),
            MatNets.DagLayer("join", "Concat", "s x1", "j", "", ("dim", MatNode.Row(3))),
            MatNets.DagLayer("pool", "Pooling", "j", "pool", "", ("method", MatNode.Text("avg")), ("poolSize", MatNode.Row(8, 8)), ("pad", MatNode.Row(0)), ("stride", MatNode.Row(1))),
            MatNets.DagLayer("conv3", "Conv", "x2r", "x3", "shared", pad),
            MatNets.DagLayer("relu2", "ReLU", "x2", "x2r", "", ("leak", MatNode.Row(0))),
            MatNets.DagLayer("conv2", "Conv", "x1", "x2", "shared b2", pad),
            MatNets.DagLayer("conv1", "Conv", "image", "x1", "f1 b1", pad));
        MatNode parameters = MatNode.StructArray(
            MatNets.Parameter("f1", MatNets.Filters(conv1.Weight)), MatNets.Parameter("b1", MatNets.Column(conv1.Bias!)),
            MatNets.Parameter("shared", MatNets.Filters(conv2.Weight)), MatNets.Parameter("b2", MatNets.Column(conv2.Bias!)),
            MatNets.Parameter("fc", MatNets.Filters(dense.Weight, [3, 8, 1, 1])), MatNets.Parameter("fb", MatNets.Column(dense.Bias!)));
        return [layers.Named("layers"), parameters.Named("params"), MatNets.Meta([8, 8, 3]).Named("meta"), MatNode.StructArray(MatNode.Struct(("name", MatNode.Text("image")))).Named("vars")];
    }

    /// <summary>The output of a network for given pixels, or for drawn ones.</summary>
    public static float[] Run(Network network, float[]? pixels = null)
    {
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.SetInput(network.Input, pixels ?? Draw.Normal(99, network.InputShape));
        plan.Forward();
        var values = new float[plan.ShapeOf(network.Output).Count];
        plan.Read(network.Output, values);
        return values;
    }

    static Convolution Convolution(ulong seed, int filters, int depth, int h, int w, Window window, int groups = 1) =>
        new() { Weight = Draw.Weights(seed, 0.3, filters, depth, h, w), Bias = Draw.Weights(seed + 100, 1, filters), Sliding = window, Groups = groups };

    static Dense Dense(ulong seed, int outputs, int inputs) =>
        new() { Weight = Draw.Weights(seed, 0.3, outputs, inputs), Bias = Draw.Weights(seed + 100, 1, outputs), OutputMajor = true };
}
