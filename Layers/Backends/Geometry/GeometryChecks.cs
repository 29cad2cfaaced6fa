using Preimage.Cpu;
using Preimage.Cpu.Elementwise;
using Preimage.Cpu.Orientation;
using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Geometry;

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

    /// <exception cref="ShapeException">A number is out of range, or weights or bias do not fit.</exception>
    public static void Dense(in DenseSpecification s, WeightSource weights, WeightSource? bias)
    {
        if (s.Inputs < 1 || s.Outputs < 1 || (long)s.Inputs * s.Outputs != weights.LongCount)
            throw new ShapeException($"a dense layer of {s.Inputs} inputs and {s.Outputs} outputs does not fit {weights.LongCount} weights");
        if (bias is not null && bias.Count != s.Outputs)
            throw new ShapeException($"a bias of {bias.Count} values for {s.Outputs} outputs");
    }

    /// <exception cref="ShapeException">A number is out of range.</exception>
    public static void Softmax(in SoftmaxSpecification s)
    {
        if (s.Outer < 1 || s.Extent < 1 || s.Inner < 1)
            throw new ShapeException($"a softmax over {s.Outer} x {s.Extent} x {s.Inner}: all must be at least 1");
    }

    /// <exception cref="ShapeException">A number is out of range.</exception>
    public static void LocalResponse(in LrnSpecification s)
    {
        if (s.Channels < 1 || s.Plane < 1 || s.Size < 1)
            throw new ShapeException($"normalisation over {s.Size} of {s.Channels} channels of {s.Plane} elements: all must be at least 1");
    }

    /// <exception cref="ShapeException">A number is out of range.</exception>
    public static void Orientation(in OrientationGeometry g)
    {
        Positive("orientation binning", g.Colours, g.Plane);
        if (g.Bins < 2)
            throw new ShapeException($"orientation binning into {g.Bins} bins: it takes 2 or more");
    }

    /// <exception cref="ShapeException">A number is out of range.</exception>
    public static void BlockNorm(in BlockNormGeometry g)
    {
        Positive("block normalisation", g.Channels, g.Plane, g.Period);
        if (g.Channels % g.Period != 0 || g.First < 0 || g.First >= g.Period)
            throw new ShapeException($"cells of {g.Period} channels, the norm over those from {g.First} on, do not fit {g.Channels} channels");
    }

    /// <exception cref="ShapeException">There are not as many as channels.</exception>
    public static void PerChannel(int channels, WeightSource scale, WeightSource shift)
    {
        if (scale.Count != channels || shift.Count != channels)
            throw new ShapeException($"{scale.Count} factors and {shift.Count} summands for {channels} channels");
    }

    /// <exception cref="ShapeException">The tables do not lead from the input to the output.</exception>
    public static void Resampling(Shape input, Shape output, ResamplingTable rows, ResamplingTable columns)
    {
        if (rows.InputLength != input.H || rows.OutputLength != output.H || columns.InputLength != input.W || columns.OutputLength != output.W
            || input.C != output.C)
        {
            throw new ShapeException($"tables of {rows.InputLength} to {rows.OutputLength} rows and {columns.InputLength} to {columns.OutputLength} "
                + $"columns do not lead from {input} to {output}");
        }
    }

    /// <summary>How two arrays meet under broadcasting.</summary>
    /// <exception cref="ShapeException">They do not.</exception>
    public static BroadcastPlan Broadcast(Shape a, Shape b, Shape output)
    {
        try
        {
            return new BroadcastPlan(a.ToArray(), b.ToArray(), output.ToArray());
        }
        catch (ArgumentException e)
        {
            throw new ShapeException(e.Message);
        }
    }

    /// <summary>Refuses switches that are no taps of their windows.</summary>
    /// <exception cref="PreimageException">One is not.</exception>
    public static void Switches(in PoolingGeometry g, ReadOnlySpan<int> switches)
    {
        for (int i = 0; i < switches.Length; i++)
        {
            if (!IsInWindow(g, i, switches[i]))
            {
                throw new PreimageException($"switch {i} is {switches[i]}, not a pixel of its output's window in a plane of {g.H}x{g.W} " +
                    $"(0 to {(g.H * g.W) - 1}, or -1 for none)");
            }
        }
    }

    /// <exception cref="PreimageException">The rule is not the gradient, which alone has a meaning for a function that is not linear in pieces.</exception>
    public static void RequireGradientRule(BackwardRule rule, UnaryKind kind)
    {
        if (rule.Relu == ReluRule.Gradient)
            return;
        throw new PreimageException($"the {rule.Relu} rule is undefined for {kind.ToString().ToLowerInvariant()}, which is not linear in pieces: use saliency (the gradient rule)");
    }

    /// <summary>Refuses several seeds where the samples of a batch are mixed: row n*K+k then belongs to no sample.</summary>
    /// <exception cref="PreimageException">There are several.</exception>
    public static void RequireOneSeed(in BackwardCall call, string what)
    {
        if (call.Seeds != 1)
            throw new PreimageException($"{what} mixes the samples of a batch: its backward pass takes one seed at a time, not {call.Seeds}");
    }

    /// <summary>Whether a position in the plane is a tap of an output's window, or none.</summary>
    static bool IsInWindow(in PoolingGeometry g, int output, int position)
    {
        if (position == -1)
            return true;
        int y = position / g.W - (output / g.OutW % g.OutH * g.StrideY - g.PadTop), x = position % g.W - (output % g.OutW * g.StrideX - g.PadLeft);
        return position >= 0 && position < g.H * g.W && y >= 0 && x >= 0 && y % g.DilationY == 0 && x % g.DilationX == 0
            && y / g.DilationY < g.R && x / g.DilationX < g.S;
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
