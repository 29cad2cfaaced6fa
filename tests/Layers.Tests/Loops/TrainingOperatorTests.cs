using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Loops;

/// <summary>The loss of a softmax and the steps of weights against doubles.</summary>
public sealed class TrainingOperatorTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(100, 10, 1)]
    [InlineData(5, 17, 30)]
    [InlineData(4, 1000, 3)]
    public void Loss_is_what_doubles_give(int rows, int classes, double scale)
    {
        float[] x = Draw.Normal(1, rows * classes, scale);
        int[] labels = [.. Enumerable.Range(0, rows).Select(n => n % 3 == 2 ? -1 : n * 7 % classes)];
        float factor = 1f / rows;
        (float[] signal, double[] losses, int[] predictions) = Run(rows, classes, x, labels, factor);
        for (int n = 0; n < rows; n++)
        {
            double[] row = [.. x.Skip(n * classes).Take(classes).Select(v => (double)v)];
            double max = row.Max(), sum = row.Sum(v => Math.Exp(v - max));
            Assert.Equal(Array.IndexOf(row, max), predictions[n]);
            double loss = labels[n] < 0 ? 0 : Math.Log(sum) + max - row[labels[n]];
            Assert.Equal(loss, losses[n], 1e-6 * Math.Max(1, loss));
            double[] expected = [.. row.Select((v, c) => labels[n] < 0 ? 0 : factor * (Math.Exp(v - max) / sum - (c == labels[n] ? 1 : 0)))];
            // Exponentials are right to 2 ulp, and a difference of probabilities to that of 1.
            Assert.All(expected.Zip(signal.Skip(n * classes)), p => Assert.Equal(p.First, p.Second, 4e-7 * factor));
        }
    }

    [Fact]
    public void The_first_of_equal_logits_is_predicted_and_what_is_no_class_spoils_its_row_alone()
    {
        float nan = float.NaN, low = float.NegativeInfinity;
        float[] x = [1, 3, 3, nan, 2, 2, low, low, low, 5, 1, 0, 1, 2, 3];
        (float[] signal, double[] losses, int[] predictions) = Run(5, 3, x, [0, 1, -1, 3, 2], 1);
        Assert.Equal([1, 1, 0, 0, 2], predictions);
        Assert.True(double.IsNaN(losses[1]) && double.IsNaN(losses[3]) && !double.IsNaN(losses[4]));
        Assert.Equal(0, losses[2]);
        Assert.Equal([0, 0, 0], signal[6..9]);
        Assert.All(signal[9..12], s => Assert.True(float.IsNaN(s)));
        Assert.Equal(0, signal[12..].Sum(s => (double)s), 1e-6);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(37, false)]
    [InlineData(20_000, true)]
    [InlineData(20_000, false)]
    public void Descent_is_what_doubles_give(int count, bool hasMomentum)
    {
        const float Rho = 0.9f, Decay = 0.0005f;
        float[] start = Draw.Normal(1, count), table = [0.1f, 0.05f, 0.2f];
        double[] w = Array.ConvertAll(start, v => (double)v), m = new double[count];
        using var bench = new ArrayBench();
        var shape = new Shape(1, 1, 1, count);
        DeviceArray<float> values = bench.Array(shape, start), gradient = bench.Array(shape), rates = bench.Array(new Shape(3), table);
        DeviceArray<float>? momentum = hasMomentum ? bench.Array(shape) : null;
        for (int i = 0; i < table.Length; i++)
        {
            float[] g = Draw.Normal((ulong)(10 + i), count);
            gradient.Upload(g);
            bench.Loop.Repeat(() => bench.Arrays.DescentStep(values, gradient, momentum, rates, Rho, Decay), 1, TestContext.Current.CancellationToken);
            for (int j = 0; j < count; j++)
            {
                m[j] = (hasMomentum ? Rho * m[j] : 0) - (double)Decay * w[j] - g[j];
                w[j] += table[i] * m[j];
            }

            Agreement.Close(w, values.ToArray(), 1e-6, $"iteration {i}");
        }

        // A difference of gradients: right to their rounding, however small it is.
        if (momentum is not null)
            Assert.All(m.Zip(momentum.ToArray()), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20_001)]
    public void AdaGrad_is_what_doubles_give(int count)
    {
        const float Epsilon = 1e-6f;
        float[] start = Draw.Normal(1, count), table = [0.1f, 0.05f, 0.2f];
        double[] w = Array.ConvertAll(start, v => (double)v), s = new double[count];
        using var bench = new ArrayBench();
        var shape = new Shape(1, 1, 1, count);
        DeviceArray<float> values = bench.Array(shape, start), gradient = bench.Array(shape), squares = bench.Array(shape), rates = bench.Array(new Shape(3), table);
        for (int i = 0; i < table.Length; i++)
        {
            float[] g = Draw.Normal((ulong)(10 + i), count);
            gradient.Upload(g);
            bench.Loop.Repeat(() => bench.Arrays.AdaGradStep(values, gradient, squares, rates, Epsilon), 1, TestContext.Current.CancellationToken);
            for (int j = 0; j < count; j++)
            {
                s[j] += (double)g[j] * g[j];
                w[j] -= table[i] * g[j] / (Math.Sqrt(s[j]) + Epsilon);
            }

            Agreement.Close(w, values.ToArray(), 1e-6, $"iteration {i}");
        }
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        using var bench = new ArrayBench();
        DeviceArray<float> w = bench.Array(new Shape(1, 4)), rates = bench.Array(new Shape(1), 1f), short_ = bench.Array(new Shape(1, 3));
        DeviceArray<int> labels = bench.Loop.Allocate<int>(new Shape(2)), one = bench.Loop.Allocate<int>(new Shape(1));
        DeviceArray<double> loss = bench.Doubles(1);
        Assert.StartsWith("DescentStep: gradient", Assert.Throws<ShapeException>(() => bench.Arrays.DescentStep(w, short_, null, rates, 0, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("DescentStep: momentum", Assert.Throws<ShapeException>(() => bench.Arrays.DescentStep(w, w, short_, rates, 0, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("DescentStep: rho is 2", Assert.Throws<PreimageException>(() => bench.Arrays.DescentStep(w, w, null, rates, 2, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("DescentStep: decay is -1", Assert.Throws<PreimageException>(() => bench.Arrays.DescentStep(w, w, null, rates, 0, -1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("AdaGradStep: epsilon is 0", Assert.Throws<PreimageException>(() => bench.Arrays.AdaGradStep(w, w, w, rates, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("SoftmaxLoss: labels has 2", Assert.Throws<ShapeException>(() => bench.Arrays.SoftmaxLoss(w, labels, 1, w, loss, one)).Message, StringComparison.Ordinal);
        Assert.StartsWith("SoftmaxLoss: signal", Assert.Throws<ShapeException>(() => bench.Arrays.SoftmaxLoss(w, one, 1, short_, loss, one)).Message, StringComparison.Ordinal);
    }

    static (float[] Signal, double[] Losses, int[] Predictions) Run(int rows, int classes, float[] x, int[] labels, float factor)
    {
        using var bench = new ArrayBench();
        var shape = new Shape(rows, classes);
        DeviceArray<float> signal = bench.Array(shape);
        DeviceArray<double> losses = bench.Doubles(rows);
        DeviceArray<int> predictions = bench.Loop.Allocate<int>(new Shape(rows));
        bench.Arrays.SoftmaxLoss(bench.Array(shape, x), bench.Loop.Allocate<int>(new Shape(rows), labels), factor, signal, losses, predictions);
        return (signal.ToArray(), losses.ToArray(), predictions.ToArray());
    }
}
