namespace Preimage.Algorithms.Imaging.Png;

/// <summary>One pass over the picture: the pixels at (X0 + i Dx, Y0 + j Dy).</summary>
internal readonly record struct PngPass(int X0, int Y0, int Dx, int Dy)
{
    public static IReadOnlyList<PngPass> Whole { get; } = [new(0, 0, 1, 1)];

    /// <summary>The seven passes of interlacing method 1.</summary>
    public static IReadOnlyList<PngPass> Adam7 { get; } =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2),
    ];

    public int Columns(int width) => width > X0 ? (width - X0 + Dx - 1) / Dx : 0;

    public int Rows(int height) => height > Y0 ? (height - Y0 + Dy - 1) / Dy : 0;
}
