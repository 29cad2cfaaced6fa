using Preimage.Layers.Kinds;
using Preimage.Layers.Planning;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Tests.Import;

/// <summary>A small network drawn from a tape of bytes: each node is a choice of layer, parameters and inputs. Choices that do not fit are passed over.</summary>
internal sealed class RandomGraph
{
    readonly NetworkBuilder _builder = new();
    readonly List<(Node Node, NodeValue Value)> _values = [];
    readonly byte[] _tape;
    int _position, _count;

    RandomGraph(byte[] tape) => _tape = tape;

    public static Network Draw(byte[] tape)
    {
        var graph = new RandomGraph(tape);
        var shape = new Shape(1 + graph.Next(2), 1 + graph.Next(4), 4 + graph.Next(5), 4 + graph.Next(5));
        graph._values.Add((graph._builder.Input("x", shape), new NodeValue(shape, null, true)));
        for (int i = 0; i < 24 && graph._position < tape.Length; i++)
            graph.Step();
        if (graph._values.Count == 1)
            graph.TryAdd(new Relu(), [0]);
        graph._builder.Output(graph._values[^1].Node);
        graph._builder.Output(graph._values[graph._values.Count / 2].Node);
        return graph._builder.Build();
    }

    int Next(int limit) => _position < _tape.Length ? _tape[_position++] % limit : 0;

    float NextFloat() => (Next(64) - 32) / 16f;

    // The last values are the most interesting inputs.
    int Pick() => _values.Count - 1 - Next(Math.Min(_values.Count, 4));

    MemoryWeights Weights(params int[] extents)
    {
        int seed = Next(256);
        int count = extents.Aggregate(1, (a, b) => a * b);
        return new MemoryWeights([.. Enumerable.Range(0, count).Select(i => MathF.Sin(seed + 1.7f * i))], extents);
    }

    MemoryWeights Positive(int count) => new([.. Enumerable.Range(0, count).Select(i => 0.5f + (i % 7))], count);

    void Step()
    {
        int from = Pick();
        Shape x = _values[from].Value.Shape;
        if (x.Rank == 0)
        {
            // A number of a shape; everything else has axes.
            TryAdd(new Unsqueeze { AxisList = [0] }, [from]);
            return;
        }

        int c = x.Rank > 1 ? x.C : 1;
        int kind = Next(32);
        switch (kind)
        {
            case 0:
                int groups = 1 + Next(2);
                TryAdd(new Convolution { Weight = Weights(2 * groups, Math.Max(c / groups, 1), 3, 2), Bias = Next(2) == 0 ? null : Weights(2 * groups), Sliding = Window(3, 2), Groups = groups }, [from]);
                break;
            case 1:
                TryAdd(new TransposedConvolution { Weight = Weights(c, 2, 2, 3), Bias = Next(2) == 0 ? null : Weights(2), Sliding = Window(2, 3) with { CeilMode = false } }, [from]);
                break;
            case 2:
                TryAdd(new MaxPool { Sliding = Window(2, 2) }, [from]);
                break;
            case 3:
                TryAdd(new AveragePool { Sliding = Window(3, 3) with { Dilation = (1, 1) }, CountIncludesPad = Next(2) == 1 }, [from]);
                break;
            case 4:
                TryAdd(new GlobalPool { Maximum = Next(2) == 1 }, [from]);
                break;
            case 5:
                TryAdd(new Flatten(1), [from]);
                break;
            case 6:
                int inputs = x[x.Rank - 1];
                bool outputMajor = x.Rank == 2 && Next(2) == 1;
                bool gemm = x.Rank == 2 && (outputMajor || Next(2) == 1);
                TryAdd(new Dense
                {
                    Weight = outputMajor ? Weights(3, inputs) : Weights(inputs, 3), OutputMajor = outputMajor,
                    Bias = gemm ? Weights(3) : null, Alpha = gemm ? 0.5f : 1, Beta = gemm ? 2 : 1,
                }, [from]);
                break;
            case 7:
                TryAdd(new Relu(), [from]);
                break;
            case 8:
                TryAdd(new LeakyRelu(NextFloat()), [from]);
                break;
            case 9:
                TryAdd(new ParametricRelu { Slope = x.Rank == 4 ? Weights(c, 1, 1) : Weights(1) }, [from]);
                break;
            case 10:
                TryAdd(Next(3) switch { 0 => new Sigmoid(), 1 => new Elu(), _ => new Softplus() }, [from]);
                break;
            case 11:
                int bounded = TryAdd(Next(2) == 0 ? new Tanh() : new ErrorFunction(), [from]);
                // Roots of what is above zero.
                if (Next(3) == 0)
                    TryAdd(new SquareRoot(), [TryAdd(new Exponential(), [bounded])]);
                break;
            case 12:
                TryAdd(new Clip(Next(2) == 0 ? float.NegativeInfinity : -1, Next(2) == 0 ? float.PositiveInfinity : 6), [from]);
                break;
            case 13:
                TryAdd(new Softmax { Axis = Next(2) == 0 ? -1 : 1, Logarithm = Next(2) == 1 }, [from]);
                break;
            case 14:
                TryAdd(new LocalResponseNormalisation { Size = 1 + Next(5), Alpha = 0.1f, Beta = 0.5f, Kappa = 2 }, [from]);
                break;
            case 15:
                TryAdd(new BatchNormalisation { Scale = Weights(c), Shift = Weights(c), Mean = Weights(c), Variance = Positive(c), Epsilon = 1e-3f }, [from]);
                break;
            case 16:
                TryAdd(new InstanceNormalisation { Scale = Weights(c), Shift = Weights(c) }, [from]);
                break;
            case 17:
                TryAdd(new Arithmetic((ArithmeticOperation)Next(3)), [from, Pick()]);
                break;
            case 18:
                int constant = TryAdd(new Constant(Next(2) == 0 ? Weights() : Weights(x[x.Rank - 1])), []);
                TryAdd(new Arithmetic((ArithmeticOperation)Next(4)), [from, constant]);
                break;
            case 19:
                TryAdd(new Concat(1), [from, from, Pick()]);
                break;
            case 20:
                AddSplit(from, x);
                break;
            case 21:
                TryAdd(new Slice { Starts = [Next(2)], Ends = [1000], AxisList = [x.Rank - 1], Steps = Next(2) == 0 ? null : [2] }, [from]);
                break;
            case 22:
                TryAdd(new Pad { Pads = [Next(2), 1], AxisList = [x.Rank - 1], Fill = (PadFill)Next(3), Value = NextFloat() }, [from]);
                break;
            case 23:
                TryAdd(new Resize { Linear = Next(2) == 1, Coordinates = (ResizeCoordinates)Next(5), Rounding = (NearestRounding)Next(4), Scales = [1, 1, 2, 1.5f] }, [from]);
                break;
            case 24:
                TryAdd(new Resize { Linear = Next(2) == 1, Sizes = [5, 6], AxisList = [2, 3] }, [from]);
                break;
            case 25:
                TryAdd(new Transpose { Permutation = x.Rank == 4 ? [0, 2, 1, 3] : null }, [from]);
                break;
            case 26:
                TryAdd(new Reshape { Extents = Next(2) == 0 ? [0, -1] : [0, 1, -1] }, [from]);
                break;
            case 27:
                TryAdd(Next(2) == 0 ? new Squeeze { AxisList = Next(2) == 0 ? [1] : null } : new Unsqueeze { AxisList = [1] }, [from]);
                break;
            case 28:
                TryAdd(new Identity(Next(3) switch { 0 => "Identity", 1 => "Dropout", _ => "Sum" }), [from]);
                break;
            case 29:
                TryAdd(new ReduceMean { AxisList = [x.Rank - 1], KeepAxes = Next(2) == 1 }, [from]);
                break;
            case 30:
                int turned = TryAdd(new Transpose { Permutation = x.Rank == 4 ? [0, 1, 3, 2] : x.Rank == 3 ? [0, 2, 1] : [1, 0] }, [from]);
                TryAdd(new MatrixProduct(), [from, turned]);
                break;
            default:
                AddViewByShape(from, x);
                break;
        }
    }

