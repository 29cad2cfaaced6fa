namespace Preimage.Algorithms.Training.Data.Drawing;

/// <summary>Sine and cosine by additions and multiplications of doubles alone, which every machine rounds alike; a library's differ in the last bit.</summary>
internal static class Angle
{
    /// <summary>The cosine and the sine of an angle in degrees, within 1e-12.</summary>
    public static (double Cosine, double Sine) Of(double degrees)
    {
        double turns = degrees / 360;
        double x = (turns - Math.Floor(turns + 0.5)) * (2 * Math.PI);
        // The half angle lies within a quarter turn, where the series is short.
        double half = x / 2, square = half * half, sine = 0, cosine = 0;
        for (int n = 21; n >= 1; n -= 2)
        {
            sine = 1 - square / ((n + 1) * (n + 2)) * sine;
            cosine = 1 - square / (n * (n + 1)) * cosine;
        }

        sine *= half;
        return (cosine * cosine - sine * sine, 2 * sine * cosine);
    }
}
