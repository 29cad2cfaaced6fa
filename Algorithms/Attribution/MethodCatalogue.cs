using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The attribution methods by name, and how their maps are drawn; a further method is its file and a line here.</summary>
public static class MethodCatalogue
{
    // Smooth over many pixels: nothing sticks out that would have to be clipped.
    static readonly MapRenderer s_evidence = MapRenderer.HeatMap with { Percentile = 100 };

    // Gradients alternate in sign from pixel to pixel, so that their size is what shows something; the maps of DeconvNet and guided
    // backpropagation are images by themselves and are drawn in colour, zero in middle grey.
    static readonly CataloguedMethod[] s_methods =
    [
        new("saliency", "Saliency", "The true gradient of the target by every pixel.", engine => new Saliency(engine), MapRenderer.HeatMap),
        new("deconvnet", "DeconvNet", "The signal carried back through switches, rectified at every ReLU.", engine => new DeconvNet(engine), MapRenderer.SignedRgb),
        new("guided", "Guided backpropagation", "The gradient with negative signals dropped at every ReLU.", engine => new GuidedBackprop(engine), MapRenderer.SignedRgb),
        new("input-x-gradient", "Input x gradient", "The gradient times the input: every pixel's share to first order.", engine => new InputXGradient(engine), MapRenderer.HeatMap),
        new("integrated-gradients", "Integrated gradients", "The gradient, averaged on the way from nothing to the picture, times that way: shares that add up.", engine => new IntegratedGradients(engine), MapRenderer.HeatMap),
        new("saliency-smooth", "SmoothGrad", "The mean gradient of noisy copies of the picture.", engine => new Saliency(engine).Smooth(), MapRenderer.HeatMap),
        new("saliency-variance", "VarGrad", "How much the gradient varies over noisy copies of the picture.", engine => new Saliency(engine).Variance(), MapRenderer.HeatMap),
        new("grad-cam", "Grad-CAM", "Where the last feature maps speak for the target.", engine => new GradCam(engine), s_evidence),
        new("guided-grad-cam", "Guided Grad-CAM", "Guided backpropagation where Grad-CAM points.", engine => new GuidedGradCam(engine), MapRenderer.SignedRgb),
        new("occlusion", "Occlusion", "What the target loses when a window of the picture is covered.", engine => new Occlusion(engine), MapRenderer.Signed),
        new("lrp", "Layer-wise relevance propagation", "The target's value handed down from layer to layer, to every input in proportion to what it contributed.", engine => new LayerwiseRelevance(engine), MapRenderer.Signed),
        new("deeplift", "DeepLIFT", "What the target gains over an empty picture, shared among the pixels by the slopes between the two.", engine => new DeepLift(engine), MapRenderer.Signed),
    ];

    /// <summary>All methods.</summary>
    public static IReadOnlyList<CataloguedMethod> All => s_methods;

    /// <summary>The method of a name.</summary>
    /// <exception cref="PreimageException">There is none; the message lists the names.</exception>
    public static CataloguedMethod ByName(string name) => Array.Find(s_methods, m => m.Name == name)
        ?? throw new PreimageException($"there is no method '{name}'; there are {string.Join(", ", s_methods.Select(m => m.Name))}");
}
