using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>Decoding as a network of its own: filters of a layer go in, a sample each, and their images come out (spec section 5.3).</summary>
/// <remarks>Stamping filters of stride s and adding overlaps is a transposed convolution with the very filters of the forward network, uncropped.</remarks>
internal static class DecodingNetwork
{
    /// <summary>Puts the network together.</summary>
    /// <param name="steps">What happens on the way, the uppermost first; at least one.</param>
    /// <param name="filters">The shape of one filter of the layer decoded.</param>
    /// <param name="unpooling">What a pool becomes.</param>
    public static Network Build(IReadOnlyList<DecodingStep> steps, Shape filters, Unpooling unpooling)
    {
        var builder = new NetworkBuilder();
        Node at = builder.Input("filters", filters);
        (int height, int width) = (filters.H, filters.W);
        foreach (DecodingStep step in steps)
        {
            Layer layer;
            switch (step)
            {
                case DecodingStep.Stamp { Layer: var convolution }:
                    Window window = convolution.Sliding;
                    (height, width) = (
                        Grown(height, window.Dilation.Y * (window.Kernel.Y - 1) + 1, window.Stride.Y), Grown(width, window.Dilation.X * (window.Kernel.X - 1) + 1, window.Stride.X));
                    layer = new TransposedConvolution
                    {
                        Weight = convolution.Weight, Groups = convolution.Groups,
                        Sliding = new Window { Kernel = window.Kernel, Stride = window.Stride, Dilation = window.Dilation },
                    };
                    break;
                case DecodingStep.Product { Layer: var dense }:
                    layer = new Dense { Weight = dense.Weight, OutputMajor = !dense.OutputMajor, Alpha = dense.Alpha };
                    break;
                case DecodingStep.Unpool unpool:
                    (int fromHeight, int fromWidth) = (height, width);
                    (height, width) = (Grown(height, unpool.Span.Y, unpool.Stride.Y), Grown(width, unpool.Span.X, unpool.Stride.X));
                    layer = new Resample
                    {
                        Rows = Table(unpooling, fromHeight, height, unpool.Stride.Y), Columns = Table(unpooling, fromWidth, width, unpool.Stride.X),
                    };
                    break;
                case DecodingStep.Scale { Factors: var factors }:
                    layer = new BatchNormalisation
                    {
                        Scale = new MemoryWeights(factors, factors.Length), Shift = Uniform(factors.Length, 0), Mean = Uniform(factors.Length, 0), Variance = Uniform(factors.Length, 1), Epsilon = 0,
                    };
                    break;
                case DecodingStep.Unfold unfold:
                    (height, width) = (unfold.Height, unfold.Width);
                    layer = new Reshape { Extents = [-1, unfold.Channels, unfold.Height, unfold.Width] };
                    break;
                default:
                    throw new NotSupportedException($"{step}");
            }

            at = builder.Add(step.Node.Name, layer, at);
        }

        builder.Output(at);
        return builder.Build();
    }

    /// <summary>The extent that windows of a span covered, of which there were so many.</summary>
    static int Grown(int count, int span, int stride)
    {
        long grown = (long)stride * (count - 1) + span;
        return grown <= int.MaxValue ? (int)grown : throw new ShapeException($"{count} windows of {span} at stride {stride} cover {grown} places: too many for an array");
    }

    static ResamplingTable Table(Unpooling unpooling, int from, int to, int stride) => unpooling switch
    {
        Unpooling.Nearest => ResamplingTable.Matlab(ResamplingFilter.Nearest, from, to),
        Unpooling.Bilinear => ResamplingTable.Matlab(ResamplingFilter.Bilinear, from, to),
        Unpooling.Bicubic => ResamplingTable.Matlab(ResamplingFilter.Bicubic, from, to),
        Unpooling.Zeros => ResamplingTable.Spread(from, to, stride),
        _ => throw new ArgumentOutOfRangeException(nameof(unpooling), unpooling, "no such unpooling"),
    };

    static MemoryWeights Uniform(int count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return new MemoryWeights(values, count);
    }
}
