using Preimage.Layers;
using Preimage.Layers.Tests.Rules;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Whole networks: the GPU against the processor, with the GPU's own masks and switches and with the processor's.</summary>
public class NetworkParityTests
{
    /// <summary>Over the same masks and switches, for every network and picture (the parity criterion).</summary>
    const double SameRecord = 1e-10;

    /// <summary>Outputs, and maps where no unit flipped.</summary>
    const double Own = 1e-6;

    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_networks_agree(int seed)
    {
        Gpu.Require();
        using Network network = RandomNetwork.Make(seed);
        foreach ((int batch, int seeds) in new[] { (1, 1), (2, 3) })
            Compare(network, $"random network {seed}", new PlanOptions { Batch = batch, Seeds = seeds }, Precision.Single);
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Strict)]
    public void Mixed_network_agrees(Precision precision)
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        Compare(network, $"mixed, {precision}", new PlanOptions { Batch = 3, Seeds = 2 }, precision);
        using Network blocked = SmallNetworks.Blocked();
        Compare(blocked, $"blocked, {precision}", new PlanOptions { Batch = 2 }, precision);
    }

    [Theory]
    [InlineData("squeezenet", 64)]
    [InlineData("resnet-18", 64)]
    public void Topology_agrees(string name, int size)
    {
        Gpu.Require();
        using Network network = Topology.ByName(name);
        Compare(network, name, new PlanOptions { Height = Gpu.IsReal ? null : size, Width = Gpu.IsReal ? null : size }, Precision.Single);
    }

    /// <summary>Full size: minutes on the simulator.</summary>
    [Theory]
    [InlineData("vgg-16")]
    [InlineData("alexnet")]
    [InlineData("vgg-m")]
    [InlineData("tiny-vgg")]
    public void Large_topology_agrees(string name)
    {
        Assert.SkipUnless(Gpu.IsReal, "too large for the simulator: runs where PREIMAGE_GPU=1");
        using Network network = Topology.ByName(name);
        Compare(network, name, new PlanOptions(), Precision.Single);
        Compare(network, $"{name}, strict", new PlanOptions(), Precision.Strict);
    }

    static void Compare(Network network, string name, PlanOptions options, Precision precision)
    {
        using (Engine cpu = network.On(Device.Cpu, new EngineOptions { Precision = precision }))
        using (Engine gpu = Gpu.On(network, precision))
        using (Passes expected = new(cpu, options), actual = new(gpu, options))
        {
            Check("outputs", expected.Forward(1), actual.Forward(1), Own);
            ForwardRecord there = expected.Plan.Export(), here = actual.Plan.Export();
            (int flips, _) = Flips.Count(there, here);
            foreach (BackwardRule rule in s_rules)
            {
                float[][] maps = expected.Backward(1, rule), own = actual.Backward(1, rule);
                // A flipped unit is the only thing that may tell maps apart.
                for (int i = 0; flips == 0 && i < maps.Length; i++)
                    Check($"maps, own masks, {rule.Relu}", maps[i], own[i], Own);
            }

            actual.Plan.Import(there);
            foreach (BackwardRule rule in s_rules)
            {
                float[][] maps = expected.Backward(1, rule), same = actual.Backward(1, rule);
                for (int i = 0; i < maps.Length; i++)
                    Check($"maps, same masks, {rule.Relu}", maps[i], same[i], SameRecord);
            }
        }

        Gpu.LeavesNothing();

        void Check(string what, float[] expected, float[] actual, double bound)
        {
            double nmse = Agreement.Nmse(actual, expected);
            ParityReport.Add(what, name, nmse);
            Assert.True(nmse <= bound, $"{name}, {what}: NMSE {nmse:E2}, at most {bound:E0}");
        }
    }
}
