using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Captures that something else spoils: the run is right all the same, and the next one tries again.</summary>
public class SpoiltCaptureTests
{
    [Theory]
    // The driver refuses a launch, as it does for kernels that are loaded only now; a library is refused and says only that it did not run; the end comes too late.
    [InlineData("cuLaunchKernel", 900)]
    [InlineData("cuLaunchKernel", 901)]
    [InlineData("cuStreamEndCapture", 901)]
    [InlineData("cuStreamEndCapture", 904)]
    public void A_spoilt_capture_costs_no_run(string entry, int code)
    {
        Gpu.RequireSimulator();
        using Network network = SmallNetworks.Mixed();
        using (Engine engine = Gpu.On(network))
        using (var passes = new Passes(engine, new PlanOptions()))
        {
            float[] expected = passes.Forward(1);
            Simulator.Fault(entry, code);
            Agreement.SameBits(expected, passes.Forward(1), "the run whose capture was spoilt");
            Assert.Equal(1, Simulator.Fired(entry));
            Assert.Equal(0, Simulator.Calls("cuGraphLaunch"));
            Agreement.SameBits(expected, passes.Forward(1), "the next");
            Assert.Equal(1, Simulator.Calls("cuGraphLaunch"));
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Work_that_can_never_be_captured_is_run_call_by_call()
    {
        Gpu.RequireSimulator();
        using Network network = SmallNetworks.Mixed();
        using Engine engine = Gpu.On(network);
        using var passes = new Passes(engine, new PlanOptions());
        float[] expected = passes.Forward(1);
        Simulator.Fault("cuStreamEndCapture", 900, nth: 0);
        for (int run = 0; run < 6; run++)
            Agreement.SameBits(expected, passes.Forward(1), $"run {run}");
        Assert.Equal(3, Simulator.Fired("cuStreamEndCapture"));
        Assert.Equal(3, Simulator.Calls("cuStreamBeginCapture_v2"));
    }

    [Fact]
    public async Task Another_thread_may_wait_for_the_context_meanwhile()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (CudaContext context = CudaContext.Primary())
        using (Engine engine = Gpu.On(network))
        {
            float[] expected;
            using (var alone = new Passes(engine, new PlanOptions()))
                expected = alone.Forward(5);
            using var stop = new CancellationTokenSource();
            Task waiting = Task.Factory.StartNew(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        context.Synchronize();
                    }
                    catch (CudaException e)
                    {
                        Assert.Equal(900, e.Code);
                    }
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            for (int life = 0; life < 8; life++)
            {
                using var own = new Passes(engine, new PlanOptions());
                for (int run = 0; run < 5; run++)
                    Agreement.SameBits(expected, own.Forward(5), $"plan {life}, run {run}");
            }

            await stop.CancelAsync();
            await waiting;
        }

        Gpu.LeavesNothing();
    }
}
