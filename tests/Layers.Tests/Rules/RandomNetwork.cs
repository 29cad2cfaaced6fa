using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Rules;

/// <summary>Small random chains and graphs of the layers an image network is made of; the same seed gives the same network.</summary>
internal sealed class RandomNetwork
{
    readonly NetworkBuilder _builder = new();
    readonly Random _random;
    Shape _shape;
    Node _top;
    ulong _stream;
    int _count;

    RandomNetwork(int seed)
    {
        _random = new Random(seed);
        _stream = (ulong)seed << 20;
        _shape = new Shape(1, _random.Next(1, 4), _random.Next(7, 10), _random.Next(7, 10));
        _top = _builder.Input("x", _shape);
    }

    /// <summary>A network that ends in dense layers.</summary>
    public static Network Make(int seed)
    {
        var made = new RandomNetwork(seed);
        Action[] parts =
        [
            made.Convolve, made.Convolve, made.MaxPool, made.MeanPool, made.Fork, made.Residual, made.Twice, made.SplitApart, made.Normalise, made.BatchNormalise,
        ];
        // A convolution first, then four to six parts, most of them rectified.
        made.Convolve();
        made.Rectify();
        for (int i = made._random.Next(4, 7); i > 0; i--)
        {
            parts[made._random.Next(parts.Length)]();
            if (made._random.Next(3) > 0) made.Rectify();
        }

        made.Head();
        return made._builder.Build();
    }

    ulong Next() => ++_stream;

    Node Put(Layer layer, params ReadOnlySpan<Node> inputs) => _top = _builder.Add($"{layer.Operator}_{_count++}", layer, inputs);

    /// <summary>A convolution whose weights keep the signal near its size.</summary>
    Convolution Filters(int filters, Window window, int groups = 1, int? channels = null)
    {
        int perGroup = (channels ?? _shape.C) / groups;
        double deviation = 1 / Math.Sqrt(perGroup * window.Kernel.Y * window.Kernel.X);
        return new Convolution
        {
            Weight = Draw.Weights(Next(), deviation, filters, perGroup, window.Kernel.Y, window.Kernel.X),
            Bias = _random.Next(2) == 0 ? null : Draw.Weights(Next(), 0.2, filters),
            Sliding = window,
            Groups = groups,
        };
    }

    static Window Same3 => new() { Kernel = (3, 3), Pads = (1, 1, 1, 1) };

    void Slide(Layer layer, Window window, int channels)
    {
        PlacedWindow placed = window.Place(_shape.H, _shape.W);
        Put(layer, _top);
        _shape = new Shape(1, channels, placed.OutH, placed.OutW);
    }

    void Convolve()
    {
        int kernelY = _random.Next(1, 4), kernelX = _random.Next(1, 4);
        bool small = _shape.H < 5 || _shape.W < 5;
        var window = new Window
        {
            Kernel = (kernelY, kernelX),
            Stride = small ? (1, 1) : (_random.Next(1, 3), _random.Next(1, 3)),
            Dilation = small ? (1, 1) : (_random.Next(1, 3), _random.Next(1, 3)),
            // At least half a kernel of padding where the plane is small, any asymmetry elsewhere.
            Pads = small ? (kernelY / 2, kernelX / 2, kernelY / 2, kernelX / 2) : (_random.Next(3), _random.Next(3), _random.Next(3), _random.Next(3)),
        };
        int groups = _random.Next(3) == 0 ? _shape.C : 1, filters = groups * _random.Next(1, 5);
        if (filters > 6) filters = groups;
        Slide(Filters(filters, window, groups), window, filters);
    }

    void MaxPool()
    {
        // 3x3 at stride 2 or 1 overlaps; ceil mode lets the last window stick out.
        int kernel = Math.Min(_random.Next(2, 4), Math.Min(_shape.H, _shape.W));
        var window = new Window
        {
            Kernel = (kernel, kernel), Stride = (_random.Next(1, 3), _random.Next(1, 3)), CeilMode = _random.Next(2) == 0,
            Pads = kernel < 3 ? default : (_random.Next(2), _random.Next(2), _random.Next(2), _random.Next(2)),
        };
        Slide(new MaxPool { Sliding = window }, window, _shape.C);
    }

