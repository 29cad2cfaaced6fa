using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The gradient times the input, value by value: the first-order share of every input value in the target.</summary>
/// <param name="engine">The network on a device.</param>
public sealed class InputXGradient(Engine engine) : GradientMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "input-x-gradient";

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new InputXGradient(engine);

    internal override BackwardRule Rule => BackwardRule.Gradient;

    internal override void Finish(Span<float> gradient, ReadOnlySpan<float> input, int samples, int rowsPerSample)
    {
        int size = input.Length / samples;
        for (int row = 0; row < samples * rowsPerSample; row++)
        {
            Span<float> map = gradient.Slice(row * size, size);
            TensorPrimitives.Multiply(map, input.Slice(row / rowsPerSample * size, size), map);
        }
    }
}
