using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>A search of two images written out on a loop: a jittered crop goes forward, two nodes pull, the priors as well, and a step follows. It uses what a body may use.</summary>
internal sealed class SmallSearch : IDisposable
{
    /// <summary>What its plan is made for.</summary>
    public static PlanOptions Options { get; } = new()
    {
        Batch = Rows, Keep = Keep.ForBackward, Observe = ["left_relu", "logits"], SeedNode = "logits", AlsoSeeded = ["left_relu"],
    };

    const int Rows = 2, Terms = 4, Slots = 2, Most = 256;

    readonly Engine _engine;
    readonly ExecutionPlan _plan;
    readonly DeviceLoop _loop;
    readonly DeviceArray<float> _canvas, _crop, _cropGradient, _gradient, _squares, _momentum, _best, _rates;
    readonly DeviceArray<float>[] _values = new DeviceArray<float>[2], _targets = new DeviceArray<float>[2], _signals = new DeviceArray<float>[2];
    readonly DeviceArray<double> _energies, _ring, _total, _lowest;
    readonly DeviceArray<int> _offsets;
    readonly Node[] _nodes;
    readonly Action _body;

    public SmallSearch(Network network, Engine engine)
    {
        _engine = engine;
        try
        {
            _plan = engine.Plan(Options);
            _loop = _plan.CreateLoop();
            _nodes = [network.Nodes["logits"], network.Nodes["left_relu"]];
            Shape image = _plan.ShapeOf(network.Input), canvas = new(Rows, 3, image.H + 2, image.W + 2);
            _canvas = _loop.Allocate<float>(canvas, Draw.Normal(1, canvas));
            _crop = _loop.Allocate<float>(image);
            _cropGradient = _loop.Allocate<float>(image);
            _gradient = _loop.Allocate<float>(canvas);
            _squares = _loop.Allocate<float>(canvas);
            _momentum = _loop.Allocate<float>(canvas);
            _best = _loop.Allocate<float>(canvas);
            _rates = _loop.Allocate<float>(new Shape(Most), [.. Enumerable.Range(0, Most).Select(i => 0.3f / (1 + i))]);
            _offsets = _loop.Allocate<int>(new Shape(2 * Most), [.. Enumerable.Range(0, 2 * Most).Select(i => i * i % 3)]);
            _energies = _loop.Allocate<double>(new Shape(Terms, Rows));
            _ring = _loop.Allocate<double>(new Shape(Slots, Terms, Rows));
            _total = _loop.Allocate<double>(new Shape(Rows));
            _lowest = _loop.Allocate<double>(new Shape(Rows), [double.PositiveInfinity, double.PositiveInfinity]);
            for (int i = 0; i < 2; i++)
            {
                Shape shape = _plan.ShapeOf(_nodes[i]);
                _values[i] = _loop.Allocate<float>(shape);
                _targets[i] = _loop.Allocate<float>(shape.WithSamples(1), Draw.Normal(7 + (ulong)i, shape.WithSamples(1)));
                _signals[i] = _loop.Allocate<float>(shape);
                _loop.SetSeed(_nodes[i], _signals[i]);
            }
            _body = Iteration;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DeviceLoop Loop => _loop;

    /// <summary>Runs a number of iterations.</summary>
    /// <returns>The energies of every term and image after the last.</returns>
    public double[] Run(int times)
    {
        Iterate(times);
        return _energies.ToArray();
    }

    /// <summary>Runs a number of iterations and waits for none.</summary>
    public void Iterate(int times) => _loop.Repeat(_body, times);

    /// <summary>Everything that was written, as bytes would show it.</summary>
    public float[] State() =>
    [
        .. _canvas.ToArray(), .. _gradient.ToArray(), .. _squares.ToArray(), .. _momentum.ToArray(), .. _best.ToArray(), .. _values[0].ToArray(), .. _values[1].ToArray(),
        .. new[] { _energies, _ring, _total, _lowest }.SelectMany(a => a.ToArray()).SelectMany(Halves), _loop.Counter.ToArray()[0],
    ];

    public void Dispose()
    {
        // Either may be missing where making the rest failed.
        _loop?.Dispose();
        _plan?.Dispose();
        _engine.Dispose();
    }

    void Iteration()
    {
        IArrayOperators on = _loop.Arrays;
        on.Crop(_canvas, _crop, _offsets);
        _loop.SetInput(_engine.Network.Input, _crop);
        _loop.Forward();
        for (int i = 0; i < 2; i++)
        {
            _loop.Read(_nodes[i], _values[i]);
            on.Residual(_values[i], _targets[i], null, 1, _signals[i]);
            on.Dot(_signals[i], _signals[i], 0.5, _energies, i * Rows);
        }

        _loop.Backward(BackwardRule.Gradient);
        _loop.ReadGradient(_engine.Network.Input, _cropGradient);
        on.CropBackward(_cropGradient, _gradient, _offsets);
        on.VariationEnergy(_canvas, 2, 0.01, _energies, 2 * Rows);
        on.VariationGradient(_canvas, 2, 0.01f, _gradient);
        on.RangeEnergy(_canvas, 6, 2, 0.01, _energies, 3 * Rows);
        on.RangeGradient(_canvas, 6, 2, 0.01f, _gradient);
        on.Note(_energies, _ring, _total, _canvas, _best, _lowest);
        on.MomentumStep(_canvas, _gradient, _squares, _momentum, _rates, 0.9f, 4);
    }

    static float[] Halves(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        return [BitConverter.Int32BitsToSingle((int)(bits >> 32)), BitConverter.Int32BitsToSingle((int)bits)];
    }
}
