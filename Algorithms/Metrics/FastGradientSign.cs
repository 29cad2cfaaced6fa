using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>Moves every pixel by one step in the direction that makes the network's answer worse, and takes the smallest step that changes it.</summary>
/// <remarks>
/// Goodfellow, Shlens and Szegedy 2015, section 4: x' = clip(x + eps sign(d CE(softmax(logits), t) / dx)), t the predicted label, over pixels of 0 to 255. The steps are the
/// reference specification's (3.7). Holds no state; safe to use from several threads.
/// </remarks>
/// <example><c>var attack = new FastGradientSign(engine, PixelScale.Of(preprocessing)).Attack(input.Tensor);</c></example>
public sealed class FastGradientSign
{
    readonly Engine _engine;
    readonly PixelScale _pixels;

    /// <summary>Makes an attack on a network.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="pixels">What the network takes a pixel as: <see cref="PixelScale.Of"/>.</param>
    public FastGradientSign(Engine engine, PixelScale pixels)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(pixels);
        (_engine, _pixels) = (engine, pixels);
    }

    /// <summary>The steps that are tried, in grey levels, rising.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [0.5, 1, 2, 4, 8, 16];

    /// <summary>Attacks one image.</summary>
    /// <param name="input">One sample as the network takes it.</param>
    /// <param name="memoryBudget">Bytes of plan memory a run may take, or null.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The image does not fit the network or its scale, there are several, or steps do not rise from above 0.</exception>
    public AdversarialPicture Attack(Tensor<float> input, long? memoryBudget = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        Node node = _engine.Network.Input, logits = Logits.Of(_engine.Network, out _);
        var inputs = new AttributionInputs(_engine.Network, new Dictionary<string, Tensor<float>> { [node.Name] = input });
        Shape shape = inputs.Shapes[node];
        if (shape.N != 1)
            throw new PreimageException($"FastGradientSign.Attack: {shape.N} images were given, one is attacked at a time");
        if (Steps.Count == 0 || Steps.Where((step, i) => !(step > (i == 0 ? 0 : Steps[i - 1]))).Any())
            throw new PreimageException($"FastGradientSign.Attack: the steps {string.Join(", ", Steps)} do not rise from above 0");
        float[] values = inputs[node], gradient = [];
        ClassScore? before = null;
        using (var passes = new PointPasses(_engine, logits, inputs.Shapes, 1, memoryBudget, BackwardRule.Gradient))
        {
            passes.Backward(1, (_, _, own) => values.CopyTo(own), (_, scores, seed) => before = Wrong(scores, seed), (_, _, found) => gradient = found.ToArray(), cancellation);
        }

        float[][] moved = Move(values, gradient, shape);
        var after = new ClassScore[Steps.Count];
        using (var passes = new PointPasses(_engine, logits, inputs.Shapes, Steps.Count, memoryBudget))
            passes.Forward(Steps.Count, (i, _, own) => moved[i].CopyTo(own), (i, scores) => after[i] = Strongest(scores), cancellation);
        int first = Array.FindIndex(after, score => score.Class != before!.Class), chosen = first < 0 ? Steps.Count - 1 : first;
        return new AdversarialPicture(Tensor.Create(moved[chosen], shape.ToLengths()), Steps[chosen], before!, after[chosen]);
    }

    /// <summary>The direction of the cross entropy's gradient at the logits: p - 1 at the label, p elsewhere.</summary>
    static ClassScore Wrong(ReadOnlySpan<float> scores, Span<float> seed)
    {
        ClassScore label = Strongest(scores);
        // Divided by 1 - p(label), which only scales: the others' softmax among themselves stays where 1 - p would be rounded to 0.
        float[] others = scores.ToArray();
        others[label.Class] = float.NegativeInfinity;
        double[] shares = others.Length > 1 ? ClassProbabilities.Of(others) : [0];
        for (int i = 0; i < seed.Length; i++)
            seed[i] = (float)shares[i];
        seed[label.Class] = -1;
        return label;
    }

    static ClassScore Strongest(ReadOnlySpan<float> scores)
    {
        int best = TensorPrimitives.IndexOfMax(scores);
        return new ClassScore(best, scores[best], ClassProbabilities.Of(scores)[best]);
    }

    float[][] Move(float[] values, float[] gradient, Shape shape)
    {
        double[] factor = PixelScale.Spread(_pixels.Factor, nameof(PixelScale.Factor), shape.C);
        double[] centre = PixelScale.Spread(_pixels.Centre, nameof(PixelScale.Centre), shape.C);
        double[] shift = PixelScale.Spread(_pixels.Shift, nameof(PixelScale.Shift), shape.C);
        var moved = new float[Steps.Count][];
        int plane = shape.H * shape.W;
        for (int s = 0; s < moved.Length; s++)
        {
            moved[s] = new float[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                int c = i / plane;
                double black = factor[c] * (0 - centre[c]) + shift[c], white = factor[c] * (255 - centre[c]) + shift[c];
                double place = values[i] + Steps[s] * Math.Abs(factor[c]) * Math.Sign(gradient[i]);
                moved[s][i] = (float)Math.Clamp(place, Math.Min(black, white), Math.Max(black, white));
            }
        }

        return moved;
    }
}
