using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>Colours from three numbers that vary independently in natural pictures: a root of the covariance of their colours.</summary>
/// <remarks>The covariance is that of the red, green and blue of all pixels of six Kodak photos (kodim03, 05, 07, 09, 10, 12), each less its photo's mean colour; the axes are its
/// eigenvectors (brightness, red against blue, both against green), each times the root of its eigenvalue. The whole is scaled so that independent numbers of variance 1
/// give channels of variance 1 in the mean.</remarks>
internal static class ColourAxes
{
    // Rows are red, green, blue.
    static readonly double[] s_matrix =
    [
        0.93145407, 0.35402393, 0.13407053,
        1.01811972, -0.00434417, -0.23089181,
        0.86004602, -0.37827527, 0.12812682,
    ];

    /// <summary>3 x 3, row-major: a row for each channel, in that order.</summary>
    public static double[] Matrix(ChannelOrder order) => order == ChannelOrder.Rgb ? [.. s_matrix] : [.. s_matrix[6..], .. s_matrix[3..6], .. s_matrix[..3]];

    /// <summary>The numbers of a colour: the inverse of such a matrix.</summary>
    public static double[] Inverse(double[] m)
    {
        double[] cofactors =
        [
            m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
        ];
        double determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6];
        return Array.ConvertAll(cofactors, c => c / determinant);
    }
}
