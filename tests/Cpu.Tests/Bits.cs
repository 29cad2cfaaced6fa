using Preimage.Tests.Shared.Processes;

namespace Preimage.Cpu.Tests;

/// <summary>Comparisons and numbers the tests share.</summary>
internal static class Bits
{
    /// <summary>Every instruction set of this machine with one and with several lanes; in a child process, which is about the one it is left, that one.</summary>
    public static IEnumerable<Execution> Executions =>
        from isa in Environment.GetEnvironmentVariable(IsaSwitches.Expected) is null ? IsaChoice.Supported : [IsaChoice.Widest]
        from lanes in new[] { 1, 2, 3 }
        select new Execution(isa, lanes);

    /// <summary>The same for theories.</summary>
    public static TheoryData<Isa, int> Matrix
    {
        get
        {
            var data = new TheoryData<Isa, int>();
            foreach (Execution execution in Executions)
                data.Add(execution.Isa, execution.Lanes);
            return data;
        }
    }

    /// <summary>Numbers between -1 and 1 that depend on the seed only.</summary>
    public static float[] Random(int seed, int count, float scale = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(2 * random.NextDouble() - 1) * scale;
        return values;
    }

    /// <summary>Equal bit for bit; any not-a-number equals any other.</summary>
    public static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = float.IsNaN(expected[i]) ? float.IsNaN(actual[i])
                : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]);
            if (!same)
                Assert.Fail($"{what}: element {i} of {expected.Length} is {actual[i]:G9}, not {expected[i]:G9}");
        }
    }

    /// <summary>Distance in units of the last place of the true value rounded to float.</summary>
    public static double Ulps(double truth, float actual)
    {
        float rounded = (float)truth;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded) || truth == 0)
            return rounded.Equals(actual) || rounded == actual ? 0 : double.PositiveInfinity;
        double unit = (double)MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded);
        return Math.Abs(actual - truth) / unit;
    }
}
