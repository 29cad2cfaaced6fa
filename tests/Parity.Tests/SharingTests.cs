using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Contexts, streams and memory of somebody else's.</summary>
public class SharingTests
{
    [Fact]
    public void Device_memory_goes_in_and_out_without_the_host()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (CudaContext primary = CudaContext.Primary(), context = CudaContext.FromForeign(primary.Handle))
        using (Engine engine = network.On(Device.Cuda(0), new EngineOptions { Context = context }))
        using (var passes = new Passes(engine, new PlanOptions { Batch = 2 }))
        using (var theirs = new CudaStream(context))
        using (var done = new CudaEvent(context))
        {
            float[] expected = passes.Forward(3), map = passes.Backward(3, BackwardRule.Guided)[0];
            ExecutionPlan plan = passes.Plan;
            float[] x = Draw.Normal(3, plan.ShapeOf(network.Input)), seed = Draw.Normal(102, plan.SeedShape), y = new float[expected.Length], back = new float[map.Length];
            using DeviceMemory input = Bytes(x), output = Bytes(y), signal = Bytes(seed), gradient = Bytes(back);
            // Written on a stream of their own, as another library would.
            theirs.Upload<float>(input.Handle, x);
            theirs.Upload<float>(signal.Handle, seed);
            done.Record(theirs);
            plan.Stream!.WaitFor(done);
            for (int run = 0; run < 3; run++)
            {
                plan.SetInput(network.Input, input);
                plan.Forward();
                plan.Read(network.Output, output);
                plan.Backward(signal, BackwardRule.Guided);
                plan.ReadGradient(network.Input, gradient);
                plan.Stream!.Synchronize();
                theirs.Download(y, output.Handle);
                theirs.Download(back, gradient.Handle);
                Agreement.SameBits(expected, y, $"output, run {run}");
                Agreement.SameBits(map, back, $"map, run {run}");
            }

            Assert.Throws<ShapeException>(() => plan.SetInput(network.Input, output));

            DeviceMemory Bytes(float[] values) => new(context, values.Length * sizeof(float));
        }

        Gpu.LeavesNothing();
    }

    /// <summary>Making a handle of cuDNN's takes long and stops the device: plans to come use those of plans that are gone.</summary>
    [Fact]
    public void Plans_one_after_the_other_use_the_same_handles()
    {
        Gpu.RequireSimulator();
        using Network network = SmallNetworks.Mixed();
        using (Engine engine = Gpu.On(network))
        {
            float[] expected = [];
            for (int batch = 1; batch <= 3; batch++)
            {
                using var passes = new Passes(engine, new PlanOptions { Batch = batch });
                float[] first = passes.Forward(3);
                if (batch == 1)
                    expected = first;
            }

            Assert.Equal((1, 1), (Simulator.Calls("cudnnCreate"), Simulator.Calls("cublasCreate_v2")));
            using Passes here = new(engine, new PlanOptions()), there = new(engine, new PlanOptions());
            Assert.Equal((2, 2), (Simulator.Calls("cudnnCreate"), Simulator.Calls("cublasCreate_v2")));
            Agreement.SameBits(expected, here.Forward(3), "the output with a used handle");
            Agreement.SameBits(expected, there.Forward(3), "the output with a new one");
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void A_context_handed_in_keeps_its_own_way_of_waiting()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using CudaContext context = CudaContext.Primary();
        bool before = context.Synchronise;
        using (Engine engine = network.On(Device.Cuda(0), new EngineOptions { Context = context, Synchronise = true }))
        using (var passes = new Passes(engine, new PlanOptions()))
        {
            passes.Forward(1);
            Assert.Equal(before, context.Synchronise);
        }
    }

    [Fact]
    public void Device_memory_is_refused_by_plans_elsewhere()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using Engine cpu = network.On(Device.Cpu);
        using ExecutionPlan plan = cpu.Plan(new PlanOptions());
        using CudaContext context = CudaContext.Primary();
        using var memory = new DeviceMemory(context, plan.ShapeOf(network.Input).Bytes);
        Assert.Null(plan.Stream);
        string message = Assert.Throws<PreimageException>(() => plan.SetInput(network.Input, memory)).Message;
        Assert.Contains("not on cpu", message, StringComparison.Ordinal);
    }
}
