using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The input that stands for "nothing there": where the path of <see cref="IntegratedGradients"/> starts, what <see cref="Occlusion"/> covers with.</summary>
/// <remarks>Values are the network's, after preprocessing: 0 is the mean colour of a normalised picture, and <see cref="Black"/> is another one.</remarks>
public abstract partial record Baseline
{
    private protected Baseline() { }

    /// <summary>0 everywhere.</summary>
    public static Baseline Zero { get; } = new Constant(0);

    /// <summary>The mean of every channel over the sample's own pixels.</summary>
    public static Baseline Mean { get; } = new OwnMean();

    /// <summary>One value everywhere.</summary>
    public static Baseline Value(float value) => new Constant(value);

    /// <summary>A value for each channel.</summary>
    public static Baseline Channels(params float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new PerChannel([.. values]);
    }

    /// <summary>What black becomes under a preprocessing.</summary>
    public static Baseline Black(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        int channels = Math.Max(preprocessing.Mean.Count, preprocessing.Std.Count);
        float[] values = [.. Enumerable.Range(0, channels).Select(c => (float)(-At(preprocessing.Mean, c) / At(preprocessing.Std, c)))];
        return channels == 1 ? Value(values[0]) : Channels(values);

        static double At(IReadOnlyList<double> list, int channel) => list[list.Count == 1 ? 0 : channel];
    }

    /// <summary>The sample's own pixels, each channel blurred by a Gaussian; beyond the border they repeat (Sturmfels, Lundberg and Lee 2020).</summary>
    /// <param name="deviation">The standard deviation in pixels.</param>
    public static Baseline Blurred(double deviation) => deviation is > 0 and < 10_000
        ? new OwnBlurred(deviation)
        : throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "a blur has a standard deviation above 0 and below 10000 pixels");

    /// <summary>Another picture.</summary>
    public static Baseline Of(PreparedInput picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return new Given(picture.Source, _ => picture.Tensor);
    }

    /// <summary>Values for the only input: one sample for all, or one for each.</summary>
    public static Baseline Of(Tensor<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Given("given values", _ => values);
    }

    /// <summary>Values by the name of the input: one sample for all, or one for each.</summary>
    public static Baseline Of(IReadOnlyDictionary<string, Tensor<float>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Given("given values", input => values.TryGetValue(input.Name, out Tensor<float>? own) || values.TryGetValue(input.Output, out own)
            ? own
            : throw new PreimageException($"the baseline has no values for input '{input.Name}', but for {string.Join(", ", values.Keys)}"));
    }

    /// <summary>The baselines of all samples of an input.</summary>
    /// <exception cref="PreimageException">It does not fit the input.</exception>
    internal float[] For(Node input, AttributionInputs inputs)
    {
        Shape shape = inputs.Shapes[input].WithSamples(1);
        var values = new float[inputs[input].Length];
        for (int n = 0; n < inputs.Samples; n++)
            Fill(input, shape, n, inputs.Samples, inputs.Sample(input, n), values.AsSpan(n * shape.Count, shape.Count));
        return values;
    }

    /// <summary>The baseline of a sample.</summary>
    private protected abstract void Fill(Node input, Shape shape, int sample, int samples, ReadOnlySpan<float> own, Span<float> values);
}
