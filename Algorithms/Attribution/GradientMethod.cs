using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Turns the gradient of an input into the method's map, in place: see <see cref="GradientMethod.Finish"/>.</summary>
internal delegate void FinishMaps(Span<float> gradient, ReadOnlySpan<float> input, int samples, int rowsPerSample);

/// <summary>A method whose map is one backward pass under a rule.</summary>
public abstract class GradientMethod : AttributionMethod
{
    private protected GradientMethod(Engine engine) : base(engine) { }

    /// <summary>How the signal goes back.</summary>
    internal abstract BackwardRule Rule { get; }

    /// <summary>Turns the gradient of an input into the method's map, in place.</summary>
    /// <param name="gradient">The gradient, <paramref name="rowsPerSample"/> rows per sample.</param>
    /// <param name="input">The input's values.</param>
    /// <param name="samples">N.</param>
    /// <param name="rowsPerSample">K.</param>
    internal virtual void Finish(Span<float> gradient, ReadOnlySpan<float> input, int samples, int rowsPerSample) { }

    private protected override AttributionResult Run(AttributionRequest request) => new AttributionRun(this, request.Options.Rule ?? Rule, request, Finish).Execute();
}
