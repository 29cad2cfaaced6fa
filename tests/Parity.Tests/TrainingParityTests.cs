using Preimage.Layers;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Weights that are changed on a GPU: they go where the processor's go, and everybody sees where they are.</summary>
public class TrainingParityTests
{
    const int Batch = 3, Steps = 6;

    /// <summary>A few steps on gradients that differ by the order of sums.</summary>
    const double Bound = 1e-9;

    static readonly float[] s_rates = [.. Enumerable.Range(0, 20).Select(i => 0.05f / (i + 1))];

    [Fact]
    public void Weights_go_where_the_processors_go()
    {
        Gpu.Require();
        float[] expected = Trained(Device.Cpu, new EngineOptions()), recorded = Trained(Device.Cuda(0), new EngineOptions());
        double nmse = Agreement.Nmse(recorded, expected);
        Assert.True(nmse <= Bound, $"NMSE {nmse:E2}, at most {Bound:E0}");
        ParityReport.Add("training", "every kind of parameter", nmse);
        Agreement.SameBits(Trained(Device.Cuda(0), new EngineOptions { Synchronise = true }), recorded, "recorded against step by step");
        Gpu.LeavesNothing();

        static float[] Trained(Device device, EngineOptions options)
        {
            using Network network = SmallNetworks.Learnt();
            using var parameters = Parameters.Of(network);
            using var training = new SmallTraining(parameters, device, Batch, s_rates, options);
            training.Steps(Steps);
            return training.State();
        }
    }

    [Fact]
    public void Changes_are_seen_by_other_plans_other_devices_and_afterwards()
    {
        Gpu.Require();
        using (Network network = SmallNetworks.Learnt())
        using (var parameters = Parameters.Of(network))
        {
            float[] last;
            using (var training = new SmallTraining(parameters, Device.Cuda(0), Batch, s_rates))
            using (Engine processor = parameters.Network.On(Device.Cpu))
            using (ExecutionPlan there = processor.Plan(new PlanOptions { Batch = 2 }), other = training.Engine.Plan(new PlanOptions { Batch = 2 }))
            {
                float[] x = Draw.Normal(7, network.InputShape.WithSamples(2)), before = Run(other, x);
                for (int i = 0; i < 3; i++)
                {
                    training.Steps(2);
                    float[] after = Run(other, x);
                    Assert.NotEqual(before, after);
                    Fresh(parameters, x, after);
                    Assert.InRange(Agreement.Nmse(Run(there, x), after), 0, Bound);
                    before = after;
                }

                // Values from the host are what the next step starts from, and what a plan made before computes with.
                Parameter first = parameters.All[0];
                parameters.Write(first, Draw.Normal(9, first.Count));
                Fresh(parameters, x, Run(other, x));
                training.Steps(1);
                last = training.State();
                training.Steps(1);
            }

            Assert.NotEqual(last, SmallTraining.State(parameters));
            using Engine later = Gpu.On(parameters.Network);
            using ExecutionPlan plan = later.Plan(new PlanOptions { Batch = 2 });
            Fresh(parameters, Draw.Normal(8, network.InputShape.WithSamples(2)), Run(plan, Draw.Normal(8, network.InputShape.WithSamples(2))));
        }

        Gpu.LeavesNothing();
    }

    /// <summary>What parameters made anew from the values compute.</summary>
    static void Fresh(Parameters parameters, float[] x, float[] actual)
    {
        using Network made = parameters.ToNetwork();
        using var copy = Parameters.Of(made);
        using Engine engine = Gpu.On(copy.Network);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2 });
        Agreement.SameBits(Run(plan, x), actual, "parameters made anew");
    }

    static float[] Run(ExecutionPlan plan, float[] x)
    {
        // Two rows of the four logits.
        var y = new float[8];
        plan.Forward(x, y);
        return y;
    }
}
