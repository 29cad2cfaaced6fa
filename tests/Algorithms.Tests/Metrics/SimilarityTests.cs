using Preimage.Algorithms.Metrics;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class SimilarityTests
{
    [Fact]
    public void Spearman_shares_the_places_of_equals() =>
        // Places (1, 2.5, 2.5, 4) and (4, 1, 2.5, 2.5), less 2.5: (-1.5, 0, 0, 1.5) and (1.5, -1.5, 0, 0): -2.25 / 4.5.
        Assert.Equal(-0.5, Correlation.Spearman([1, 2, 2, 4], [3, 1, 2, 2]), 12);

    [Fact]
    public void Spearman_sees_order_alone() => Assert.Equal(1, Correlation.Spearman([-5, 0, 1, 1000], [1, 2, 3, 3.5f]), 12);

    [Fact]
    public void Spearman_is_the_naive_one()
    {
        // Rounded, so that many are equal.
        float[] a = [.. Draw.Normal(1, 500).Select(v => MathF.Round(2 * v))], b = [.. Draw.Normal(2, 500).Zip(a, (n, v) => MathF.Round(n + v))];
        double[] x = Naive(a), y = Naive(b);
        double mean = 250.5, both = x.Zip(y, (p, q) => (p - mean) * (q - mean)).Sum();
        double expected = both / Math.Sqrt(x.Sum(p => (p - mean) * (p - mean)) * y.Sum(q => (q - mean) * (q - mean)));
        Assert.Equal(expected, Correlation.Spearman(a, b), 12);

        static double[] Naive(float[] values) => [.. values.Select(v => values.Count(o => o < v) + (values.Count(o => o == v) + 1) / 2.0)];
    }

    [Fact]
    public void Spearman_of_constants_and_NaN_is_none()
    {
        Assert.True(double.IsNaN(Correlation.Spearman([1, 1], [1, 2])));
        Assert.True(double.IsNaN(Correlation.Spearman([1, float.NaN, 3], [1, 2, 3])));
        Assert.Contains("1 and 2", Assert.Throws<ArgumentException>(() => Correlation.Spearman([1], [1, 2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cosine_by_hand()
    {
        // (3 + 8) / (sqrt(5) sqrt(25)).
        Assert.Equal(11 / Math.Sqrt(125), Similarity.Cosine([1, 2], [3, 4]), 12);
        Assert.True(double.IsNaN(Similarity.Cosine([0, 0], [3, 4])));
        // Squares below the smallest double of a product of floats' squares.
        Assert.Equal(1, Similarity.Cosine([1e-40f, 0], [1e-40f, 0]), 12);
        Assert.Equal(5, Similarity.Distance([1, 2], [4, 6]), 12);
        Assert.Contains("0 and 1", Assert.Throws<ArgumentException>(() => Similarity.Cosine([], [1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Display_goes_from_0_to_1_over_all_values()
    {
        Assert.Equal([0.5f, 0, 1, 0.25f], DisplayNormalisation.Of([0, -2, 2, -1]));
        Assert.Equal([0f, 0f], DisplayNormalisation.Of([3, 3]));
    }

    [Fact]
    public void Structural_similarity_is_that_of_plain_loops_elsewhere()
    {
        // a = ((5y + 3x) mod 17) / 16, b = ((5y + 3x + yx) mod 13) / 12 over 16 x 14; numbers from NumPy, a window at a time, by centred moments in double.
        const int H = 16, W = 14;
        float[] a = Formula((y, x) => (5 * y + 3 * x) % 17 / 16.0), b = Formula((y, x) => (5 * y + 3 * x + y * x) % 13 / 12.0);
        Assert.Equal(0.18393605291137, StructuralSimilarity.Mean(a, b, H, W), 9);
        Assert.Equal(0.18393605291137, StructuralSimilarity.Mean(Array.ConvertAll(a, v => 255 * v), Array.ConvertAll(b, v => 255 * v), H, W, 255), 6);
        Assert.Equal(0.75331127075652, StructuralSimilarity.Mean(a, Array.ConvertAll(a, v => (float)(v * 0.5 + 0.1)), H, W), 9);
        Assert.Equal(1, StructuralSimilarity.Mean(a, a, H, W), 12);

        static float[] Formula(Func<int, int, double> value) => [.. Enumerable.Range(0, H * W).Select(i => (float)value(i / W, i % W))];
    }

    [Fact]
    public void Structural_similarity_needs_a_window_of_pixels()
    {
        Assert.Contains("10x11", Assert.Throws<ArgumentException>(() => StructuralSimilarity.Mean(new float[110], new float[110], 11, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("121 and 120", Assert.Throws<ArgumentException>(() => StructuralSimilarity.Mean(new float[121], new float[120], 11, 11)).Message, StringComparison.Ordinal);
    }
}
