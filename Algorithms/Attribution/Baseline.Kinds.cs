using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

public abstract partial record Baseline
{
    sealed record Constant(float Number) : Baseline
    {
        public override string ToString() => $"{Number:G9}";

        private protected override void Fill(Node input, Shape shape, int sample, int samples, ReadOnlySpan<float> own, Span<float> values) => values.Fill(Number);
    }

    sealed record PerChannel(float[] Numbers) : Baseline
    {
        public override string ToString() => $"per channel {string.Join(", ", Numbers.Select(n => $"{n:G9}"))}";

        private protected override void Fill(Node input, Shape shape, int sample, int samples, ReadOnlySpan<float> own, Span<float> values)
        {
            int plane = shape.H * shape.W;
            if (Numbers.Length * plane != values.Length)
                throw new PreimageException($"the baseline has values for {Numbers.Length} channels, input '{input.Name}' has {values.Length / plane}");
            for (int c = 0; c < Numbers.Length; c++)
                values.Slice(c * plane, plane).Fill(Numbers[c]);
        }
    }

    sealed record OwnMean : Baseline
    {
        public override string ToString() => "mean of every channel";

        private protected override void Fill(Node input, Shape shape, int sample, int samples, ReadOnlySpan<float> own, Span<float> values)
        {
            int plane = shape.H * shape.W;
            for (int at = 0; at < values.Length; at += plane)
            {
                double sum = 0;
                foreach (float value in own.Slice(at, plane))
                    sum += value;
                values.Slice(at, plane).Fill((float)(sum / plane));
            }
        }
    }

    sealed record OwnBlurred(double Deviation) : Baseline
    {
        public override string ToString() => $"blurred, deviation {Deviation:G6} pixels";

        private protected override void Fill(Node input, Shape shape, int sample, int samples, ReadOnlySpan<float> own, Span<float> values)
        {
            if (shape.Rank < 3)
                throw new PreimageException($"input '{input.Name}' ({shape}) has no rows and columns to blur");
            // Three deviations hold 99.7 % of the bell.
            int reach = (int)Math.Ceiling(3 * Deviation), width = shape.W, height = shape.H;
            double[] bell = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(t => Math.Exp(-t * (double)t / (2 * Deviation * Deviation)))];
            double total = bell.Sum();
            var rows = new double[width * height];
            for (int at = 0; at < values.Length; at += rows.Length)
            {
                for (int i = 0; i < rows.Length; i++)
                {
                    rows[i] = 0;
                    for (int t = -reach; t <= reach; t++)
                        rows[i] += bell[t + reach] / total * own[at + i / width * width + Math.Clamp(i % width + t, 0, width - 1)];
                }

                for (int i = 0; i < rows.Length; i++)
                {
                    double sum = 0;
                    for (int t = -reach; t <= reach; t++)
                        sum += bell[t + reach] / total * rows[Math.Clamp(i / width + t, 0, height - 1) * width + i % width];
                    values[at + i] = (float)sum;
                }
            }
        }
    }

    sealed record Given(string What, Func<Node, Tensor<float>> Values) : Baseline
    {
        public override string ToString() => What;

        private protected override void Fill(Node input, Shape shape, int sample, int samples, ReadOnlySpan<float> own, Span<float> values)
        {
            ReadOnlySpan<float> given = TensorSpans.Dense(Values(input));
            if (given.Length != values.Length && given.Length != samples * values.Length)
            {
                throw new PreimageException(
                    $"the baseline of input '{input.Name}' has {given.Length} values; one sample ({shape}) has {values.Length}, all {samples} have {samples * values.Length}");
            }

            given.Slice(given.Length == values.Length ? 0 : sample * values.Length, values.Length).CopyTo(values);
        }
    }
}
