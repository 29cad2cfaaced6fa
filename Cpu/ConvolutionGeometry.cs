namespace Preimage.Cpu;

/// <summary>One convolution (cross-correlation) problem without its batch: C x H x W in, K x OutH x OutW out, R x S taps.</summary>
/// <remarks>Weights are [K][C/Groups][R][S]. Output (k, i, j) reads input rows i*StrideY + r*DilationY - PadTop, columns likewise;
/// outside the plane is zero. OutH and OutW are given, not derived, so bottom and right padding need no field.</remarks>
internal readonly record struct ConvolutionGeometry
{
    public required int C { get; init; }
    public required int H { get; init; }
    public required int W { get; init; }
    public required int K { get; init; }
    public required int OutH { get; init; }
    public required int OutW { get; init; }
    public required int R { get; init; }
    public required int S { get; init; }
    public int StrideY { get; init; } = 1;
    public int StrideX { get; init; } = 1;
    public int PadTop { get; init; }
    public int PadLeft { get; init; }
    public int DilationY { get; init; } = 1;
    public int DilationX { get; init; } = 1;
    public int Groups { get; init; } = 1;

    public ConvolutionGeometry() { }

    /// <summary>Multiply-adds of one sample.</summary>
    public long MultiplyAdds => (long)K * (C / Groups) * R * S * OutH * OutW;
}
