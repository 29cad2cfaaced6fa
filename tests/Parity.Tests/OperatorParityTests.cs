using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Tests.Rules;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Every kind of layer, with every option that changes its way back: the GPU against the processor.</summary>
public class OperatorParityTests(ITestOutputHelper output)
{
    /// <summary>One operator in float32 on either side, in whichever order of summation.</summary>
    const double Bound = 1e-10;

    public static TheoryData<string> Names => [.. OperatorCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_the_processor(string name)
    {
        Gpu.Require();
        Network network = OperatorCases.All[name];
        Layer layer = network.Output.Layer;
        BackwardRule[] rules = layer is SmoothFunction
            ? [BackwardRule.Gradient]
            : [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided with { Pool = PoolRule.Centre }];
        double worst = 0;
        foreach (int seeds in new[] { 1, 3 })
        {
            using Engine cpu = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict }), gpu = Gpu.On(network);
            using Passes expected = new(cpu, new PlanOptions { Seeds = seeds }), actual = new(gpu, new PlanOptions { Seeds = seeds });
            Compare(expected.Forward(1), actual.Forward(1), "forward");
            // A unit within rounding of zero must not tell them apart: what is compared is the arithmetic.
            actual.Plan.Import(expected.Plan.Export());
            foreach (BackwardRule rule in rules)
            {
                if (Outcome(expected, rule) is not { } there)
                {
                    Assert.Null(Outcome(actual, rule));
                    continue;
                }

                float[][] here = Outcome(actual, rule)!;
                for (int i = 0; i < there.Length; i++)
                    Compare(there[i], here[i], $"{rule.Relu}, {seeds} seeds, input {i}");
            }
        }

        Gpu.LeavesNothing();
        output.WriteLine($"{name}: {worst:E1}");
        ParityReport.Add("operators", name, worst);

        void Compare(float[] there, float[] here, string what)
        {
            double nmse = Agreement.Nmse(here, there);
            worst = Math.Max(worst, nmse);
            Assert.True(nmse <= Bound, $"{name}, {what}: NMSE {nmse:E2}, at most {Bound:E0}");
        }
    }

    /// <summary>The maps, or null where the rule or the number of seeds has no meaning there.</summary>
    static float[][]? Outcome(Passes passes, BackwardRule rule)
    {
        try
        {
            return passes.Backward(1, rule);
        }
        catch (PreimageException)
        {
            return null;
        }
    }
}
