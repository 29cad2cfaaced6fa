using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Topologies;

/// <summary>The fixed filters that hand-made descriptors are convolutions with.</summary>
internal static class DescriptorFilters
{
    /// <summary>x then y derivative of every colour: scale * (I(x+1) - I(x-1)), rows downwards.</summary>
    public static Convolution Derivatives(int colours, float scale, int pad)
    {
        var weights = new float[colours * 2 * 9];
        for (int c = 0; c < colours; c++)
        {
            int x = c * 18, y = x + 9;
            (weights[x + 3], weights[x + 5]) = (-scale, scale);
            (weights[y + 1], weights[y + 7]) = (-scale, scale);
        }

        return new Convolution
        {
            Weight = new MemoryWeights(weights, 2 * colours, 1, 3, 3), Groups = colours, Sliding = new Window { Kernel = (3, 3), Pads = (pad, pad, pad, pad) },
        };
    }

    /// <summary>The same separable filter for every channel.</summary>
    public static Convolution Separable(int channels, double[] taps, int stride, int before = 0, int after = 0)
    {
        int n = taps.Length;
        var weights = new float[channels * n * n];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)(taps[i / n % n] * taps[i % n]);
        return new Convolution
        {
            Weight = new MemoryWeights(weights, channels, 1, n, n), Groups = channels,
            Sliding = new Window { Kernel = (n, n), Stride = (stride, stride), Pads = (before, before, after, after) },
        };
    }

    /// <summary>A convolution whose weights follow from filter, channel, row and column.</summary>
    public static Convolution Of(int filters, int channels, Window sliding, Func<int, int, int, int, double> weight)
    {
        (int rows, int columns) = sliding.Kernel;
        var weights = new float[filters * channels * rows * columns];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)weight(i / (rows * columns) / channels, i / (rows * columns) % channels, i / columns % rows, i % columns);
        return new Convolution { Weight = new MemoryWeights(weights, filters, channels, rows, columns), Sliding = sliding };
    }
}
