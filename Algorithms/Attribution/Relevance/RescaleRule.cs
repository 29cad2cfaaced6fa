using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>The rescale rule: samples 2n and 2n + 1 are an input and its baseline, and signals of the former are multiplied by the change of each output over the
/// change of its input between them.</summary>
/// <remarks>Signals of baselines are not looked at, and are zero below.</remarks>
internal sealed class RescaleRule : INodeRule
{
    /// <summary>Below that a difference is none and the slope at the input stands in: captum's.</summary>
    const float Least = 1e-10f;

    public bool AppliesTo(Node node) => node.Layer is Elementwise or ParametricRelu or MaxPool or GlobalPool { Maximum: true } or Softmax
        or Arithmetic { Operation: ArithmeticOperation.Mul or ArithmeticOperation.Div } or MatrixProduct or InstanceNormalisation or OrientationBinning or BlockNormalisation;

    public void Backward(in NodeBackward call)
    {
        switch (call.Node.Layer)
        {
            case Elementwise or ParametricRelu:
                Rescale(call);
                break;
            case MaxPool or GlobalPool:
                Pool(call);
                break;
            case Softmax softmax:
                Normalised(call, softmax);
                break;
            case Arithmetic or MatrixProduct:
                Multiplied(call);
                break;
            default:
                throw new PreimageException("DeepLIFT has no rule for it; explain a node below it");
        }
    }

    static void Rescale(in NodeBackward call)
    {
        using Rented x = new(call.InputShape(0).Count), y = new(x.Span.Length), signal = new(call.SignalShape.Count), slopes = new(signal.Span.Length);
        call.ReadInput(0, x.Span);
        call.ReadOutput(y.Span);
        call.ReadSignal(signal.Span);
        int size = call.InputShape(0).SampleCount, seeds = call.Seeds, pairs = call.OutputShape.N / 2;
        bool sloped = Slopes(call, x.Span, signal.Span, slopes.Span);
        for (int i = 0; i < pairs; i++)
        {
            ReadOnlySpan<float> own = x.Span.Slice(2 * i * size, size), other = x.Span.Slice((2 * i + 1) * size, size);
            ReadOnlySpan<float> up = y.Span.Slice(2 * i * size, size), down = y.Span.Slice((2 * i + 1) * size, size);
            for (int k = 0; k < seeds; k++)
            {
                Span<float> row = signal.Span.Slice((2 * i * seeds + k) * size, size);
                ReadOnlySpan<float> slope = slopes.Span.Slice((2 * i * seeds + k) * size, size);
                for (int u = 0; u < size; u++)
                {
                    float difference = own[u] - other[u];
                    row[u] = sloped && Math.Abs(difference) < Least ? slope[u] : row[u] * (up[u] - down[u]) / difference;
                }
            }

            signal.Span.Slice((2 * i + 1) * seeds * size, seeds * size).Clear();
        }

        call.WriteInputSignal(0, signal.Span);
    }

