using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The picture that guided backpropagation draws with a random network: the input, every patch of it divided by its own length.</summary>
/// <remarks>
/// Nie, Zhang and Patel 2018, Theorem 1: with N random filters w_i over patches y_j = D_j x, and a logit whose weights V_ij are random too, the map tends to
/// s_lim = N E[max(V, 0)] sum_j D_j^T E[w [w.y_j > 0]] = factor * sum_j D_j^T y_j / |y_j|, its relative error falling like 1/sqrt(N). What is drawn is
/// therefore not the input x itself.
/// </remarks>
public static class LocalNormalisation
{
    /// <summary>The factor of s_lim for normal weights: N c^2 / (2 pi).</summary>
    /// <param name="filters">N, filters or hidden units.</param>
    /// <param name="deviation">c, the deviation of both layers' weights.</param>
    public static double GaussianFactor(int filters, double deviation) => filters * deviation * deviation / (2 * Math.PI);

    /// <summary>The factor for normal weights cut at two deviations, patches having many pixels: 0.12682 N c^2.</summary>
    /// <param name="filters">N, filters or hidden units.</param>
    /// <param name="deviation">c, the deviation of both layers' weights before the cut.</param>
    public static double TruncatedFactor(int filters, double deviation)
    {
        // E[max(V, 0)] = (phi(0) - phi(2)) / inside, the variance is 1 - 4 phi(2) / inside. A product w.y over many pixels is nearly normal, so that
        // E[w [w.y > 0]] = sqrt(variance) phi(0) y/|y|.
        const double Inside = 0.954499736103642;
        double top = 1 / Math.Sqrt(2 * Math.PI), end = top * Math.Exp(-2);
        double positive = (top - end) / Inside, left = Math.Sqrt(1 - 4 * end / Inside);
        return filters * deviation * deviation * positive * left * top;
    }

    /// <summary>sum_j D_j^T y_j / |y_j| of one sample; patches that are all zero add nothing.</summary>
    /// <param name="sample">C x H x W values.</param>
    /// <param name="shape">Their shape; N is not looked at.</param>
    /// <param name="window">Kernel, steps and padding of the patches; what lies outside the plane is zero.</param>
    /// <returns>As many values.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than the shape has.</exception>
    /// <exception cref="ShapeException">No window fits the plane.</exception>
    public static float[] Of(ReadOnlySpan<float> sample, Shape shape, Window window)
    {
        ArgumentNullException.ThrowIfNull(window);
        if (shape.Rank != 4 || sample.Length != shape.Count / shape.N)
            throw new ArgumentException($"{sample.Length} values are no sample of {shape}");
        PlacedWindow placed = window.Place(shape.H, shape.W);
        var sum = new double[sample.Length];
        Span<int> taps = new int[shape.C * window.Kernel.Y * window.Kernel.X];
        for (int row = 0; row < placed.OutH; row++)
        {
            for (int column = 0; column < placed.OutW; column++)
            {
                Span<int> patch = taps[..Patch(taps, shape, window, row * window.Stride.Y - placed.Top, column * window.Stride.X - placed.Left)];
                double squares = 0;
                foreach (int at in patch)
                    squares += (double)sample[at] * sample[at];
                if (squares == 0)
                    continue;
                double scale = 1 / Math.Sqrt(squares);
                foreach (int at in patch)
                    sum[at] += sample[at] * scale;
            }
        }

        return Array.ConvertAll(sum, value => (float)value);
    }

    /// <summary>The same by a network's first layer: the patches of its first convolution, or the whole sample as one patch where that is a dense layer.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">Samples as the network takes them, one or more.</param>
    /// <returns>As many samples of the same shape.</returns>
    /// <exception cref="PreimageException">The network has neither convolution nor dense layer, or the samples are not pictures.</exception>
    public static Tensor<float> Of(Network network, Tensor<float> inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        if (network.WeightLayers.Count == 0)
            throw new PreimageException("LocalNormalisation.Of: the network has no convolution and no dense layer");
        if (inputs.Lengths is not [> 0, > 0, > 0, > 0])
            throw new PreimageException($"LocalNormalisation.Of: inputs are samples of channels, rows and columns, not {string.Join('x', inputs.Lengths.ToArray())}");
        var shape = new Shape((int)inputs.Lengths[0], (int)inputs.Lengths[1], (int)inputs.Lengths[2], (int)inputs.Lengths[3]);
        Window window = network.WeightLayers[0].Layer.Window ?? new Window { Kernel = (shape.H, shape.W) };
        var values = new float[shape.Count];
        inputs.FlattenTo(values);
        int length = shape.Count / shape.N;
        for (int n = 0; n < shape.N; n++)
            Of(values.AsSpan(n * length, length), shape, window).CopyTo(values, n * length);
        return Tensor.Create(values, inputs.Lengths);
    }

    /// <summary>Notes which values a patch holds.</summary>
    static int Patch(Span<int> taps, Shape shape, Window window, int top, int left)
    {
        int count = 0;
        for (int c = 0; c < shape.C; c++)
        {
            for (int r = 0; r < window.Kernel.Y; r++)
            {
                int y = top + r * window.Dilation.Y;
                if ((uint)y >= (uint)shape.H)
                    continue;
                for (int s = 0; s < window.Kernel.X; s++)
                {
                    int x = left + s * window.Dilation.X;
                    if ((uint)x < (uint)shape.W)
                        taps[count++] = (c * shape.H + y) * shape.W + x;
                }
            }
        }

        return count;
    }
}
