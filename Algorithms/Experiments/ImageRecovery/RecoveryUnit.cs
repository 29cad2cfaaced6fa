using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Some pictures that one network is shown, and what is found of them.</summary>
/// <param name="Laboratory">The run.</param>
/// <param name="Network">Which network.</param>
/// <param name="Open">The network.</param>
/// <param name="First">The place of the first picture among all of the network's.</param>
/// <param name="Pictures">The pictures.</param>
/// <param name="Watch">Hears of those that are done.</param>
internal sealed record RecoveryUnit(Laboratory Laboratory, RecoveryNetwork Network, OpenNetwork Open, int First, IReadOnlyList<RecoveryPicture> Pictures, UnitWatch Watch)
{
    readonly Dictionary<string, List<double>> _series = [];
    readonly Dictionary<string, double> _numbers = [];
    readonly Dictionary<string, Picture> _shown = [];

    /// <summary>The pictures made ready, one after the other; the first of all is the one that is drawn.</summary>
    public IEnumerable<(PreparedInput Input, bool IsShown)> Inputs()
    {
        for (int i = 0; i < Pictures.Count; i++)
        {
            Watch.Cancellation.ThrowIfCancellationRequested();
            yield return (Open.Prepare(Pictures[i]), First + i == 0);
            Watch.Progress?.Report((i + 1.0) / Pictures.Count);
        }
    }

    /// <summary>Notes a number of a picture.</summary>
    public void Add(string series, double value)
    {
        if (!_series.TryGetValue(series, out List<double>? values))
            _series[series] = values = [];
        values.Add(value);
    }

    /// <summary>Notes a number of the network.</summary>
    public void Set(string name, double value) => _numbers[name] = value;

    /// <summary>Keeps a picture for the figure.</summary>
    public void Show(string name, Picture picture) => _shown[name] = picture;

    /// <summary>Keeps a drawn map for the figure.</summary>
    public void Show(string name, AttributionMethod method, ReadOnlySpan<float> map) => Show(name, Draw(method, map));

    /// <summary>Draws a map as its method's maps are drawn.</summary>
    public Picture Draw(AttributionMethod method, ReadOnlySpan<float> map)
    {
        Shape shape = Open.Network.InputShape;
        MapRenderer look = MethodCatalogue.ByName(method.Name).LookFor(shape.C);
        return (Open.Preprocessing.Order == ChannelOrder.Bgr ? look with { Order = ChannelOrder.Bgr } : look).Render(map, shape.C, shape.H, shape.W).Picture;
    }

    /// <summary>All that was found.</summary>
    public UnitResult Found() => new() { Numbers = _numbers, Pictures = _shown, Series = _series.ToDictionary(s => s.Key, s => s.Value.ToArray()) };
}
