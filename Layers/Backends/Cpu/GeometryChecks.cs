using Preimage.Cpu;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Refuses what no kernel can run, before one is made.</summary>
internal static class GeometryChecks
{
    /// <exception cref="ShapeException">A number is out of range, or the weights do not fit.</exception>
    public static void Convolution(in ConvolutionGeometry g, WeightSource weights, WeightSource? bias, int outputChannels)
    {
        Positive("a convolution", g.C, g.H, g.W, g.K, g.OutH, g.OutW, g.R, g.S);
        Positive("strides, dilations and groups", g.StrideY, g.StrideX, g.DilationY, g.DilationX, g.Groups);
        if (g.C % g.Groups != 0 || g.K % g.Groups != 0)
            throw new ShapeException($"{g.Groups} groups divide neither evenly {g.C} input nor {g.K} output channels");
        long expected = (long)g.K * (g.C / g.Groups) * g.R * g.S;
        if (weights.Count != expected)
            throw new ShapeException($"{g.K} filters of {g.C / g.Groups}x{g.R}x{g.S} have {expected} weights, not {weights.Count}");
        if (bias is not null && bias.Count != outputChannels)
            throw new ShapeException($"a bias of {bias.Count} values for {outputChannels} output channels");
    }

    /// <exception cref="ShapeException">A number is out of range.</exception>
    public static void Pooling(in PoolingGeometry g)
    {
        Positive("pooling", g.C, g.H, g.W, g.OutH, g.OutW, g.R, g.S);
        Positive("strides and dilations", g.StrideY, g.StrideX, g.DilationY, g.DilationX);
        if (g.PadTop < 0 || g.PadLeft < 0 || g.PadBottom < 0 || g.PadRight < 0)
            throw new ShapeException($"pads of a pooling window are at least 0, not {g.PadTop}, {g.PadLeft}, {g.PadBottom}, {g.PadRight}");
    }

    static void Positive(string what, params ReadOnlySpan<int> numbers)
    {
        foreach (int number in numbers)
        {
            if (number < 1)
                throw new ShapeException($"{what}: {string.Join(", ", numbers.ToArray())} must all be at least 1");
        }
    }
}
