using Preimage.Layers;
using Preimage.Layers.Loops;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Every operator on arrays, the GPU against the processor: element by element the same bits, sums of doubles within their rounding.</summary>
public class ArrayParityTests(ITestOutputHelper output)
{
    /// <summary>Of the largest sum of a case: doubles joined in whichever order.</summary>
    const double SumBound = 1e-12;

    /// <summary>Products of float32 in whichever order of summation.</summary>
    const double ProductBound = 1e-10;

    public static TheoryData<string> Names => [.. ArrayCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_the_processor(string name)
    {
        Gpu.Require();
        Action<Trial> body = ArrayCases.All[name];
        (float[][] Floats, double[][] Doubles) expected = On(Device.Cpu, body), actual = On(Device.Cuda(0), body);
        for (int i = 0; i < expected.Floats.Length; i++)
            Agreement.SameBits(expected.Floats[i], actual.Floats[i], $"{name}, array {i}");
        double worst = 0;
        for (int i = 0; i < expected.Doubles.Length; i++)
            worst = Math.Max(worst, Apart(expected.Doubles[i], actual.Doubles[i]));
        output.WriteLine($"{name}: sums within {worst:E1}");
        Assert.True(worst <= SumBound, $"{name}: sums differ by {worst:E2} of the largest, at most {SumBound:E0}");
        ParityReport.Add("sums of arrays", name, worst, "relative difference");
        Gpu.LeavesNothing();
    }

    public static TheoryData<int, int, int, int> Products => new() { { 1, 1, 1, 1 }, { 7, 5, 3, 1 }, { 16, 33, 40, 3 }, { 5, 1, 64, 4 }, { 48, 48, 48, 2 } };

    [Theory]
    [MemberData(nameof(Products))]
    public void Products_agree_with_the_processor(int m, int n, int k, int products)
    {
        Gpu.Require();
        foreach ((bool transposeA, bool transposeB) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            float[][] expected = On(Device.Cpu, Body).Floats, actual = On(Device.Cuda(0), Body).Floats;
            for (int i = 0; i < expected.Length; i++)
            {
                double nmse = Agreement.Nmse(actual[i], expected[i]);
                Assert.True(nmse <= ProductBound, $"{m}x{n}x{k}, {transposeA}, {transposeB}, product {i}: NMSE {nmse:E2}, at most {ProductBound:E0}");
                ParityReport.Add("products of arrays", $"{m}x{n}x{k}", nmse);
            }

            void Body(Trial t)
            {
                DeviceArray<float> a = t.Drawn(products, m * k), b = t.Drawn(products, k * n), oneA = t.Drawn(m, k), oneB = t.Drawn(k, n);
                DeviceArray<float> c = t.Result(products, m, n), withA = t.Result(products, m, n), withB = t.Result(products, m, n);
                t.Repeat(() =>
                {
                    t.Arrays.Product(m, n, k, a, transposeA, b, transposeB, 1, 0, c);
                    t.Arrays.Product(m, n, k, oneA, transposeA, b, transposeB, 0.7f, 0.5f, withA);
                    t.Arrays.Product(m, n, k, a, transposeA, oneB, transposeB, -1.5f, 1, withB);
                });
            }
        }

        Gpu.LeavesNothing();
    }

    /// <summary>Runs a case beside a plan of a small network.</summary>
    static (float[][] Floats, double[][] Doubles) On(Device device, Action<Trial> body)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(device);
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        using DeviceLoop loop = plan.CreateLoop();
        var trial = new Trial(loop);
        body(trial);
        return trial.Results();
    }

    /// <summary>The largest difference over the largest number; infinite where only one is not a number.</summary>
    static double Apart(double[] expected, double[] actual)
    {
        double largest = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max(), worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(actual[i]))
                continue;
            double difference = Math.Abs(expected[i] - actual[i]);
            worst = Math.Max(worst, difference <= double.MaxValue ? difference / largest : double.PositiveInfinity);
        }

        return worst;
    }
}
