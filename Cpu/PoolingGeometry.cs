namespace Preimage.Cpu;

/// <summary>One pooling problem without its batch: C planes of H x W, windows of R x S taps, OutH x OutW of them.</summary>
/// <remarks>Windows are clipped to the plane: max pooling never sees padding. Average pooling divides by the taps inside the plane, or, with
/// <see cref="CountIncludesPad"/>, by the taps inside the plane grown by its four pads (a window that ceil mode lets stick out even farther is
/// clipped to that).</remarks>
internal readonly record struct PoolingGeometry
{
    public required int C { get; init; }
    public required int H { get; init; }
    public required int W { get; init; }
    public required int OutH { get; init; }
    public required int OutW { get; init; }
    public required int R { get; init; }
    public required int S { get; init; }
    public int StrideY { get; init; } = 1;
    public int StrideX { get; init; } = 1;
    public int PadTop { get; init; }
    public int PadLeft { get; init; }
    public int PadBottom { get; init; }
    public int PadRight { get; init; }
    public int DilationY { get; init; } = 1;
    public int DilationX { get; init; } = 1;
    public bool CountIncludesPad { get; init; }

    public PoolingGeometry() { }
}
