namespace Preimage.Layers.Resampling;

/// <summary>The interpolation kernels k(t) and their half widths, in input samples.</summary>
internal static class ResamplingKernel
{
    public static double HalfWidth(ResamplingFilter filter) => filter switch
    {
        ResamplingFilter.Nearest => 0.5,
        ResamplingFilter.Bilinear => 1,
        ResamplingFilter.Bicubic => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "no such filter"),
    };

    public static double Value(ResamplingFilter filter, double t) => filter switch
    {
        ResamplingFilter.Nearest => t is >= -0.5 and < 0.5 ? 1 : 0,
        ResamplingFilter.Bilinear => Math.Max(0, 1 - Math.Abs(t)),
        ResamplingFilter.Bicubic => Cubic(Math.Abs(t)),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "no such filter"),
    };

    // Keys 1981 with a = -0.5, in Horner form.
    static double Cubic(double t) =>
        t < 1 ? (1.5 * t - 2.5) * t * t + 1
        : t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2
        : 0;
}
