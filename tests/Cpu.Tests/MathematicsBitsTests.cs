using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Tests;

/// <summary>The bits of the functions that processor and GPU compute alike: tests/CudaSimulator/Kernels/selftest/mathematics.cpp has the same numbers.</summary>
public sealed class MathematicsBitsTests
{
    [Fact]
    public void Bits_AreThoseOfTheKernels()
    {
        Assert.Equal("CAC1D1A5", Hash(Exponential.Of<SimdScalar, float>));
        Assert.Equal("2E824F12", Hash(Logarithm.Of<SimdScalar, float>));
        Assert.Equal("048B1A80", Hash(x => Power.Of<SimdScalar, float>(x, 2.7f)));
        Assert.Equal("06EE85C6", Hash(x => InversePower.Of<SimdScalar, float>(x, 0.6f)));
        Assert.Equal("302495CC", Hash(x => InversePower.Of<SimdScalar, float>(x, 0.75f)));
        Assert.Equal("C497D9D9", Hash(HyperbolicTangent.Of<SimdScalar, float>));
        Assert.Equal("74DFE182", Hash(HyperbolicTangent.Logistic<SimdScalar, float>));
        Assert.Equal("723F7F87", Hash(ErrorFunction.Of<SimdScalar, float>));
        Assert.Equal("DE303E37", Hash(HyperbolicTangent.ExponentialLessOne<SimdScalar, float>));
        Assert.Equal("626FA955", Hash(Logarithm.OfOnePlusExponential<SimdScalar, float>));
        Assert.Equal("9FABF1E2", Hash(y => Arctangent.Angle<SimdScalar, float>(y, 1.25f)));
        Assert.Equal("ED046954", Hash(x => Arctangent.Angle<SimdScalar, float>(1.25f, x)));
        Assert.Equal("5DEDF83A", Hash(Arctangent.Floor<SimdScalar, float>));
    }

    /// <summary>FNV-1a by words over floats of every exponent and both signs; every not-a-number counts as one.</summary>
    static string Hash(Func<float, float> function)
    {
        uint hash = 2166136261;
        for (uint i = 0; i < 65536; i++)
        {
            float y = function(BitConverter.UInt32BitsToSingle(i * 65537));
            hash = (hash ^ (float.IsNaN(y) ? 0x7FC00000 : BitConverter.SingleToUInt32Bits(y))) * 16777619;
        }

        return hash.ToString("X8");
    }
}
