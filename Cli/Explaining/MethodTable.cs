using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Cli.Explaining;

/// <summary>The attribution methods by name, and how their maps are drawn; a further method is one line.</summary>
internal static class MethodTable
{
    /// <summary>Stands for every method.</summary>
    public const string All = "all";

    // Gradients alternate in sign from pixel to pixel, so that their size is what shows something; the maps of DeconvNet and guided
    // backpropagation are images by themselves and are drawn in colour, zero in middle grey.
    static readonly (string Name, Func<Engine, AttributionMethod> Make, MapRenderer Look)[] s_methods =
    [
        ("saliency", engine => new Saliency(engine), MapRenderer.HeatMap),
        ("deconvnet", engine => new DeconvNet(engine), MapRenderer.SignedRgb),
        ("guided", engine => new GuidedBackprop(engine), MapRenderer.SignedRgb),
        ("input-x-gradient", engine => new InputXGradient(engine), MapRenderer.HeatMap),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(s_methods, m => m.Name);

    /// <summary>Makes the method of a name.</summary>
    public static AttributionMethod Make(string name, Engine engine) => Find(name).Make(engine);

    /// <summary>How the map of a method is drawn.</summary>
    /// <param name="name">The method.</param>
    /// <param name="channels">The map's channels; other than three are no colours and are drawn by their signed sum.</param>
    public static MapRenderer Look(string name, int channels) =>
        Find(name).Look is { Reduction: ChannelReduction.None } look && channels != 3 ? MapRenderer.Signed : Find(name).Look;

    static (string Name, Func<Engine, AttributionMethod> Make, MapRenderer Look) Find(string name) => Array.Find(s_methods, m => m.Name == name);
}
