using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Tests;

public sealed unsafe class MathematicsTests
{
    const float Least = 1.17549435e-38f;

    [Fact]
    public void Exponential_IsWithin1Ulp() => Check<Exp>(Math.Exp, Spread(-110, 95), 1.0);

    [Fact]
    public void Logarithm_IsWithin1Ulp() => Check<Log>(Math.Log, [.. Positive(), .. Spread(0.3f, 3)], 1.0);

    [Fact]
    public void Tanh_IsWithin2Ulps() => Check<TanhCall>(Math.Tanh, [.. Spread(-12, 12), .. Spread(-0.7f, 0.7f), 1e-20f, -1e-30f], 2.0);

    [Fact]
    public void Logistic_IsWithin2AndAHalfUlps() => Check<LogisticCall>(x => 1 / (1 + Math.Exp(-x)), Spread(-87, 95), 2.5);

    [Fact]
    public void ErrorFunction_IsWithin1_11Ulps() => Check<ErfCall>(Erf, [.. Spread(-4.5f, 4.5f), .. Spread(-1.1f, 1.1f), 1e-20f, -1e-30f, 1.08397198f], 1.11);

    [Fact]
    public void ExponentialLessOne_IsWithin2_4Ulps() => Check<LessOneCall>(ExponentialLessOne, [.. Spread(-20, 0), .. Spread(-0.01f, 0), -1e-20f, -0.0634244978f], 2.4);

    [Fact]
    public void Softplus_IsWithin2_9Ulps() => Check<SoftplusCall>(x => x > 0 ? x + LogOfOnePlus(Math.Exp(-x)) : LogOfOnePlus(Math.Exp(x)), [.. Spread(-80, 40), .. Spread(-1, 1), -3.46696711f], 2.9);

    [Theory]
    [InlineData(-0.75f)]
    [InlineData(-1.75f)]
    [InlineData(0.5f)]
    [InlineData(2f)]
    [InlineData(-3.3f)]
    [InlineData(10f)]
    public void Power_IsWithin2Ulps(float y)
    {
        PowerCall.Y = y;
        Check<PowerCall>(x => Math.Pow(x, y), [.. Positive(), .. Spread(0.3f, 3), .. Spread(1, 1000)], 2.0);
    }

    /// <summary>The bounds are the roundings counted, in units of the last place where these are smallest; other powers are the general one.</summary>
    [Theory]
    [InlineData(0.75f, 4.5)]
    [InlineData(0.5f, 2)]
    [InlineData(1, 1)]
    [InlineData(0.7f, 2)]
    public void InversePower_StaysWithinItsRoundings(float beta, double bound)
    {
        InversePowerCall.Beta = beta;
        Check<InversePowerCall>(x => Math.Pow(x, -beta), [.. Positive().Where(x => x > 1e-37f && x < 1e37f), .. Spread(0.3f, 3), .. Spread(1, 1000)], bound);
    }

