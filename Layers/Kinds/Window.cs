namespace Preimage.Layers.Kinds;

/// <summary>How padding is found.</summary>
public enum AutoPad
{
    /// <summary>As given.</summary>
    Explicit,

    /// <summary>None.</summary>
    Valid,

    /// <summary>Output extent = ceil(input / stride), the odd pixel of padding at the end (TensorFlow's SAME).</summary>
    SameUpper,

    /// <summary>Output extent = ceil(input / stride), the odd pixel of padding at the start.</summary>
    SameLower,
}

/// <summary>A sliding window over rows and columns: of a convolution or a pooling layer.</summary>
/// <remarks>One-dimensional windows lie along the columns with one row.</remarks>
public sealed record Window
{
    /// <summary>Rows and columns of the window.</summary>
    public required (int Y, int X) Kernel { get; init; }

    /// <summary>Steps between windows.</summary>
    public (int Y, int X) Stride { get; init; } = (1, 1);

    /// <summary>Steps between taps.</summary>
    public (int Y, int X) Dilation { get; init; } = (1, 1);

    /// <summary>Padding, in pixels.</summary>
    public (int Top, int Left, int Bottom, int Right) Pads { get; init; }

    /// <summary>How padding is found; <see cref="Pads"/> counts only when explicit.</summary>
    public AutoPad AutoPad { get; init; }

    /// <summary>Whether a last window that sticks out of the padded plane counts, as long as it starts inside plane and leading pad (Caffe's pooling).</summary>
    public bool CeilMode { get; init; }

    /// <summary>The window placed on a plane of known size.</summary>
    /// <param name="height">Rows of the plane.</param>
    /// <param name="width">Columns of the plane.</param>
    /// <exception cref="ShapeException">A number is out of range, or no window fits.</exception>
    public PlacedWindow Place(int height, int width)
    {
        (int top, int bottom, int outH) = Place(height, Kernel.Y, Stride.Y, Dilation.Y, Pads.Top, Pads.Bottom, "rows");
        (int left, int right, int outW) = Place(width, Kernel.X, Stride.X, Dilation.X, Pads.Left, Pads.Right, "columns");
        return new PlacedWindow(top, left, bottom, right, outH, outW);
    }

    /// <summary>Checks kernel, stride, dilation and pads by themselves.</summary>
    internal void Validate()
    {
        // A window is small in every network there is; the limit keeps the arithmetic below in range.
        const int Limit = 1 << 20;
        if (Kernel.Y is < 1 or > Limit || Kernel.X is < 1 or > Limit)
            throw new ShapeException($"kernel {Kernel.Y}x{Kernel.X} is out of range 1 to {Limit}");
        if (Stride.Y is < 1 or > Limit || Stride.X is < 1 or > Limit)
            throw new ShapeException($"stride {Stride.Y}x{Stride.X} is out of range 1 to {Limit}");
        if (Dilation.Y is < 1 or > Limit || Dilation.X is < 1 or > Limit)
            throw new ShapeException($"dilation {Dilation.Y}x{Dilation.X} is out of range 1 to {Limit}");
        if (Pads.Top is < 0 or > Limit || Pads.Left is < 0 or > Limit || Pads.Bottom is < 0 or > Limit || Pads.Right is < 0 or > Limit)
            throw new ShapeException($"padding {Pads} is out of range 0 to {Limit}");
    }

    (int Before, int After, int Out) Place(int extent, int kernel, int stride, int dilation, int before, int after, string axis)
    {
        Validate();
        long span = (long)dilation * (kernel - 1) + 1;
        if (AutoPad is AutoPad.SameUpper or AutoPad.SameLower)
        {
            int same = (extent + stride - 1) / stride;
            long total = Math.Max(((long)same - 1) * stride + span - extent, 0);
            long small = total / 2, large = total - small;
            return AutoPad == AutoPad.SameUpper ? ((int)small, (int)large, same) : ((int)large, (int)small, same);
        }

        if (AutoPad == AutoPad.Valid)
            before = after = 0;
        long room = (long)extent + before + after - span;
        if (room < 0)
            throw new ShapeException($"a window that spans {span} {axis} does not fit {extent} with {before} + {after} of padding");
        long count = room / stride + 1;
        if (CeilMode && room % stride != 0 && count * stride < (long)extent + before)
            count++;
        return (before, after, (int)count);
    }
}

/// <summary>Padding and output extents of a window on a plane of known size: window (y, x) starts at row y * stride - Top and column x * stride - Left.</summary>
/// <param name="Top">Rows of padding above.</param>
/// <param name="Left">Columns of padding to the left.</param>
/// <param name="Bottom">Rows of padding below.</param>
/// <param name="Right">Columns of padding to the right.</param>
/// <param name="OutH">Rows of windows.</param>
/// <param name="OutW">Windows in a row.</param>
public readonly record struct PlacedWindow(int Top, int Left, int Bottom, int Right, int OutH, int OutW);
