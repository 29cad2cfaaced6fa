using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>A method as <see cref="MethodCatalogue"/> lists it.</summary>
/// <param name="Name">The short name, as in <see cref="AttributionMethod.Name"/>.</param>
/// <param name="Title">The name in full.</param>
/// <param name="Meaning">What its maps say, in a sentence.</param>
/// <param name="Make">Makes it, with its defaults, for a network on a device.</param>
/// <param name="Look">How its maps of colour pictures are drawn.</param>
public sealed record CataloguedMethod(string Name, string Title, string Meaning, Func<Engine, AttributionMethod> Make, MapRenderer Look)
{
    /// <summary>How a map is drawn.</summary>
    /// <param name="channels">Its channels; other than three are no colours and are drawn by their signed sum.</param>
    public MapRenderer LookFor(int channels) => Look is { Reduction: ChannelReduction.None } && channels != 3 ? MapRenderer.Signed : Look;
}