    [Fact]
    public void SpecialValues_AreThoseOfTheFunctions()
    {
        foreach (float beta in (ReadOnlySpan<float>)[0.75f, 0.5f, 1, 0.7f])
            Assert.Equal([float.PositiveInfinity, 0f, 1f], new[] { 0f, float.PositiveInfinity, 1f }.Select(x => InversePower.Of<SimdScalar, float>(x, beta)));
        Assert.Equal([0f, float.PositiveInfinity, 1f], new[] { float.NegativeInfinity, float.PositiveInfinity, 0f }.Select(x => Exponential.Of<SimdScalar, float>(x)));
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, float.NaN, float.NaN, 0f],
            new[] { 0f, -0f, float.PositiveInfinity, -1f, float.NaN, 1f }.Select(x => Logarithm.Of<SimdScalar, float>(x)));
        Assert.Equal([1f, -1f, 0f, float.NaN], new[] { float.PositiveInfinity, float.NegativeInfinity, 0f, float.NaN }.Select(x => HyperbolicTangent.Of<SimdScalar, float>(x)));
        Assert.Equal([1f, 0f, 0.5f, float.NaN], new[] { float.PositiveInfinity, float.NegativeInfinity, 0f, float.NaN }.Select(x => HyperbolicTangent.Logistic<SimdScalar, float>(x)));
        Assert.Equal([float.PositiveInfinity, 0f, 0f, float.PositiveInfinity, float.NaN, 0f, float.PositiveInfinity],
            new[] { (0f, -1f), (0f, 2f), (float.PositiveInfinity, -1f), (float.PositiveInfinity, 1f), (-2f, 2f), (2f, -1e38f), (3f, 1e38f) }.Select(p => Power.Of<SimdScalar, float>(p.Item1, p.Item2)));
    }

    /// <summary>Abramowitz and Stegun 7.1.6: no two terms differ in sign.</summary>
    static double Erf(double x)
    {
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
            sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    static double ExponentialLessOne(double x) => x < -0.5 ? Math.Exp(x) - 1 : Series(n => x / n, 25);

    static double LogOfOnePlus(double z) => z > 0.1 ? Math.Log(1 + z) : Enumerable.Range(1, 25).Sum(n => -Math.Pow(-z, n) / n);

    /// <summary>The sum of terms, each the one before times a factor, the first of which is a term itself.</summary>
    static double Series(Func<int, double> factor, int terms)
    {
        double term = 1, sum = 0;
        for (int n = 1; n <= terms; n++)
            sum += term *= factor(n);
        return sum;
    }

    static void Check<TCall>(Func<double, double> truth, float[] xs, double bound) where TCall : struct, ICall
    {
        using GuardedFloats x = new([.. xs, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f]), scalar = new(x.Count);
        Run<TCall>(Isa.Scalar, x, scalar);
        double worst = 0;
        for (int i = 0; i < xs.Length; i++)
        {
            double expected = truth(xs[i]);
            double ulps = Bits.Ulps(expected, scalar.Values[i]);
            worst = Math.Max(worst, ulps);
            Assert.True(ulps <= bound, $"at {xs[i]:G9}: {scalar.Values[i]:G9} is {ulps:F2} ulp from {expected:G12}");
        }

        Assert.True(worst > 0, "nothing was rounded: the test looked at nothing");
        foreach (Isa isa in IsaChoice.Supported)
        {
            using var y = new GuardedFloats(x.Count);
            Run<TCall>(isa, x, y);
            Bits.Same(scalar.Values, y.Checked(), $"{typeof(TCall).Name} on {isa}");
        }
    }

    static void Run<TCall>(Isa isa, GuardedFloats x, GuardedFloats y) where TCall : struct, ICall
    {
        var kernel = new Kernel<TCall> { X = x.Pointer, Y = y.Pointer, Count = x.Count };
        isa.Run(ref kernel);
    }

    static float[] Spread(float from, float to) => [.. Enumerable.Range(0, 40001).Select(i => (float)(from + (to - (double)from) * i / 40000))];

    /// <summary>Every exponent of the positive numbers, subnormal ones included.</summary>
    static float[] Positive() =>
        [.. Enumerable.Range(0, 20000).Select(i => BitConverter.Int32BitsToSingle(1 + (int)((long)i * 0x7F7FFFFE / 20000))), Least, float.MaxValue, float.Epsilon];

    interface ICall
    {
        static abstract TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged;
    }

    struct Exp : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => Exponential.Of<TS, TV>(x);
    }

    struct Log : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => Logarithm.Of<TS, TV>(x);
    }

    struct TanhCall : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => HyperbolicTangent.Of<TS, TV>(x);
    }

    struct LogisticCall : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => HyperbolicTangent.Logistic<TS, TV>(x);
    }

    struct ErfCall : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => ErrorFunction.Of<TS, TV>(x);
    }

    struct LessOneCall : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => HyperbolicTangent.ExponentialLessOne<TS, TV>(x);
    }

    struct SoftplusCall : ICall
    {
        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => Logarithm.OfOnePlusExponential<TS, TV>(x);
    }

    struct PowerCall : ICall
    {
        public static float Y { get; set; }

        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => Power.Of<TS, TV>(x, TS.Broadcast(Y));
    }

    struct InversePowerCall : ICall
    {
        public static float Beta { get; set; }

        public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => InversePower.Of<TS, TV>(x, Beta);
    }

    struct Kernel<TCall> : ISimdKernel where TCall : struct, ICall
    {
        public float* X, Y;
        public int Count;

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= Count; i += TS.Width)
                TS.Store(Y + i, TCall.Of<TS, TV>(TS.Load(X + i)));
            for (; i < Count; i++)
                Y[i] = TCall.Of<SimdScalar, float>(X[i]);
        }
    }
}
