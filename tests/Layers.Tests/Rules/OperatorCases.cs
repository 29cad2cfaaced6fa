using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Rules;

/// <summary>A network around one layer for every kind there is and every option that changes its backward pass.</summary>
internal static class OperatorCases
{
    static readonly Shape s_image = new(2, 4, 6, 5);

    public static IReadOnlyDictionary<string, Network> All { get; } = Make();

    static Dictionary<string, Network> Make()
    {
        var cases = new Dictionary<string, Network>();
        void One(string name, Layer layer, Shape? shape = null) => cases.Add(name, Around([shape ?? s_image], layer));
        void Two(string name, Layer layer, Shape a, Shape b) => cases.Add(name, Around([a, b], layer));

        One("conv", Filters(new Window { Kernel = (3, 2), Pads = (1, 0, 2, 1) }));
        One("conv, stride 2, dilation 2", Filters(new Window { Kernel = (2, 3), Stride = (2, 2), Dilation = (2, 1), Pads = (1, 1, 0, 1) }));
        One("conv, as large as the plane", Filters(new Window { Kernel = (6, 5) }));
        One("conv, two groups", Filters(new Window { Kernel = (3, 3) }, groups: 2));
        One("conv, one filter per channel", new Convolution
        {
            Weight = Draw.Weights(1, 0.4, 4, 1, 3, 3), Bias = Draw.Weights(2, 1, 4), Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) }, Groups = 4,
        });
        One("conv, depthwise", Filters(new Window { Kernel = (3, 3), AutoPad = AutoPad.SameUpper, Stride = (2, 2) }, groups: 4));
        One("conv, SAME_LOWER", Filters(new Window { Kernel = (2, 4), AutoPad = AutoPad.SameLower }));
        One("conv, VALID, strides that leave rows over", Filters(new Window { Kernel = (3, 2), AutoPad = AutoPad.Valid, Stride = (2, 2) }));
        One("conv over one dimension", new Convolution
        {
            Weight = Draw.Weights(3, 0.4, 6, 4, 3), Sliding = new Window { Kernel = (1, 3), Stride = (1, 2), Pads = (0, 1, 0, 1) },
        }, new Shape(2, 4, 9));
        One("transposed conv, stride 2", new TransposedConvolution
        {
            Weight = Draw.Weights(4, 0.3, 4, 3, 3, 3), Bias = Draw.Weights(5, 1, 3), OutputPadding = (1, 0),
            Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 0, 0, 1) },
        });
        One("transposed conv, two groups, dilation", new TransposedConvolution
        {
            Weight = Draw.Weights(6, 0.3, 4, 3, 2, 2), Groups = 2, Sliding = new Window { Kernel = (2, 2), Dilation = (2, 1) },
        });
        One("dense, [out][in]", new Dense { Weight = Draw.Weights(7, 0.3, 5, 24), Bias = Draw.Weights(8, 1, 5), OutputMajor = true, Alpha = 0.5f, Beta = 2 }, new Shape(3, 24));
        One("dense, [in][out] over rank 4", new Dense { Weight = Draw.Weights(9, 0.3, 5, 7) });
        One("dense, drawn, [out][in]", new Dense { Weight = Drawn(10, 9, 24), Bias = Draw.Weights(8, 1, 9), OutputMajor = true, Alpha = 0.5f, Beta = 2 }, new Shape(3, 24));
        One("dense, drawn, [in][out] over rank 4", new Dense { Weight = Drawn(11, 5, 7) });
        One("relu", new Relu());
        One("leaky relu", new LeakyRelu(0.3f));
        One("clip", new Clip(-0.7f, 0.6f));
        One("clip from above only", new Clip(maximum: 0.5f));
        One("sigmoid", new Sigmoid());
        One("tanh", new Tanh());
        One("exponential", new Exponential());
        One("exponential linear unit", new Elu());
        One("softplus", new Softplus());
        One("error function", new ErrorFunction());
        cases.Add("square root", Root());
        One("prelu, one slope", new ParametricRelu { Slope = Draw.Weights(10, 0.5, 1) });
        One("prelu, per channel", new ParametricRelu { Slope = Draw.Weights(11, 0.5, 4, 1, 1) });
        One("prelu, per unit", new ParametricRelu { Slope = Draw.Weights(12, 0.5, 4, 6, 5) });
        foreach (bool logarithm in (bool[])[false, true])
        {
            string what = logarithm ? "log-softmax" : "softmax";
            One($"{what}, last axis", new Softmax { Logarithm = logarithm }, new Shape(3, 7));
            One($"{what}, channels", new Softmax { Axis = 1, Logarithm = logarithm });
            One($"{what}, flattened", new Softmax { Axis = 1, Flattened = true, Logarithm = logarithm });
        }

        One("max pool, overlapping", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 0, 0, 1) } });
        One("max pool, ceil mode", new MaxPool { Sliding = new Window { Kernel = (3, 2), Stride = (2, 2), CeilMode = true } });
        One("max pool, dilated", new MaxPool { Sliding = new Window { Kernel = (2, 3), Dilation = (2, 1) } });
        One("average pool", new AveragePool { Sliding = new Window { Kernel = (3, 2), Stride = (2, 1), Pads = (1, 1, 1, 0) } });
        One("average pool, pads counted, ceil mode", new AveragePool
        {
            Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 0, 0, 1), CeilMode = true }, CountIncludesPad = true,
        });
        One("global average pool", new GlobalPool());
        One("global max pool", new GlobalPool { Maximum = true });
        One("lrn of 5", new LocalResponseNormalisation { Size = 5, Alpha = 0.5f, Kappa = 1 }, new Shape(2, 7, 2, 3));
        One("lrn of 4", new LocalResponseNormalisation { Size = 4, Alpha = 1, Beta = 0.5f, Kappa = 2 }, new Shape(2, 7, 2, 3));
        One("lrn wider than the channels", new LocalResponseNormalisation { Size = 9, Alpha = 1 });
        One("batch norm", new BatchNormalisation
        {
            Scale = Draw.Weights(13, 1, 4), Shift = Draw.Weights(14, 1, 4), Mean = Draw.Weights(15, 1, 4), Variance = new MemoryWeights([0.5f, 2, 1, 0.1f], 4),
        });
        One("instance norm", new InstanceNormalisation { Scale = Draw.Weights(16, 1, 4), Shift = Draw.Weights(17, 1, 4) });

        foreach (BinningKind kind in Enum.GetValues<BinningKind>())
        {
            One($"orientation, {kind}", new OrientationBinning { Bins = 8, Kind = kind }, new Shape(2, 2, 6, 5));
            One($"orientation of colours, {kind}", new OrientationBinning { Bins = 18, Kind = kind }, new Shape(2, 6, 5, 4));
        }

        One("block norm over part of a cell", new BlockNormalisation { Period = 3, First = 2, Least = 0.5f, Limit = 0.7f }, new Shape(2, 12, 3, 5));
        One("block norm over all", new BlockNormalisation { Epsilon = 0.1f, Limit = 0.4f });
        One("block norm without a limit", new BlockNormalisation { Least = 1e-6f });

        foreach (ArithmeticOperation operation in Enum.GetValues<ArithmeticOperation>())
        {
            Two($"{operation}", new Arithmetic(operation), s_image, s_image);
            Two($"{operation}, a plane against channels", new Arithmetic(operation), s_image, new Shape(2, 4, 1, 1));
            Two($"{operation}, stretched both ways", new Arithmetic(operation), new Shape(2, 1, 6, 5), new Shape(2, 4, 1, 5));
            // x / x is constant: its gradient has no magnitude that a rounding could be measured by.
            if (operation != ArithmeticOperation.Div) cases.Add($"{operation} of a value and itself", Own(operation));
            cases.Add($"{operation} with a constant", WithConstant(operation));
        }

        Two("matrix product", new MatrixProduct(), new Shape(2, 3, 4, 5), new Shape(2, 3, 5, 2));
        Two("matrix product, stretched", new MatrixProduct(), new Shape(2, 1, 4, 5), new Shape(2, 3, 5, 2));
        Two("concat, channels", new Concat(1), s_image, new Shape(2, 3, 6, 5));
        Two("concat, columns", new Concat(-1), s_image, new Shape(2, 4, 6, 2));
        One("split, first", new Split { Axis = 1, Part = 0, Parts = 3 });
        One("split, by sizes", new Split { Axis = -1, Part = 1, Parts = 2, Sizes = [2, 3] });
        One("slice, backwards and by twos", new Slice { Starts = [-1, 0], Ends = [-100, 6], AxisList = [3, 2], Steps = [-1, 2] });
        One("transpose", new Transpose { Permutation = [0, 2, 3, 1] });
        One("pad, constant", new Pad { Pads = [0, 0, 1, 2, 0, 0, 0, 1], Value = 3 });
        One("pad, edge", new Pad { Pads = [0, 0, 1, 2, 0, 0, 2, 1], Fill = PadFill.Edge });
        One("pad, reflect", new Pad { Pads = [2, 1, 3, 2], AxisList = [2, -1], Fill = PadFill.Reflect });
        One("pad, cropping", new Pad { Pads = [0, 0, -1, 1, 0, 0, -2, -1], Value = 1 });
        One("reduce mean, plane", new ReduceMean { AxisList = [2, 3] });
        One("reduce mean, channels dropped", new ReduceMean { AxisList = [1], KeepAxes = false });
        foreach (ResizeCoordinates coordinates in Enum.GetValues<ResizeCoordinates>())
        {
            One($"resize, nearest, {coordinates}", new Resize { Sizes = [9, 4], AxisList = [2, 3], Coordinates = coordinates, Rounding = NearestRounding.Floor });
            One($"resize, linear, {coordinates}", new Resize { Scales = [1, 1, 1.5f, 2], Linear = true, Coordinates = coordinates });
        }

        One("resize, linear, smaller", new Resize { Sizes = [3, 2], AxisList = [-2, -1], Linear = true });
        One("resize over one dimension", new Resize { Scales = [1, 1, 2], Rounding = NearestRounding.Ceil, Coordinates = ResizeCoordinates.Asymmetric }, new Shape(2, 3, 5));
        One("resize, nearest", new Resize { Scales = [1, 1, 2, 1.5f], Coordinates = ResizeCoordinates.Asymmetric, Rounding = NearestRounding.Floor });
        One("resize, linear", new Resize { Linear = true, Scales = [1, 1, 1.7f, 0.6f] });
        One("resize, linear to a size, corners aligned", new Resize { Linear = true, Sizes = [7, 3], AxisList = [2, 3], Coordinates = ResizeCoordinates.AlignCorners });
        One("resample, bicubic", new Resample { Rows = ResamplingTable.Matlab(ResamplingFilter.Bicubic, 6, 11), Columns = ResamplingTable.Matlab(ResamplingFilter.Bilinear, 5, 9) });
        One("resample, set apart", new Resample { Rows = ResamplingTable.Spread(6, 13, 2), Columns = ResamplingTable.Spread(5, 15, 3) });
        One("identity", new Identity());
        One("flatten", new Flatten());
        One("reshape", new Reshape { Extents = [0, 2, -1] });
        One("squeeze", new Squeeze { AxisList = [1] }, new Shape(2, 1, 6));
        One("unsqueeze", new Unsqueeze { AxisList = [-2] }, new Shape(2, 6));
        return cases;
    }

    static Convolution Filters(Window window, int groups = 1) => new()
    {
        Weight = Draw.Weights(1, 0.4, 8, 4 / groups, window.Kernel.Y, window.Kernel.X), Bias = Draw.Weights(2, 1, 8), Sliding = window, Groups = groups,
    };

    static Network Around(Shape[] shapes, Layer layer)
    {
        var builder = new NetworkBuilder();
        Node[] inputs = [.. shapes.Select((s, i) => builder.Input($"x{i}", s))];
        builder.Output(builder.Add("y", layer, inputs));
        return builder.Build();
    }

    /// <summary>The root of what is above zero.</summary>
    static Network Root()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x0", s_image);
        builder.Output(builder.Add("y", new SquareRoot(), builder.Add("raised", new Exponential(), x)));
        return builder.Build();
    }

    /// <summary>Both inputs of the operation are one node: two signals meet there.</summary>
    static Network Own(ArithmeticOperation operation)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x0", s_image);
        builder.Output(builder.Add("y", new Arithmetic(operation), x, x));
        return builder.Build();
    }

    static Network WithConstant(ArithmeticOperation operation)
    {
        var builder = new NetworkBuilder();
        // Away from zero: the constant divides.
        float[] values = Array.ConvertAll(Draw.Normal(18, 4), v => v + MathF.CopySign(1, v));
        Node x = builder.Input("x0", s_image), constant = builder.Add("c", new Constant(new MemoryWeights(values, 4, 1, 1)));
        builder.Output(builder.Add("y", new Arithmetic(operation), x, constant));
        return builder.Build();
    }

    /// <summary>Weights that no engine keeps.</summary>
    static SeededWeights Drawn(ulong seed, params ReadOnlySpan<int> extents) => new(seed, 0, Distribution.Gaussian(0.3), extents) { MostKept = 0 };
}
