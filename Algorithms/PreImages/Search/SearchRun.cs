using System.Diagnostics;
using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>One search: group of restarts by group, phase by phase.</summary>
internal sealed partial class SearchRun
{
    readonly SearchSettings _settings;
    readonly IProgress<PreImageProgress>? _progress;
    readonly CancellationToken _cancellation;
    readonly Stopwatch _time = Stopwatch.StartNew();
    // The images of the groups that were begun: D x h x w each, pixel units less the centre.
    readonly List<float[]> _images = [];
    readonly List<PreImageFrame> _frames = [];
    readonly List<string> _notes;
    PreImageTrace _trace = null!;
    PreImageState? _state;
    int _before, _done;

    public SearchRun(SearchSettings settings, IProgress<PreImageProgress>? progress, CancellationToken cancellation)
    {
        (_settings, _progress, _cancellation) = (settings, progress, cancellation);
        _notes = [.. settings.Notes];
    }

    PreImageOptions Options => _settings.Options;

    bool IsStopped => _state is not null;

    public PreImageResult Execute()
    {
        StoredSearch? stored = Options.Resume is { } state ? StoredSearch.Of(state, _settings) : null;
        if (stored is not null)
        {
            _images.AddRange(stored.Images);
            _before = _done = stored.Iterations;
        }

        for (int group = _images.Count; group < _settings.Groups.Count && !IsStopped; group++)
            RunGroup(group, stored?.Group == group ? stored : null);
        return Finish();
    }

    void RunGroup(int index, StoredSearch? stored)
    {
        RestartGroup rows = _settings.Groups[index];
        using PlanLoan loan = _settings.Engine.Rent(_settings.PlanFor(rows.Count));
        float[]? image = null;
        for (int i = stored?.Phase ?? 0; i < _settings.Phases.Count && !IsStopped; i++)
        {
            SearchPhase phase = _settings.Phases[i];
            Shape canvas = _settings.CanvasOf(phase, rows.Count), cut = _settings.Image.WithSamples(rows.Count);
            float[]? start = image is null ? FirstCanvas(phase, rows) : Planes.Surround(image, cut, canvas, phase.Border, phase.Border);
            using var loop = new PhaseLoop(loan.Plan, _settings, phase, rows, start);
            _trace ??= stored?.Trace ?? new PreImageTrace(loop.Terms);
            PreImageTrace.Segment segment = stored is not null && i == stored.Phase ? stored.Restore(loop) : _trace.Begin(phase, Options.FirstRestart + rows.First, rows.Count);
            RunPhase(loop, segment, index, rows);
            image = Planes.Cut(IsStopped ? loop.BestCanvas() : loop.Canvas(), canvas, cut, phase.Border, phase.Border);
        }

        _images.Add(image!);
    }

