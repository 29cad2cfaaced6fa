using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>LRN, across channels and within one.</summary>
internal static class LrnLayers
{
    /// <summary>The filters below have this many elements at most; a 3x3 window over 256 channels needs 20,736.</summary>
    const long MaxFilters = 1 << 22;

    public static void Read(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("lrn_param");
        int size = p.Integer("local_size", 5), region = p.Integer("norm_region", 0);
        if (size < 1 || size % 2 == 0)
            throw new ShapeException($"its local_size {size} must be odd and at least 1");
        Node x = layer.Input();
        if (region == 1)
            Within(layer, x, size, p.Number("alpha", 1), p.Number("beta", 0.75f));
        else if (region == 0)
            layer.Finish(Across(size, p.Number("alpha", 1), p.Number("beta", 0.75f), p.Number("k", 1)), x);
        else
            throw new ShapeException($"its norm_region {region} is not supported: ACROSS_CHANNELS and WITHIN_CHANNEL are");
    }

    static LocalResponseNormalisation Across(int size, float alpha, float beta, float kappa) =>
        new() { Size = size, Alpha = alpha, Beta = beta, Kappa = kappa };

    /// <summary>y = x (1 + alpha/size^2 * sum of squares over size x size neighbours)^-beta, zeros outside the plane.</summary>
    /// <remarks>
    /// The neighbours of a pixel become channels side by side, by filters with a single 1, which is exact; each group of them is normalised across its
    /// channels, where the pixel itself is in the middle and so sees its group and nothing else; the middle ones are kept. Every backward pass and rule
    /// of normalisation across channels holds here as well. Caffe's own constant is 1, whatever k says.
    /// </remarks>
    static void Within(CaffeLayer layer, Node x, int size, float alpha, float beta)
    {
        Shape shape = layer.ShapeOf(x);
        SpatialShapes.RequireSpatial(shape, "normalisation within channels");
        long taps = (long)size * size;
        if (taps > MaxFilters || shape.C * taps * taps > MaxFilters)
            throw new ShapeException($"normalisation within channels over {size}x{size} pixels of {shape.C} channels is not supported: channels * size^4 may be {MaxFilters}");
        int channels = shape.C, count = (int)taps;
        var ones = new float[channels * count * count];
        for (int i = 0; i < channels * count; i++)
            ones[i * count + i % count] = 1;
        int pad = size / 2;
        Node neighbours = layer.Step("neighbours", new Convolution
        {
            Weight = new MemoryWeights(ones, channels * count, 1, size, size),
            Sliding = new Window { Kernel = (size, size), Pads = (pad, pad, pad, pad) },
            Groups = channels,
            IsFixed = true,
        }, x);
        Node normalised = layer.Step("normalised", Across(count, alpha, beta, 1), neighbours);
        layer.Finish(new Slice { Starts = [count / 2], Ends = [(long)channels * count], AxisList = [1], Steps = [count] }, normalised);
    }
}
