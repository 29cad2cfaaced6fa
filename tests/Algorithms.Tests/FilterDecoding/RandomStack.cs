using Preimage.Algorithms.FilterDecoding;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.FilterDecoding;

/// <summary>A stack of random layers as a network, and what each does to maps on the way back as naive loops.</summary>
internal sealed class RandomStack
{
    readonly List<(string Name, Func<NaiveMaps, Unpooling, NaiveMaps> Back, Func<int, NaiveMaps>? Filter)> _layers = [];
    readonly NetworkBuilder _builder = new();
    readonly ulong _seed;
    Node _at;
    (int C, int H, int W) _size;
    ulong _drawn;

    public RandomStack(ulong seed, int channels, int height, int width)
    {
        _seed = seed;
        _size = (channels, height, width);
        _at = _builder.Input("x", new Shape(1, channels, height, width));
    }

    public Network Build()
    {
        _builder.Output(_at);
        return _builder.Build();
    }

    /// <summary>A filter of a layer by loops.</summary>
    public NaiveMaps Decode(string name, int unit, Unpooling unpooling)
    {
        int top = _layers.FindIndex(l => l.Name == name);
        NaiveMaps maps = _layers[top].Filter!(unit);
        for (int l = top - 1; l >= 0; l--)
            maps = _layers[l].Back(maps, unpooling);
        return maps;
    }

    public RandomStack Convolution(string name, int filters, (int Y, int X) kernel, int groups = 1, (int Y, int X)? step = null, (int Y, int X)? between = null, int pad = 0)
    {
        (int channels, int slice) = (_size.C, _size.C / groups);
        (int Y, int X) stride = step ?? (1, 1), dilation = between ?? (1, 1);
        WeightSource weights = Weights(filters, slice, kernel.Y, kernel.X);
        float[] values = weights.ToArray();
        var window = new Window { Kernel = kernel, Stride = stride, Dilation = dilation, Pads = (pad, pad, pad, pad) };
        _at = _builder.Add(name, new Convolution { Weight = weights, Bias = Weights(filters), Sliding = window, Groups = groups }, _at);
        _layers.Add((name, (maps, _) => maps.Subst(values, channels, kernel, groups, stride, dilation), unit =>
        {
            // One place of one map, stamped once, is the filter itself.
            var one = new NaiveMaps(filters, 1, 1);
            one[unit, 0, 0] = 1;
            return one.Subst(values, channels, kernel, groups, (1, 1), dilation);
        }));
        _size = (filters, Out(_size.H, kernel.Y, stride.Y, dilation.Y, pad), Out(_size.W, kernel.X, stride.X, dilation.X, pad));
        return this;
    }

    public RandomStack Pool(bool maximum, (int Y, int X) kernel, (int Y, int X) stride, int pad = 0)
    {
        var window = new Window { Kernel = kernel, Stride = stride, Pads = (pad, pad, pad, pad) };
        _at = _builder.Add("pool", maximum ? new MaxPool { Sliding = window } : new AveragePool { Sliding = window }, _at);
        _layers.Add((_at.Name, (maps, unpooling) => maps.Unpool(unpooling, kernel, stride), null));
        _size = (_size.C, Out(_size.H, kernel.Y, stride.Y, 1, pad), Out(_size.W, kernel.X, stride.X, 1, pad));
        return this;
    }

    /// <summary>Rectifier, response norm, added constant, dropout: nothing on the way back.</summary>
    public RandomStack Identities()
    {
        _at = _builder.Add("relu", new Relu(), _at);
        _at = _builder.Add("norm", new LocalResponseNormalisation { Size = 3, Alpha = 0.2f }, _at);
        _at = _builder.Add("drop", new Identity("Dropout"), _at);
        _at = _builder.Add("less", new Arithmetic(ArithmeticOperation.Sub), _at, _builder.Add("mean", new Constant(Weights(1, _size.C, _size.H, _size.W))));
        return this;
    }

    public RandomStack BatchNorm()
    {
        float[] scale = Draw.Normal(Next(), _size.C), variance = Array.ConvertAll(Draw.Normal(Next(), _size.C), v => v * v + 0.5f);
        _at = _builder.Add("bn", new BatchNormalisation
        {
            Scale = new MemoryWeights(scale, _size.C), Shift = Weights(_size.C), Mean = Weights(_size.C), Variance = new MemoryWeights(variance, _size.C), Epsilon = 0.01f,
        }, _at);
        Factors([.. scale.Zip(variance, (s, v) => s / Math.Sqrt(v + 0.01))]);
        return this;
    }

    public RandomStack Halve()
    {
        _at = _builder.Add("half", new Arithmetic(ArithmeticOperation.Div), _at, _builder.Add("two", new Constant(new MemoryWeights([2], 1))));
        Factors([.. Enumerable.Repeat(0.5, _size.C)]);
        return this;
    }

    /// <summary>A dense layer; flattens what has rows and columns.</summary>
    public RandomStack Dense(string name, int outputs, bool outputMajor)
    {
        (int c, int h, int w) = _size;
        int inputs = c * h * w;
        if (_at.Layer is not Layers.Kinds.Dense)
            _at = _builder.Add("flat", new Flatten(), _at);
        WeightSource weights = Weights(outputMajor ? [outputs, inputs] : [inputs, outputs]);
        float[] values = weights.ToArray(), rows = new float[values.Length];
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < inputs; i++)
                rows[o * inputs + i] = outputMajor ? values[o * inputs + i] : values[i * outputs + o];
        _at = _builder.Add(name, new Dense { Weight = weights, Bias = Weights(outputs), OutputMajor = outputMajor }, _at);
        // A dense layer is a convolution of the whole plane.
        Func<NaiveMaps, NaiveMaps> stamp = maps => maps.Subst(rows, c, (h, w), 1, (1, 1), (1, 1));
        _layers.Add((name, (maps, _) => stamp(maps), unit =>
        {
            var one = new NaiveMaps(outputs, 1, 1);
            one[unit, 0, 0] = 1;
            return stamp(one);
        }));
        _size = (outputs, 1, 1);
        return this;
    }

    void Factors(double[] factors) => _layers.Add(("factors", (maps, _) =>
    {
        var result = new NaiveMaps(maps.Channels, maps.Height, maps.Width);
        for (int c = 0; c < maps.Channels; c++)
            for (int y = 0; y < maps.Height; y++)
                for (int x = 0; x < maps.Width; x++)
                    result[c, y, x] = factors[c] * maps[c, y, x];
        return result;
    }, null));

    MemoryWeights Weights(params int[] extents) => Draw.Weights(Next(), 0.5, extents);

    ulong Next() => _seed * 100 + _drawn++;

    static int Out(int extent, int kernel, int stride, int dilation, int pad) => (extent + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
}
