using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;
using Preimage.Tests.Shared.Oracles;
using static Preimage.Tests.Shared.Cuda.Simulator;

namespace Preimage.Parity.Tests;

/// <summary>What cuDNN does at times beside what its manual says: results stay those of the processor.</summary>
public class LibraryMannersTests
{
    const double Bound = 1e-10;

    /// <summary>Factors of 10 bits of fraction are wrong by more than this.</summary>
    const double Rounded = 1e-8;

    const string Fused = "cudnnConvolutionBiasActivationForward";
    const DnnManners UnlikeOurKernels = DnnManners.FusedRefuses | DnnManners.FusedDropsNaN | DnnManners.FusedReadsAddend;

    /// <summary>Manners by their names, for the type is the tests' own.</summary>
    public static TheoryData<string, Precision> Cases
    {
        get
        {
            var cases = new TheoryData<string, Precision>();
            foreach (Precision precision in (Precision[])[Precision.Single, Precision.Strict])
            {
                foreach (DnnManners manners in Enum.GetValues<DnnManners>())
                    cases.Add($"{manners}", precision);
                cases.Add($"{DnnManners.OffersDefaultMath | DnnManners.RoundsToTf32}", precision);
                cases.Add($"{DnnManners.OffersFew | DnnManners.OffersWhatFails | DnnManners.WorkspaceGrows | DnnManners.DeterminismUnknown}", precision);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_ways_are_those_of_the_processor(string manners, Precision precision)
    {
        Gpu.RequireSimulator();
        Behave(Enum.Parse<DnnManners>(manners));
        using Network network = SmallNetworks.Learnt();
        var options = new PlanOptions { Batch = 2, ParametersOf = ["conv", "second", "apart", "wide"] };
        using (Engine cpu = network.On(Device.Cpu, new EngineOptions { Precision = precision }), gpu = Gpu.On(network, precision))
        using (Passes expected = new(cpu, options), actual = new(gpu, options))
        {
            Compare("output", expected.Forward(1), actual.Forward(1));
            actual.Plan.Import(expected.Plan.Export());
            Compare("gradient", expected.Backward(1, BackwardRule.Gradient)[0], actual.Backward(1, BackwardRule.Gradient)[0]);
            foreach (Node node in expected.Plan.ParameterNodes)
            {
                foreach (string role in ParameterOracle.Roles(node.Layer))
                {
                    float[] there = new float[node.Layer.Weights.Single(w => w.Key == role).Value.Count], here = new float[there.Length];
                    expected.Plan.ReadParameterGradient(node, role, there);
                    actual.Plan.ReadParameterGradient(node, role, here);
                    Compare($"gradient of {role} of {node.Name}", there, here);
                }
            }
        }

        Gpu.LeavesNothing();

        void Compare(string what, float[] there, float[] here)
        {
            double nmse = Agreement.Nmse(here, there);
            Assert.True(nmse <= Bound, $"{what}: NMSE {nmse:E2}, at most {Bound:E0}");
        }
    }

    /// <summary>Without a way back bias and rectifier are cuDNN's, unless its call does something else than our kernels.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Rectified_values_are_those_of_the_processor(string manners, Precision precision)
    {
        Gpu.RequireSimulator();
        Behave(Enum.Parse<DnnManners>(manners));
        using Network network = Rectified();
        float[] x = Draw.Normal(2, network.InputShape), expected = Once(network, Device.Cpu, precision, x), actual;
        x[17] = float.NaN;
        float[] broken = Once(network, Device.Cpu, precision, x);
        using (Engine gpu = Gpu.On(network, precision))
        using (ExecutionPlan plan = gpu.Plan(new PlanOptions()))
        {
            long before = Calls(Fused);
            actual = new float[expected.Length];
            plan.Forward(x, actual);
            Assert.Equal((Enum.Parse<DnnManners>(manners) & UnlikeOurKernels) == 0, Calls(Fused) > before);
        }

        Assert.Equal(broken.Select(float.IsNaN), actual.Select(float.IsNaN));
        Assert.Contains(actual, float.IsNaN);
        Assert.True(Agreement.Nmse([.. actual.Where(v => !float.IsNaN(v))], [.. broken.Where(v => !float.IsNaN(v))]) <= Bound);
        Gpu.LeavesNothing();
    }

    [Fact]
    public void Only_the_fast_precision_rounds_factors()
    {
        Gpu.RequireSimulator();
        Behave(DnnManners.OffersDefaultMath | DnnManners.RoundsToTf32);
        using Network network = Rectified();
        float[] x = Draw.Normal(2, network.InputShape), exact = Once(network, Device.Cpu, Precision.Single, x);
        Assert.InRange(Agreement.Nmse(Once(network, Device.Cuda(0), Precision.Fast, x), exact), Rounded, 1e-5);
        Assert.InRange(Agreement.Nmse(Once(network, Device.Cuda(0), Precision.Single, x), exact), 0, Bound);
    }

    /// <summary>A tuning made where the search's answers are in the wrong arithmetic says and gives the right one.</summary>
    [Fact]
    public void A_search_that_answers_in_the_wrong_arithmetic_is_not_believed()
    {
        Gpu.RequireSimulator();
        Behave(DnnManners.OffersDefaultMath | DnnManners.RoundsToTf32 | DnnManners.OffersWhatFails);
        using Network network = Rectified();
        float[] x = Draw.Normal(2, network.InputShape), exact = Once(network, Device.Cpu, Precision.Single, x), actual = new float[exact.Length];
        using Engine engine = Gpu.On(network);
        Assert.All(engine.Tune(new PlanOptions()).Convolutions, c => Assert.False(c.UsesTensorFloat));
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.Forward(x, actual);
        Assert.InRange(Agreement.Nmse(actual, exact), 0, Bound);
    }

    [Fact]
    public void Where_every_algorithm_refuses_the_error_names_them()
    {
        Gpu.RequireSimulator();
        Fault("cudnnConvolutionForward", 3000, nth: 0);
        using Network network = Rectified();
        using Engine engine = Gpu.On(network);
        string message = Assert.Throws<PreimageException>(() => engine.Plan(new PlanOptions())).Message;
        foreach (string part in (string[])["PrecomputedGemm", "ImplicitGemm", "CUDNN_STATUS_NOT_SUPPORTED", "Forward 1x3x9x8"])
            Assert.Contains(part, message, StringComparison.Ordinal);
    }

    /// <summary>Where there is no memory to try an algorithm in, it is taken untried, and tried when there is.</summary>
    [Fact]
    public void Want_of_memory_stops_no_plan_that_fits()
    {
        Gpu.RequireSimulator();
        using Network network = Rectified();
        float[] x = Draw.Normal(2, network.InputShape), expected = Once(network, Device.Cpu, Precision.Single, x), actual = new float[expected.Length];
        using Engine engine = Gpu.On(network);
        // Filters, bias and cuBLAS' workspace come first.
        Fault("cuMemAlloc_v2", 2, nth: 4);
        using (ExecutionPlan plan = engine.Plan(new PlanOptions()))
        {
            Assert.Equal(1, Fired("cuMemAlloc_v2"));
            Assert.Equal(0, Calls("cudnnConvolutionForward"));
            plan.Forward(x, actual);
        }

        Assert.InRange(Agreement.Nmse(actual, expected), 0, Bound);
        using ExecutionPlan second = engine.Plan(new PlanOptions());
        Assert.True(Calls(Fused) > 0);
    }

    static Network Rectified()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 9, 8));
        builder.Output(builder.Add("relu", new Relu(), builder.Add("conv", SmallNetworks.Filters(5, 4, 3), x)));
        return builder.Build();
    }

    static float[] Once(Network network, Device device, Precision precision, float[] x)
    {
        using Engine engine = network.On(device, new EngineOptions { Precision = precision });
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        float[] y = new float[plan.ShapeOf(network.Output).Count];
        plan.Forward(x, y);
        return y;
    }
}
