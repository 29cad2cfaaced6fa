using Preimage.Layers.Resampling;

namespace Preimage.Layers.Tests.Resampling;

public sealed class ResamplingTableTests
{
    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (string name in s_makers.Keys)
            {
                foreach (var (input, output) in new[] { (1, 1), (1, 5), (5, 1), (7, 7), (5, 10), (13, 4), (17, 23), (256, 31) })
                    cases.Add(name, input, output);
            }
            return cases;
        }
    }

    static readonly Dictionary<string, Func<int, int, ResamplingTable>> s_makers = new()
    {
        ["pil nearest"] = (i, o) => ResamplingTable.Pil(ResamplingFilter.Nearest, i, o),
        ["pil bilinear"] = (i, o) => ResamplingTable.Pil(ResamplingFilter.Bilinear, i, o),
        ["pil bicubic"] = (i, o) => ResamplingTable.Pil(ResamplingFilter.Bicubic, i, o),
        ["matlab nearest"] = (i, o) => ResamplingTable.Matlab(ResamplingFilter.Nearest, i, o),
        ["matlab bilinear"] = (i, o) => ResamplingTable.Matlab(ResamplingFilter.Bilinear, i, o),
        ["matlab bicubic"] = (i, o) => ResamplingTable.Matlab(ResamplingFilter.Bicubic, i, o),
        ["onnx nearest"] = (i, o) => ResamplingTable.OnnxNearest(i, o),
        ["onnx linear"] = (i, o) => ResamplingTable.OnnxLinear(i, o, ResizeCoordinates.AlignCorners),
    };

    [Theory, MemberData(nameof(Cases))]
    public void Table_RowsAreSortedAndSumToOne(string name, int input, int output)
    {
        var table = s_makers[name](input, output);
        Assert.Equal((input, output), (table.InputLength, table.OutputLength));
        for (int o = 0; o < output; o++)
        {
            double sum = 0;
            for (int t = table.Starts[o]; t < table.Starts[o + 1]; t++)
            {
                Assert.InRange(table.Indices[t], 0, input - 1);
                if (t > table.Starts[o]) Assert.True(table.Indices[t] > table.Indices[t - 1]);
                sum += table.ExactWeights[t];
            }
            Assert.Equal(1, sum, 1e-12);
        }
    }

    [Fact]
    public void Spread_SetsSamplesApart()
    {
        var y = new float[8];
        ResamplingTable.Spread(3, 8, 2).Apply([1, 2, 3], y);
        Assert.Equal([1, 0, 2, 0, 3, 0, 0, 0], y);
        Assert.Throws<ArgumentOutOfRangeException>(() => ResamplingTable.Spread(3, 4, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ResamplingTable.Spread(3, 4, 0));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Transpose_IsTheAdjoint(string name, int input, int output)
    {
        var table = s_makers[name](input, output);
        var adjoint = table.Transpose();
        Assert.Equal((output, input), (adjoint.InputLength, adjoint.OutputLength));

        const int Outer = 2, Inner = 3;
        float[] x = Noise(Outer * input * Inner, 1), y = Noise(Outer * output * Inner, 2);
        var ax = new float[y.Length];
        var aty = new float[x.Length];
        table.Apply(x, ax, Outer, Inner);
        adjoint.Apply(y, aty, Outer, Inner);
        // Both sides sum |x||y| of order one per element; float32 keeps 6e-8 of each.
        Assert.Equal(Dot(ax, y), Dot(x, aty), 1e-6 * Math.Sqrt(x.Length * (double)y.Length));
        Assert.Equal(table.ExactWeights.ToArray(), adjoint.Transpose().ExactWeights.ToArray());
        Assert.Equal(table.Indices.ToArray(), adjoint.Transpose().Indices.ToArray());
    }

    [Fact]
    public void Apply_RefusesWrongLengths()
    {
        var table = ResamplingTable.Pil(ResamplingFilter.Bilinear, 4, 2);
        Assert.Throws<ArgumentException>(() => table.Apply(new float[5], new float[2]));
        Assert.Throws<ArgumentException>(() => table.Apply(new float[4], new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ResamplingTable.Pil(ResamplingFilter.Bilinear, 0, 2));
    }

    static float[] Noise(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