    void MeanPool()
    {
        int kernel = Math.Min(_random.Next(2, 4), Math.Min(_shape.H, _shape.W));
        var window = new Window
        {
            Kernel = (kernel, kernel), Stride = (_random.Next(1, 3), 1), CeilMode = _random.Next(2) == 0,
            Pads = kernel < 3 ? default : (1, _random.Next(2), 1, _random.Next(2)),
        };
        Slide(new AveragePool { Sliding = window, CountIncludesPad = _random.Next(2) == 0 }, window, _shape.C);
    }

    /// <summary>Two branches side by side, as in a fire module.</summary>
    void Fork()
    {
        Node from = _top;
        Node left = Put(new Relu(), Put(Filters(2, new Window { Kernel = (1, 1) }), from));
        Node right = Put(Filters(3, Same3), from);
        Put(new Concat(_random.Next(2) == 0 ? 1 : -3), left, right);
        _shape = new Shape(1, 5, _shape.H, _shape.W);
    }

    /// <summary>A shortcut added to what it steps over.</summary>
    void Residual()
    {
        Node from = _top;
        Node over = Put(Filters(_shape.C, Same3), Put(new Relu(), Put(Filters(_shape.C, Same3), from)));
        Put(new Arithmetic(ArithmeticOperation.Add), from, over);
    }

    /// <summary>One layer as two nodes that share its weights.</summary>
    void Twice()
    {
        Convolution shared = Filters(_shape.C, Same3);
        var relu = new Relu();
        Put(relu, Put(shared, _top));
        Put(relu, Put(shared, _top));
    }

    /// <summary>Parts cut apart, one rectified, joined the other way round.</summary>
    void SplitApart()
    {
        if (_shape.C < 2) return;
        Node from = _top;
        int[] sizes = [_shape.C - 1, 1];
        Node first = Put(new Split { Axis = 1, Part = 0, Parts = 2, Sizes = sizes }, from);
        Node second = Put(new Relu(), Put(new Split { Axis = 1, Part = 1, Parts = 2, Sizes = sizes }, from));
        Put(new Concat(1), second, first);
    }

    void Normalise() => Put(new LocalResponseNormalisation { Size = _random.Next(2, 6), Alpha = 0.5f, Beta = 0.75f, Kappa = 1 }, _top);

    void BatchNormalise() => Put(new BatchNormalisation
    {
        Scale = Draw.Weights(Next(), 1, _shape.C), Shift = Draw.Weights(Next(), 0.3, _shape.C), Mean = Draw.Weights(Next(), 0.3, _shape.C),
        Variance = new Weights.MemoryWeights(Array.ConvertAll(Draw.Normal(Next(), _shape.C), v => 0.5f + v * v), _shape.C),
    }, _top);

    void Rectify()
    {
        Put(_random.Next(8) switch
        {
            0 => new LeakyRelu(0.2f),
            1 => new Clip(-0.5f, 1.5f),
            2 => new ParametricRelu { Slope = Draw.Weights(Next(), 0.3, _shape.C, 1, 1) },
            _ => new Relu(),
        }, _top);
    }

    void Head()
    {
        if (_random.Next(4) == 0)
        {
            Put(new GlobalPool { Maximum = _random.Next(2) == 0 }, _top);
            _shape = new Shape(1, _shape.C, 1, 1);
        }

        Put(new Flatten(), _top);
        int inputs = _shape.SampleCount;
        Put(new Dense { Weight = Draw.Weights(Next(), 1 / Math.Sqrt(inputs), 12, inputs), Bias = Draw.Weights(Next(), 0.2, 12), OutputMajor = true }, _top);
        Put(new Relu(), _top);
        Put(new Dense { Weight = Draw.Weights(Next(), 0.5, 12, 4), Alpha = 1.5f }, _top);
        _builder.Output(_top);
    }
}