    Window Window(int y, int x)
    {
        var auto = (AutoPad)Next(4);
        return new Window
        {
            Kernel = (y, x), Stride = (1 + Next(2), 1 + Next(2)), Dilation = (1, 1 + Next(2)), AutoPad = auto, CeilMode = Next(2) == 1,
            Pads = auto == AutoPad.Explicit ? (Next(2), 1, Next(2), 0) : default,
        };
    }

    void AddSplit(int from, Shape x)
    {
        int axis = x.Rank - 1, extent = x[axis];
        if (extent < 3)
            return;
        int[]? sizes = Next(2) == 0 ? [1, extent - 1] : null;
        for (int part = 0; part < 2; part++)
            TryAdd(new Split { Axis = axis, Part = part, Parts = 2, Sizes = sizes }, [from]);
    }

    void AddViewByShape(int from, Shape x)
    {
        if (x.Rank < 2)
            return;
        int shape = TryAdd(new HostShape(), [from]);
        int place = TryAdd(new Constant(new HostTensor([1], [0L])), []);
        int first = TryAdd(new HostGather(0), [shape, place]);
        int rest = TryAdd(new Constant(new HostTensor([1], [-1L])), []);
        TryAdd(new Reshape(), [from, TryAdd(new Concat(0), [first, rest])]);
    }

    /// <summary>Adds a node if its layer accepts the inputs; says where it is, or where its first input is.</summary>
    int TryAdd(Layer layer, int[] inputs)
    {
        var arguments = Array.ConvertAll(inputs, i => _values[i].Value);
        string name = $"n{_count++}";
        int budget = int.MaxValue;
        try
        {
            var trial = new Node(0, name, name, layer, []);
            NodeValue value = ShapeInference.Infer(trial, arguments, arguments.Any(a => a.Varies), ref budget, out _);
            if (value.Constant is null && value.Shape.Count > 20_000)
                return inputs[0];
            _values.Add((_builder.AddValue(name, name, layer, [.. inputs.Select(i => _values[i].Node)]), value));
            return _values.Count - 1;
        }
        catch (PreimageException)
        {
            return inputs.Length > 0 ? inputs[0] : 0;
        }
    }
}
