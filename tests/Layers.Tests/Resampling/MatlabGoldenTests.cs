using Preimage.Layers.Resampling;

namespace Preimage.Layers.Tests.Resampling;

/// <summary>MATLAB's imresize of [1 2 4 8 16].</summary>
public sealed class MatlabGoldenTests
{
    static readonly float[] s_input = [1, 2, 4, 8, 16];

    public static TheoryData<ResamplingFilter, float[]> Goldens => new()
    {
        { ResamplingFilter.Nearest, [1, 1, 2, 2, 4, 4, 8, 8, 16, 16] },
        { ResamplingFilter.Bilinear, [1, 1.25f, 1.75f, 2.5f, 3.5f, 5, 7, 10, 14, 16] },
        {
            ResamplingFilter.Bicubic,
            [0.90625f, 1.15625f, 1.65625f, 2.3828125f, 3.3359375f, 4.765625f, 6.671875f, 9.90625f, 14.46875f, 16.75f]
        },
        { ResamplingFilter.Bicubic, [1.173913f, 4.075829f, 13.391304f] },
    };

    [Theory, MemberData(nameof(Goldens))]
    public void Matlab_Golden(ResamplingFilter filter, float[] expected)
    {
        var output = new float[expected.Length];
        ResamplingTable.Matlab(filter, s_input.Length, expected.Length).Apply(s_input, output);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], output[i], 1e-6f * expected[i]);
    }
}
