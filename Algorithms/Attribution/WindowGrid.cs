using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The windows that <see cref="Occlusion"/> slides over one input.</summary>
internal sealed class WindowGrid
{
    readonly (int Y, int X) _window, _stride, _counts;
    readonly Shape _shape;
    readonly int _channels;

    /// <summary>Lays them out.</summary>
    /// <exception cref="PreimageException">A window is larger than the picture, or a stride leaves pixels out.</exception>
    public WindowGrid(Node input, Shape shape, (int Y, int X)? window, (int Y, int X)? stride, bool eachChannel)
    {
        (Input, _shape, _channels) = (input, shape, eachChannel ? shape.C : 1);
        _window = window ?? ((shape.H + 6) / 7, (shape.W + 6) / 7);
        _stride = stride ?? ((_window.Y + 1) / 2, (_window.X + 1) / 2);
        if (_window.Y > shape.H || _window.X > shape.W)
            throw new PreimageException($"a window of {_window.Y}x{_window.X} is larger than input '{input.Name}', which has {shape.H}x{shape.W} pixels");
        if (_stride.Y > _window.Y || _stride.X > _window.X)
            throw new PreimageException($"a stride of {_stride.Y}x{_stride.X} leaves pixels out between windows of {_window.Y}x{_window.X}: at most as large");
        _counts = (Count(shape.H, _window.Y, _stride.Y), Count(shape.W, _window.X, _stride.X));
    }

    public Node Input { get; }

    /// <summary>How many there are.</summary>
    public int Windows => _channels * _counts.Y * _counts.X;

    /// <summary>Covers a window of a sample with the baseline.</summary>
    public void Cover(int window, ReadOnlySpan<float> baseline, Span<float> values)
    {
        foreach ((int at, int length) in Runs(window))
            baseline.Slice(at, length).CopyTo(values[at..]);
    }

    /// <summary>Adds a number to every pixel of a window.</summary>
    public void Add(int window, double number, Span<double> values)
    {
        foreach ((int at, int length) in Runs(window))
        {
            for (int i = at; i < at + length; i++)
                values[i] += number;
        }
    }

    /// <summary>Windows from the border on: the first that reaches it is the last, cut off there.</summary>
    static int Count(int extent, int window, int stride) => (extent - window + stride - 1) / stride + 1;

    /// <summary>The pixels of a window, row by row and channel by channel.</summary>
    IEnumerable<(int At, int Length)> Runs(int window)
    {
        int top = window / _counts.X % _counts.Y * _stride.Y, left = window % _counts.X * _stride.X, channel = window / (_counts.X * _counts.Y);
        int width = Math.Min(_window.X, _shape.W - left);
        (int first, int last) = _channels > 1 ? (channel, channel + 1) : (0, _shape.C);
        for (int c = first; c < last; c++)
        {
            for (int y = top; y < Math.Min(top + _window.Y, _shape.H); y++)
                yield return ((c * _shape.H + y) * _shape.W + left, width);
        }
    }
}
