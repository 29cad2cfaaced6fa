using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Attribution;

/// <summary>Guided backpropagation where Grad-CAM points: the two maps multiplied, pixel by pixel (Selvaraju et al. 2017, section 3.1).</summary>
/// <remarks>
/// Where a target is comes from <see cref="GradCam"/>, the fine lines come from <see cref="GuidedBackprop"/>, which hardly depends on the target. captum's
/// GuidedGradCam enlarges by nearest unless told otherwise, the paper bilinear, as here: set <see cref="Enlargement"/> to compare. Two passes forward and back.
/// </remarks>
public sealed class GuidedGradCam : AttributionMethod
{
    readonly GradCam _cam;
    readonly string? _named;

    /// <summary>Makes the method.</summary>
    /// <inheritdoc cref="GradCam(Engine, string?)"/>
    public GuidedGradCam(Engine engine, string? node = null) : base(engine)
    {
        _cam = new GradCam(engine, node);
        _named = node;
    }

    /// <inheritdoc/>
    public override string Name => "guided-grad-cam";

    /// <summary>The layer that Grad-CAM looks at.</summary>
    public Node Node => _cam.Node;

    /// <inheritdoc cref="GradCam.Enlargement"/>
    public ResamplingFilter Enlargement
    {
        get => _cam.Enlargement;
        init => _cam = new GradCam(Engine, _named) { Enlargement = value };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => _cam.Settings;

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new GuidedGradCam(engine, _named) { Enlargement = Enlargement };

    private protected override AttributionResult Run(AttributionRequest request)
    {
        request.RequireNoRecord(this);
        // A rule of the caller's own takes the place of the guided one; where the target is, the true gradient says.
        AttributionResult cam = _cam.Attribute(request with { Options = request.Options with { Rule = null }, Progress = null });
        AttributionResult guided = new GuidedBackprop(Engine).Attribute(request);
        var maps = new Dictionary<Node, float[]>();
        foreach ((string name, Tensor<float> weights) in cam.Maps)
        {
            Tensor<float> fine = guided.Maps[name];
            var product = new float[fine.FlattenedLength];
            int plane = (int)(fine.Lengths[2] * fine.Lengths[3]), channels = (int)fine.Lengths[1];
            ReadOnlySpan<float> coarse = TensorSpans.Dense(weights), detail = TensorSpans.Dense(fine);
            for (int at = 0; at < product.Length; at += plane)
                TensorPrimitives.Multiply(detail.Slice(at, plane), coarse.Slice(at / plane / channels * plane, plane), product.AsSpan(at, plane));
            maps[Engine.Network.Inputs[name]] = product;
        }

        var resolver = new TargetResolver(Engine.Network, request.Targets, request.Options.Seed);
        List<string> notes = AttributionNotes.Of(Name, resolver, maps, guided.Units.Count, "Grad-CAM or guided backpropagation is, wherever the other one is not; try another node");
        // The last says which layer it looks at; those before are of its own maps.
        notes.Add(cam.Notes[^1]);
        return new AttributionResult(
            this, request.Options, maps.ToDictionary(m => m.Key.Name, m => Tensor.Create(m.Value, guided.Maps[m.Key.Name].Lengths)), guided.Units, notes, null);
    }
}
