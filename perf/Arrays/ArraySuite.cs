using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Loops;

namespace Preimage.Perf.Arrays;

/// <summary>What a search for images does beside the network: each operator by itself, and all of an iteration's together.</summary>
internal sealed class ArraySuite(SuiteOptions options)
{
    const int Jitter = 3;

    static readonly Shape[] s_shapes = [new(1, 3, 227, 227), new(1, 3, 240, 240), new(1, 1, 333, 500), new(4, 3, 227, 227)];

    public IEnumerable<ArrayRow> Run()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("relu", new Relu(), builder.Input("x", new Shape(1, 1))));
        using Network network = builder.Build();
        foreach (int threads in options.Threads)
        {
            using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
            using ExecutionPlan plan = engine.Plan(new PlanOptions());
            foreach (Shape shape in s_shapes)
            {
                using DeviceLoop loop = plan.CreateLoop();
                var images = new Images(loop, shape);
                foreach ((string name, int passes, Action body) in images.Cases.Where(c => options.Wants(c.Name)))
                    yield return Measure(name, shape, threads, passes, () => loop.Run(body), () => loop.Run(images.Copy));
            }
        }
    }

    ArrayRow Measure(string name, Shape shape, int threads, int passes, Action body, Action copy)
    {
        Timing?[] times = Turns.Take(options, Turns.Of(body), Turns.Of(copy));
        double megabytes = shape.Bytes / 1e6;
        return new ArrayRow(name, $"{shape}", threads, Math.Round(times[0]!.Median, 4), Math.Round(times[0]!.Best, 4),
            passes == 0 ? null : Math.Round(passes * megabytes / times[0]!.Best, 1), Math.Round(2 * megabytes / times[1]!.Best, 1));
    }

    /// <summary>Arrays of a shape, a crop a little smaller, and what is done with them; passes count how often an array as large is read or written.</summary>
    sealed class Images
    {
        readonly IArrayOperators _arrays;
        readonly DeviceArray<float> _x, _gradient, _squares, _momentum, _crop, _signal, _rates, _scale, _turn, _rows, _columns, _product;
        readonly DeviceArray<double> _energies, _ring, _total;
        readonly DeviceArray<int> _offsets;

        public Images(DeviceLoop loop, Shape shape)
        {
            _arrays = loop.Arrays;
            Shape inner = new(shape.N, shape.C, shape.H - Jitter, shape.W - Jitter);
            _x = loop.Allocate(shape, Noise(shape.Count));
            (_gradient, _squares, _momentum) = (loop.Allocate<float>(shape), loop.Allocate<float>(shape), loop.Allocate<float>(shape));
            (_crop, _signal) = (loop.Allocate<float>(inner), loop.Allocate(inner, Noise(inner.Count)));
            _rates = loop.Allocate<float>(new Shape(2), [1e-6f, 1e-6f]);
            _scale = loop.Allocate(new Shape(shape.C), Noise(shape.C));
            _turn = loop.Allocate<float>(new Shape(6), [0.99f, 0.1f, -5, -0.1f, 0.99f, 5]);
            _rows = loop.Allocate(new Shape(shape.H, shape.H), Noise(shape.H * shape.H));
            _columns = loop.Allocate(new Shape(shape.W, shape.W), Noise(shape.W * shape.W));
            _product = loop.Allocate<float>(shape);
            (_energies, _ring, _total) = (loop.Allocate<double>(new Shape(3, shape.N)), loop.Allocate<double>(new Shape(16, 3, shape.N)), loop.Allocate<double>(new Shape(shape.N)));
            _offsets = loop.Allocate<int>(new Shape(2), [1, 2]);
            Cases =
            [
                ("iteration", 0, Iteration),
                ("crop", 2, () => _arrays.Crop(_x, _crop, _offsets)),
                ("crop-back", 2, () => _arrays.CropBackward(_crop, _gradient, _offsets)),
                ("add", 3, () => _arrays.Add(_x, _gradient, 1e-3f)),
                ("residual", 3, () => _arrays.Residual(_crop, _signal, null, 2, _crop)),
                ("channels", 2, () => _arrays.ScaleChannels(_x, _scale, _scale, _gradient)),
                ("sum", 1, () => _arrays.Sum(_x, 1, _energies, 0)),
                ("dot", 2, () => _arrays.Dot(_x, _squares, 1, _energies, 0)),
                ("variation-2", 1, () => _arrays.VariationEnergy(_x, 2, 1, _energies, 0)),
                ("variation-1", 1, () => _arrays.VariationEnergy(_x, 1, 1, _energies, 0)),
                ("variation-1.5", 1, () => _arrays.VariationEnergy(_x, 1.5f, 1, _energies, 0)),
                ("slope-2", 3, () => _arrays.VariationGradient(_x, 2, 1e-3f, _gradient)),
                ("slope-1", 3, () => _arrays.VariationGradient(_x, 1, 1e-3f, _gradient)),
                ("slope-1.5", 3, () => _arrays.VariationGradient(_x, 1.5f, 1e-3f, _gradient)),
                ("range-6", 1, () => _arrays.RangeEnergy(_x, 6, 80, 1, _energies, 0)),
                ("range-2", 1, () => _arrays.RangeEnergy(_x, 2, 80, 1, _energies, 0)),
                ("range-slope-6", 3, () => _arrays.RangeGradient(_x, 6, 80, 1e-3f, _gradient)),
                ("range-slope-2", 3, () => _arrays.RangeGradient(_x, 2, 80, 1e-3f, _gradient)),
                ("momentum", 7, () => _arrays.MomentumStep(_x, _gradient, _squares, _momentum, _rates, 0.9f, 160)),
                ("adam", 7, () => _arrays.AdamStep(_x, _gradient, _squares, _momentum, _rates, 0.9f, 0.999f, 1e-8f, 160)),
                ("warp", 2, () => _arrays.Warp(_x, _turn, _crop)),
                ("warp-back", 2, () => _arrays.WarpBackward(_crop, _turn, _gradient)),
                ("product", 0, () => _arrays.Product(shape.H, shape.W, shape.H, _rows, false, _x, false, 1, 0, _product)),
                ("product-right", 0, () => _arrays.Product(shape.H, shape.W, shape.W, _x, false, _columns, false, 1, 0, _product)),
                ("product-blend", 0, () => _arrays.Product(shape.H, shape.W, shape.H, _rows, true, _x, false, 0.1f, 0.5f, _product)),
            ];
        }

        public IReadOnlyList<(string Name, int Passes, Action Body)> Cases { get; }

        public void Copy() => _arrays.Copy(_squares, _gradient);

        /// <summary>The defaults of spec section 6.1: alpha 6, beta 2.</summary>
        void Iteration()
        {
            _arrays.Crop(_x, _crop, _offsets);
            _arrays.Residual(_crop, _signal, null, 2, _crop);
            _arrays.Dot(_crop, _crop, 1, _energies, 0);
            _arrays.CropBackward(_crop, _gradient, _offsets);
            _arrays.VariationEnergy(_x, 2, 1e-3, _energies, _x.Shape.N);
            _arrays.VariationGradient(_x, 2, 1e-3f, _gradient);
            _arrays.RangeEnergy(_x, 6, 80, 1e-3, _energies, 2 * _x.Shape.N);
            _arrays.RangeGradient(_x, 6, 80, 1e-3f, _gradient);
            _arrays.Note(_energies, _ring, _total, _x, _product, _total);
            _arrays.MomentumStep(_x, _gradient, _squares, _momentum, _rates, 0.9f, 160);
        }

        static float[] Noise(int count)
        {
            var random = new Random(1);
            var values = new float[count];
            for (int i = 0; i < count; i++)
                values[i] = (float)(100 * random.NextDouble() - 50);
            return values;
        }
    }
}
