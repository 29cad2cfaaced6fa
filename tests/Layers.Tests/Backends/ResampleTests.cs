using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Resampling;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

public class ResampleTests
{
    [Theory]
    [InlineData(5, 7, 9, 4)]
    [InlineData(1, 1, 3, 3)]
    [InlineData(17, 19, 17, 6)]
    [InlineData(8, 33, 20, 70)]
    public void Rows_then_columns_and_back_by_the_transposed_tables(int h, int w, int outH, int outW)
    {
        ResamplingTable rows = Tent(h, outH), columns = Tent(w, outW);
        Shape input = new(2, 3, h, w), output = new(2, 3, outH, outW);
        float[] x = Draw.Normal(1, input), signal = Draw.Normal(2, output);
        float[] between = new float[6 * outH * w], y = new float[output.Count], back = new float[6 * outH * w], dx = new float[input.Count];
        rows.Apply(x, between, 6, w);
        columns.Apply(between, y, 6 * outH);
        columns.Transpose().Apply(signal, back, 6 * outH);
        rows.Transpose().Apply(back, dx, 6, w);
        foreach (EngineOptions options in OperatorBench.Options)
        {
            using var backend = new CpuBackend(options);
            using var bench = new OperatorBench(backend.CreateResample(input, output, rows, columns), [input], output);
            float[][] results = bench.Run([x], signal, BackwardRule.Gradient);
            Agreement.SameBits(y, results[0], $"forward, {options.Isa}");
            Agreement.SameBits(dx, results[1], $"backward, {options.Isa}");
        }
    }

    static ResamplingTable Tent(int from, int to) => ResamplingTable.Pil(ResamplingFilter.Bilinear, from, to);
}
