using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

/// <summary>Operators that work along axis 0, which is then no batch: right with one seed, refused with more.</summary>
public class BatchAxisTests
{
    static readonly Shape s_x = new(3, 2, 4);

    [Fact]
    public void Slice() => Check(b => b.CreateSlice(s_x, [2, 0, 3], [-2, 1, -1], new Shape(2, 2, 4)), new Shape(2, 2, 4),
        x => [.. from i in (int[])[2, 0] from c in (int[])[0, 1] from w in (int[])[3, 2, 1, 0] select x[(i * 2 + c) * 4 + w]]);

    [Fact]
    public void Transpose() => Check(b => b.CreateTranspose(s_x, [2, 0, 1], new Shape(4, 3, 2)), new Shape(4, 3, 2),
        x => [.. from w in Enumerable.Range(0, 4) from n in Enumerable.Range(0, 3) from c in Enumerable.Range(0, 2) select x[(n * 2 + c) * 4 + w]]);

    [Fact]
    public void Mean() => Check(b => b.CreateReduceMean(s_x, [true, false, true], new Shape(1, 2, 1)), new Shape(1, 2, 1),
        x => [.. Enumerable.Range(0, 2).Select(c => x.Where((_, i) => i / 4 % 2 == c).Sum() / 12)]);

    [Fact]
    public void Pad() => Check(b => b.CreatePad(s_x, [1, 0, -1], new Shape(5, 2, 2), PadFill.Edge, 0), new Shape(5, 2, 2),
        x => [.. from n in (int[])[0, 0, 1, 2, 2] from c in (int[])[0, 1] from w in (int[])[1, 2] select x[(n * 2 + c) * 4 + w]]);

    [Fact]
    public void Softmax() => Check(b => b.CreateSoftmax(new SoftmaxSpecification(1, 3, 8, false)), s_x, x =>
        [.. x.Select((v, i) => Math.Exp(v) / (Math.Exp(x[i % 8]) + Math.Exp(x[8 + i % 8]) + Math.Exp(x[16 + i % 8])))]);

    [Fact]
    public void Arithmetic_sums_over_the_batch_that_shares_an_input()
    {
        using var backend = new CpuBackend(new EngineOptions());
        Shape a = new(3, 2, 4), b = new(2, 1);
        using var bench = new OperatorBench(backend.CreateArithmetic(ArithmeticOperation.Mul, a, b, a), [a, b], a);
        float[] x = Draw.Normal(1, a), y = Draw.Normal(2, b), signal = Draw.Normal(3, a);
        float[][] results = bench.Run([x, y], signal, BackwardRule.Gradient);
        double[] expected = [.. Enumerable.Range(0, 2).Select(c => x.Zip(signal, (v, s) => (double)v * s).Where((_, i) => i / 4 % 2 == c).Sum())];
        Agreement.Close(expected, results[2], 1e-6, "the shared input");
        Refused(bench, [x, y], a, 1);
        // The input with a batch may still have its seeds.
        bench.Run([x, y], Draw.Normal(4, a.WithSamples(6)), BackwardRule.Gradient, seeds: 2, only: 0);
    }

    [Fact]
    public void Concat()
    {
        using var backend = new CpuBackend(new EngineOptions());
        Shape a = new(2, 3), b = new(1, 3), y = new(3, 3);
        using var bench = new OperatorBench(backend.CreateConcat(0, [a, b], y), [a, b], y);
        float[][] x = [Draw.Normal(1, a), Draw.Normal(2, b)];
        float[] signal = Draw.Normal(3, y);
        float[][] results = bench.Run(x, signal, BackwardRule.Gradient);
        Assert.Equal(x[0].Concat(x[1]), results[0]);
        Assert.Equal(signal, results[1].Concat(results[2]));
        Refused(bench, x, y, -1);
    }

    [Fact]
    public void Matrix_product_of_two_matrices_shares_the_second()
    {
        using var backend = new CpuBackend(new EngineOptions());
        Shape a = new(3, 4), b = new(4, 2), y = new(3, 2);
        using var bench = new OperatorBench(backend.CreateMatrixProduct(a, b, y), [a, b], y);
        float[][] x = [Draw.Normal(1, a), Draw.Normal(2, b)];
        float[] signal = Draw.Normal(3, y);
        double[] expected = [.. Enumerable.Range(0, 8).Select(i => Enumerable.Range(0, 3).Sum(r => (double)x[0][r * 4 + i / 2] * signal[r * 2 + i % 2]))];
        Agreement.Close(expected, bench.Run(x, signal, BackwardRule.Gradient)[2], 1e-6, "the second matrix");
        Refused(bench, x, y, 1);
        bench.Run(x, Draw.Normal(4, y.WithSamples(6)), BackwardRule.Gradient, seeds: 2, only: 0);
    }

    static void Check(Func<CpuBackend, IOperator> create, Shape output, Func<float[], IEnumerable<double>> oracle)
    {
        using var backend = new CpuBackend(new EngineOptions());
        using var bench = new OperatorBench(create(backend), [s_x], output);
        float[] x = Draw.Normal(1, s_x), signal = Draw.Normal(2, output);
        float[][] results = bench.Run([x], signal, BackwardRule.Gradient);
        Agreement.Close(oracle(x).ToArray(), results[0], 1e-6, "forward");
        var expected = new double[x.Length];
        const float step = 1f / 128;
        for (int i = 0; i < x.Length; i++)
        {
            float[] above = [.. x], below = [.. x];
            above[i] += step;
            below[i] -= step;
            expected[i] = oracle(above).Zip(oracle(below), (p, q) => p - q).Zip(signal, (d, s) => d * s).Sum() / (above[i] - (double)below[i]);
        }

        // Of the step remains f''' h^2 / 6, about 1e-5; the linear ones have none of it.
        Agreement.Close(expected, results[1], 3e-5, "backward");
        Refused(bench, [x], output, -1);
    }

    static void Refused(OperatorBench bench, float[][] x, Shape output, int only)
    {
        var error = Assert.Throws<PreimageException>(() => bench.Run(x, new float[output.Count * 2], BackwardRule.Gradient, seeds: 2, only: only));
        Assert.Contains("one seed", error.Message, StringComparison.Ordinal);
    }
}
