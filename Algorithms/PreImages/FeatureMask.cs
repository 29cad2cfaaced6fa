using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>Which units of a node a representation is compared in.</summary>
public abstract record FeatureMask
{
    private protected FeatureMask() { }

    /// <summary>The central square of units of every channel; n units a side, or all where there are fewer (spec 6.5, "neighbourhood n").</summary>
    public static FeatureMask Window(int size) => size >= 1
        ? new CentreMask(size)
        : throw new ArgumentOutOfRangeException(nameof(size), size, "a window has at least 1 unit");

    /// <summary>A box of units of every channel.</summary>
    public static FeatureMask Box(int top, int left, int height, int width) => new BoxMask(top, left, height, width);

    /// <summary>All units of some channels that follow each other.</summary>
    public static FeatureMask Channels(int first, int count) => new ChannelMask(first, count);

    /// <summary>All units of one of several groups of channels of equal size.</summary>
    /// <param name="index">The group, from 0.</param>
    /// <param name="of">How many groups there are; the paper has 2.</param>
    public static FeatureMask Group(int index, int of = 2) => new GroupMask(index, of);

    /// <summary>A weight, at least 0, for every unit of one sample.</summary>
    public static FeatureMask Of(params float[] weights) => new ArrayMask(weights);

    /// <summary>The numbers it was given, which its name does not tell.</summary>
    internal virtual ReadOnlySpan<float> Data => [];

    /// <summary>The weights for a node of that shape, one sample.</summary>
    /// <exception cref="PreimageException">The mask does not fit the node, or leaves nothing.</exception>
    internal float[] For(Shape shape, string node)
    {
        var mask = new float[shape.SampleCount];
        Fill(mask, shape, node);
        return mask.AsSpan().ContainsAnyExcept(0f) ? mask : throw new PreimageException($"{this} leaves no unit of node '{node}' ({shape})");
    }

    private protected abstract void Fill(Span<float> mask, Shape shape, string node);

    private protected static void FillBox(Span<float> mask, Shape shape, int top, int left, int height, int width)
    {
        for (int c = 0; c < shape.C; c++)
            for (int y = top; y < top + height; y++)
                mask.Slice((c * shape.H + y) * shape.W + left, width).Fill(1);
    }

    sealed record CentreMask(int Size) : FeatureMask
    {
        private protected override void Fill(Span<float> mask, Shape shape, string node)
        {
            int height = Math.Min(Size, shape.H), width = Math.Min(Size, shape.W);
            // ceil((size - n + 1) / 2) counted from 1 is (size - n) / 2 rounded down, counted from 0.
            FillBox(mask, shape, (shape.H - height) / 2, (shape.W - width) / 2, height, width);
        }

        public override string ToString() => $"the central window of {Size}";
    }

    sealed record BoxMask(int Top, int Left, int Height, int Width) : FeatureMask
    {
        private protected override void Fill(Span<float> mask, Shape shape, string node)
        {
            if (Top < 0 || Left < 0 || Height < 1 || Width < 1 || Height > shape.H - Top || Width > shape.W - Left)
                throw new PreimageException($"{this} does not lie within node '{node}', which has {shape.H}x{shape.W} units a channel");
            FillBox(mask, shape, Top, Left, Height, Width);
        }

        public override string ToString() => $"the box of {Height}x{Width} units at ({Top}, {Left})";
    }

    sealed record ChannelMask(int First, int Count) : FeatureMask
    {
        private protected override void Fill(Span<float> mask, Shape shape, string node)
        {
            if (First < 0 || Count < 1 || Count > shape.C - First)
                throw new PreimageException($"{this} are not there: node '{node}' has channels 0 to {shape.C - 1}");
            int plane = shape.H * shape.W;
            mask.Slice(First * plane, Count * plane).Fill(1);
        }

        public override string ToString() => $"channels {First} to {First + Count - 1}";
    }

    sealed record GroupMask(int Index, int Groups) : FeatureMask
    {
        private protected override void Fill(Span<float> mask, Shape shape, string node)
        {
            if (Groups < 1 || shape.C % Groups != 0 || (uint)Index >= (uint)Groups)
                throw new PreimageException($"{this} is not there: node '{node}' has {shape.C} channels, which must be a multiple of the groups, and groups count from 0");
            int size = shape.C / Groups * shape.H * shape.W;
            mask.Slice(Index * size, size).Fill(1);
        }

        public override string ToString() => $"group {Index} of {Groups} groups of channels";
    }

    sealed record ArrayMask(float[] Weights) : FeatureMask
    {
        internal override ReadOnlySpan<float> Data => Weights;

        private protected override void Fill(Span<float> mask, Shape shape, string node)
        {
            if (Weights.Length != mask.Length)
                throw new PreimageException($"{this} does not fit node '{node}', which has {mask.Length} units a sample");
            int bad = Array.FindIndex(Weights, w => !(w >= 0 && float.IsFinite(w)));
            if (bad >= 0)
                throw new PreimageException($"{this} has {Weights[bad]} at {bad}: weights are finite and at least 0");
            Weights.CopyTo(mask);
        }

        public override string ToString() => $"a mask of {Weights.Length} weights";
    }
}
