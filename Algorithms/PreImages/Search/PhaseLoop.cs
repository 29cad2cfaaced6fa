using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Optimisers;
using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>The iterations of a phase for some restarts, on the device.</summary>
internal sealed class PhaseLoop : IDisposable
{
    const int Slots = PreImageOptions.CheckInterval;

    readonly EnergyLoop _energy;
    readonly IOptimiser _optimiser;
    readonly ITrialOptimiser? _trials;
    readonly DeviceArray<double> _ring, _total, _lowest;
    readonly DeviceArray<float> _best;
    readonly double[] _slots;
    readonly Action _iterate;
    readonly int[] _counter = new int[1];
    readonly double[] _energyNow = new double[1];

    /// <summary>Begins a phase.</summary>
    /// <param name="plan">The plan for those rows.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="rows">The restarts.</param>
    /// <param name="canvas">Where they begin; null for noise in place of the variables.</param>
    public PhaseLoop(ExecutionPlan plan, SearchSettings settings, SearchPhase phase, RestartGroup rows, float[]? canvas)
    {
        Phase = phase;
        _energy = new EnergyLoop(plan, settings, phase, rows);
        try
        {
            DeviceLoop loop = _energy.Loop;
            PreImageOptions options = settings.Options;
            float radius = phase.Parameterisation == Parameterisation.Pixels ? (float)options.BallRadius : float.PositiveInfinity;
            _optimiser = options.Optimiser switch
            {
                Optimiser.Adam => new AdamOptimiser(loop, _energy.Image, phase.Rate, phase.Iterations, options.Rho, radius),
                Optimiser.LBfgs => new LBfgsOptimiser(loop, _energy.Image, phase.Rate),
                _ => new WindowedOptimiser(loop, _energy.Image, options.Optimiser == Optimiser.Momentum, phase.Rate, phase.Iterations, options.Rho, radius),
            };
            _trials = _optimiser as ITrialOptimiser;
            int terms = _energy.Terms.Count;
            _ring = loop.Allocate<double>(new Shape(Slots, terms, rows.Count));
            _slots = new double[_ring.Count];
            _total = loop.Allocate<double>(new Shape(rows.Count));
            double[] none = new double[rows.Count];
            Array.Fill(none, double.PositiveInfinity);
            _lowest = loop.Allocate<double>(_total.Shape, none);
            if (canvas is null)
                Variables.Upload(Noise(settings, rows));
            else
                _energy.Image.Load(canvas);
            _best = loop.Allocate<float>(Variables.Shape, Variables.ToArray());
            _iterate = Iterate;
        }
        catch
        {
            _energy.Dispose();
            throw;
        }
    }

    public SearchPhase Phase { get; }

    /// <summary>The names of the terms, each once.</summary>
    public IReadOnlyList<string> Terms
    {
        get
        {
            var names = new List<string>();
            foreach (string name in _energy.Terms.Select(t => t.Name))
            {
                int same = names.Count(n => n == name || n.StartsWith($"{name} #", StringComparison.Ordinal));
                names.Add(same == 0 ? name : $"{name} #{same + 1}");
            }

            return names;
        }
    }

    /// <summary>The canvas as it is; of an optimiser that tries, the best of those it tried.</summary>
    public float[] Canvas() => _trials is null ? CanvasNow() : BestCanvas();

    /// <summary>The canvas of lowest energy of those that were evaluated, the first one where none was.</summary>
    public float[] BestCanvas()
    {
        float[] now = Variables.ToArray();
        Variables.Upload(_best.ToArray());
        float[] canvas = CanvasNow();
        Variables.Upload(now);
        return canvas;
    }

    /// <summary>Why there is nothing more to do, or null.</summary>
    public string? End => _trials is { IsAtEnd: true } ? $"{nameof(Optimiser)}.{nameof(Optimiser.LBfgs)} found no lower energy along its gradient" : null;

    /// <summary>What it takes to go on, by name: arrays of floats.</summary>
    public IEnumerable<(string Name, DeviceArray<float> Values)> State => [("variables", Variables), ("best", _best), .. _optimiser.State];

    /// <summary>The lowest energies, beside that.</summary>
    public DeviceArray<double> Lowest => _lowest;

    /// <summary>What the optimiser keeps on the host, beside that.</summary>
    public Span<double> Numbers => _trials is null ? [] : _trials.Numbers;

    /// <summary>Iterations done; setting it is for going on where another loop stopped.</summary>
    public int Iteration
    {
        get
        {
            _energy.Loop.Counter.Download(_counter);
            return _counter[0];
        }
        set => _energy.Loop.Counter.Upload([value]);
    }

    /// <summary>Does further iterations.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for; <see cref="Iteration"/> tells how many were done.</exception>
    public void Advance(int iterations, CancellationToken cancellation)
    {
        if (_trials is null)
        {
            _energy.Loop.Repeat(_iterate, iterations, cancellation);
            return;
        }

        for (int i = 0; i < iterations; i++)
        {
            _energy.Loop.Repeat(_iterate, 1, cancellation);
            _total.Download(_energyNow);
            _trials.Move(_energyNow[0]);
        }
    }

    /// <summary>Takes the energies of iterations, no more than <see cref="PreImageOptions.CheckInterval"/> of the last ones, to a segment of the trace that ends before them.</summary>
    public void ReadEnergies(PreImageTrace.Segment into, int iterations)
    {
        if (iterations <= into.Iterations)
            return;
        _ring.Download(_slots);
        int size = _slots.Length / Slots;
        while (into.Iterations < iterations)
            into.Append(_slots.AsSpan(into.Iterations % Slots * size, size));
    }

    public void Dispose() => _energy.Dispose();

    DeviceArray<float> Variables => _energy.Image.Variables;

    float[] CanvasNow()
    {
        _energy.Loop.Run(_energy.Image.Forward);
        return _energy.Image.Canvas.ToArray();
    }

    float[] Noise(SearchSettings settings, RestartGroup rows)
    {
        int size = Variables.Shape.SampleCount;
        var noise = new float[Variables.Count];
        for (int row = 0; row < rows.Count; row++)
            Draws.Noise(settings.Options.Seed, settings.Options.FirstRestart + rows.First + row, settings.Options.B, noise.AsSpan(row * size, size));
        return noise;
    }

    void Iterate()
    {
        _energy.Evaluate();
        _energy.Loop.Arrays.Note(_energy.Energies, _ring, _total, Variables, _best, _lowest);
        _optimiser.Step();
    }
}