    void RunPhase(PhaseLoop loop, PreImageTrace.Segment segment, int group, RestartGroup rows)
    {
        SearchPhase phase = loop.Phase;
        int at = segment.Iterations;
        try
        {
            while (at < phase.Iterations)
            {
                int next = Next(at, PreImageOptions.CheckInterval, phase.Iterations);
                if (Options.KeepFrames is { } frames)
                    next = Next(at, frames, next);
                loop.Advance(next - at, _cancellation);
                (at, _done) = (next, _done + next - at);
                if (Options.KeepFrames is { } every && at % every == 0)
                    KeepFrame(loop, at, rows);
                if (at % PreImageOptions.CheckInterval != 0 && at != phase.Iterations)
                    continue;
                loop.ReadEnergies(segment, at);
                RequireFinite(segment, phase);
                Report(segment);
                if (at < phase.Iterations && (loop.End ?? StopRules.Apply(Options, segment)) is { } reason)
                {
                    _notes.Add($"phase {phase.Index} of restarts {segment.FirstRestart} to {segment.FirstRestart + rows.Count - 1} ended after {at} of {phase.Iterations} iterations: {reason}");
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            int reached = loop.Iteration;
            _done += reached - at;
            if (_done == 0)
                throw;
            loop.ReadEnergies(segment, reached);
            RequireFinite(segment, phase);
            _state = StoredSearch.Store(_settings, loop, _images, _trace, group, _done);
        }
    }

    static int Next(int at, int interval, int end) => (int)Math.Min(((long)at / interval + 1) * interval, end);

    /// <summary>Where restarts begin: the images they were given; null for noise.</summary>
    float[]? FirstCanvas(SearchPhase phase, RestartGroup rows)
    {
        Shape canvas = _settings.CanvasOf(phase, rows.Count), one = _settings.Image;
        if (_settings.Request.Start is null && Options.Initial is null)
            return null;
        float[] given = _settings.Request.Start ?? LessCentre(Options.Initial!);
        int images = given.Length / one.Count;
        if (given.Length % one.Count != 0 || (images != 1 && images != Options.Restarts))
            throw new PreimageException($"PreImageOptions.Initial has {given.Length} values: {one.Count} ({one}) are needed for one image, or {Options.Restarts} times as many for each restart its own");
        var start = new float[one.Count * rows.Count];
        for (int row = 0; row < rows.Count; row++)
            given.AsSpan((images == 1 ? 0 : rows.First + row) * one.Count, one.Count).CopyTo(start.AsSpan(row * one.Count));
        return Planes.Surround(start, one.WithSamples(rows.Count), canvas, phase.Border, phase.Border);
    }

    float[] LessCentre(Tensor<float> pixels)
    {
        var values = new float[pixels.FlattenedLength];
        pixels.FlattenTo(values);
        int plane = _settings.Image.H * _settings.Image.W;
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] - _settings.Centre[i / plane % _settings.Image.C]);
        return values;
    }

    void KeepFrame(PhaseLoop loop, int iteration, RestartGroup rows)
    {
        SearchPhase phase = loop.Phase;
        Shape cut = _settings.Image.WithSamples(rows.Count);
        float[] image = Planes.Cut(loop.Canvas(), _settings.CanvasOf(phase, rows.Count), cut, phase.Border, phase.Border);
        _frames.Add(new PreImageFrame(phase.Index, iteration, rows.First, Tensor.Create(WithCentre(image), cut.ToLengths())));
    }

    void Report(PreImageTrace.Segment segment)
    {
        if (_progress is null)
            return;
        var energies = new Dictionary<string, double>();
        ReadOnlySpan<double> last = segment.Of(segment.Iterations - 1);
        for (int term = 0; term < _trace.Terms.Count; term++)
            energies[_trace.Terms[term]] = TensorPrimitives.Sum(last.Slice(term * segment.Rows, segment.Rows)) / segment.Rows;
        int total = _settings.Groups.Count * _settings.Phases.Sum(p => p.Iterations);
        TimeSpan elapsed = _time.Elapsed, left = elapsed * ((double)(total - _done) / Math.Max(_done - _before, 1));
        _progress.Report(new PreImageProgress(_done, total, energies, elapsed, left));
    }

    void RequireFinite(PreImageTrace.Segment segment, SearchPhase phase)
    {
        for (int i = Math.Max(0, segment.Iterations - PreImageOptions.CheckInterval); i < segment.Iterations; i++)
        {
            ReadOnlySpan<double> energies = segment.Of(i);
            for (int at = 0; at < energies.Length; at++)
            {
                if (!double.IsFinite(energies[at]))
                    throw NotFinite(at / segment.Rows, energies[at], $"iteration {i} of phase {phase.Index}", segment.FirstRestart + at % segment.Rows);
            }
        }
    }

    PreimageException NotFinite(int term, double energy, string where, int restart) => new(
        $"the energy of '{_trace.Terms[term]}' is {energy} at {where}, restart {restart}: " +
        $"lower PreImageOptions.LearningRate ({Options.LearningRate?.ToString() ?? "the optimiser's own"} now) or C ({Options.C} now), or set BallRadius ({Options.BallRadius} now)");
}