    /// <summary>Of every window the input's winner gets what the output rose, the baseline's winner what it fell, each over the change at its place.</summary>
    static void Pool(in NodeBackward call)
    {
        using Rented x = new(call.InputShape(0).Count), y = new(call.OutputShape.Count), signal = new(call.SignalShape.Count), changes = new(signal.Span.Length);
        using Rented slopes = new(x.Span.Length * call.Seeds), moved = new(x.Span.Length * call.Seeds);
        call.ReadInput(0, x.Span);
        call.ReadOutput(y.Span);
        call.ReadSignal(signal.Span);
        int size = call.InputShape(0).SampleCount, outputs = call.OutputShape.SampleCount, seeds = call.Seeds, pairs = call.OutputShape.N / 2;
        for (int i = 0; i < pairs; i++)
        {
            ReadOnlySpan<float> up = y.Span.Slice(2 * i * outputs, outputs), down = y.Span.Slice((2 * i + 1) * outputs, outputs);
            for (int k = 0; k < seeds; k++)
            {
                ReadOnlySpan<float> row = signal.Span.Slice((2 * i * seeds + k) * outputs, outputs);
                Span<float> rises = changes.Span.Slice((2 * i * seeds + k) * outputs, outputs), falls = changes.Span.Slice(((2 * i + 1) * seeds + k) * outputs, outputs);
                for (int u = 0; u < outputs; u++)
                    (rises[u], falls[u]) = (row[u] * Math.Max(up[u] - down[u], 0), row[u] * Math.Min(up[u] - down[u], 0));
            }
        }

        bool sloped = Slopes(call, x.Span, signal.Span, slopes.Span);
        call.Propagate(changes.Span);
        call.ReadInputSignal(0, moved.Span);
        for (int i = 0; i < pairs; i++)
        {
            ReadOnlySpan<float> own = x.Span.Slice(2 * i * size, size), other = x.Span.Slice((2 * i + 1) * size, size);
            for (int k = 0; k < seeds; k++)
            {
                int at = (2 * i * seeds + k) * size;
                Span<float> rises = moved.Span.Slice(at, size);
                ReadOnlySpan<float> falls = moved.Span.Slice(at + seeds * size, size), slope = slopes.Span.Slice(at, size);
                for (int u = 0; u < size; u++)
                {
                    float difference = own[u] - other[u];
                    rises[u] = sloped && Math.Abs(difference) < Least ? slope[u] : (rises[u] + falls[u]) / difference;
                }
            }
        }

        for (int i = 0; i < pairs; i++)
            moved.Span.Slice((2 * i + 1) * seeds * size, seeds * size).Clear();
        call.WriteInputSignal(0, moved.Span);
    }

    /// <summary>captum's: rescaled slopes less their mean over the units, here those of one sample.</summary>
    static void Normalised(in NodeBackward call, Softmax softmax)
    {
        Shape shape = call.OutputShape;
        if (softmax.Logarithm || (shape.Rank != 2 && shape.H * shape.W != 1))
            throw new PreimageException($"DeepLIFT has a rule for a softmax over all units of a sample, not for {(softmax.Logarithm ? "its logarithm" : $"one of {shape}")}");
        Rescale(call);
        using Rented signal = new(call.SignalShape.Count);
        call.ReadInputSignal(0, signal.Span);
        for (int row = 0; row < shape.N * call.Seeds; row++)
        {
            Span<float> own = signal.Span.Slice(row * shape.SampleCount, shape.SampleCount);
            double mean = 0;
            foreach (float value in own)
                mean += (double)value / own.Length;
            foreach (ref float value in own)
                value = (float)(value - mean);
        }

        call.WriteInputSignal(0, signal.Span);
    }

    /// <summary>A product with what no input reaches is linear.</summary>
    static void Multiplied(in NodeBackward call)
    {
        if (call.Wants(0) && call.InputCount > 1 && call.Wants(1))
            throw new PreimageException("DeepLIFT has no rule for products of two values that both depend on the input");
        if (call.Node.Layer is Arithmetic { Operation: ArithmeticOperation.Div } && !call.Wants(0))
            throw new PreimageException("DeepLIFT has no rule for what a value is divided by");
        using Rented signal = new(call.SignalShape.Count);
        call.ReadSignal(signal.Span);
        call.Propagate(signal.Span);
    }

    /// <summary>What the true slopes make of the signals, where some input is the same as in the baseline; false where none is.</summary>
    static bool Slopes(in NodeBackward call, ReadOnlySpan<float> x, ReadOnlySpan<float> signal, Span<float> slopes)
    {
        int size = call.InputShape(0).SampleCount;
        bool some = false;
        for (int i = 0; i < call.OutputShape.N / 2 && !some; i++)
        {
            for (int u = 0; u < size && !some; u++)
                some = Math.Abs(x[2 * i * size + u] - x[(2 * i + 1) * size + u]) < Least;
        }

        if (!some)
            return false;
        call.Propagate(signal);
        call.ReadInputSignal(0, slopes);
        return true;
    }
}
