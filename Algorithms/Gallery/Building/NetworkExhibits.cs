using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Makes all exhibits that show one network: its steps are planned first, so that the time left is known.</summary>
internal sealed class NetworkExhibits
{
    /// <summary>Maps of a method that a metric asks for per picture, about.</summary>
    const double MapsPerMetric = 4;

    /// <summary>Passes that a map takes, about, before it is known.</summary>
    const double PassesPerMap = 15;

    readonly NetworkGalleryOptions _options;
    readonly WorkClock _clock;
    readonly List<(CataloguedMethod Method, WorkClock.Step Step)> _methods;
    readonly WorkClock.Step? _decoding, _backtracking, _inversion;
    readonly List<(AttributionMetric Metric, WorkClock.Step Step)> _metrics;
    readonly List<string> _leftOut = [];
    readonly List<MethodMaps> _maps = [];

    /// <summary>Plans the steps.</summary>
    /// <param name="options">What is shown.</param>
    /// <param name="clock">The clock of the whole work.</param>
    /// <param name="images">How many pictures there are.</param>
    /// <param name="pass">Seconds of a forward and a backward pass, about.</param>
    public NetworkExhibits(NetworkGalleryOptions options, WorkClock clock, int images, double pass)
    {
        options.Validate();
        (_options, _clock) = (options, clock);
        IEnumerable<CataloguedMethod> methods = options.Methods is { } names ? names.Select(MethodCatalogue.ByName).Distinct() : MethodCatalogue.All;
        _methods = [.. methods.Select(m => (m, clock.Plan($"explaining by {m.Title}", PassesPerMap * pass * images * options.Classes)))];
        IEnumerable<AttributionMetric> metrics = options.Metrics is { } wanted ? wanted.Select(MetricCatalogue.ByName).Distinct() : MetricCatalogue.All;
        _metrics = [.. metrics.Select(m => (m, clock.Plan($"measuring {m.Name.Replace('-', ' ')}", MapsPerMetric * PassesPerMap * pass * images * _methods.Count)))];
        _decoding = options.Decoding ? clock.Plan("decoding filters", 10 * pass) : null;
        _backtracking = options.Backtracking ? clock.Plan("tracing classes back", 10 * pass) : null;
        _inversion = options.InversionIterations > 0 ? clock.Plan("inverting a representation", 1.5 * pass * options.InversionIterations) : null;
    }

    /// <summary>Maps by method, once they were made.</summary>
    public IReadOnlyList<MethodMaps> Maps => _maps;

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Does all steps.</summary>
    /// <param name="subject">The network and its pictures.</param>
    /// <param name="measured">Pictures to measure methods on; null for the subject's.</param>
    /// <exception cref="PreimageException">No method can explain the network.</exception>
    public IReadOnlyList<Exhibit> Make(GallerySubject subject, IReadOnlyList<PreparedInput>? measured = null)
    {
        measured ??= [.. subject.Images.Select(i => i.Input)];
        var refused = new List<string>();
        foreach ((CataloguedMethod method, WorkClock.Step step) in _methods)
        {
            try
            {
                _maps.Add(_clock.Do(step, parts => MethodMaps.Of(subject, method, parts, _clock.Cancellation)));
            }
            catch (PreimageException e)
            {
                refused.Add($"{method.Title} is left out: {e.Message}");
            }
        }

        double each = _maps.Sum(m => m.Seconds);
        foreach ((_, WorkClock.Step step) in _metrics)
            _clock.Expect(step, MapsPerMetric * each * measured.Count);
        if (_maps.Count == 0)
            throw new PreimageException($"no method explains this network: {string.Join("; ", refused)}");
        var maps = new MapExhibits(subject, _maps, _options.MapBytes);
        var exhibits = new List<Exhibit>
        {
            maps.All("What the network looks at", "Switch picture, class and method; compare what they say of the same class.", "maps", refused),
        };
        if (subject.Images[0].Classes.Length > 1)
            exhibits.Add(maps.Sensitivity(0));
        Add(_decoding, parts => DecodingExhibit.Make(subject, _leftOut, parts, _clock.Cancellation));
        Add(_backtracking, parts => TrackingExhibit.Make(subject, _options.Seed, _leftOut, parts, _clock.Cancellation));
        Add(_inversion, parts => InversionExhibit.Make(subject, _options.InversionNode, _options.InversionIterations, _options.Seed, _leftOut, parts, _clock.Cancellation));
        foreach ((AttributionMetric metric, WorkClock.Step step) in _metrics)
        {
            Add(step, parts => MetricExhibits.Make(
                metric, [.. _maps.Select(m => m.Entry)], subject, measured, _options.Seed, _leftOut, parts, _clock.Cancellation));
        }

        return exhibits;

        void Add(WorkClock.Step? step, Func<IProgress<double>, Exhibit?> make)
        {
            if (step is not null && _clock.Do(step, make) is { } exhibit)
                exhibits.Add(exhibit);
        }
    }
}
