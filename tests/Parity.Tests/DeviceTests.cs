using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>Choosing a device.</summary>
public class DeviceTests
{
    [Fact]
    public void The_best_device_is_the_gpu_where_there_is_one()
    {
        Gpu.Require();
        Assert.Equal(Device.Cuda(0), Device.Best);
    }

    [Fact]
    public void A_number_too_high_is_refused_with_those_there_are()
    {
        Gpu.RequireSimulator();
        using Network network = SmallNetworks.Mixed();
        string message = Assert.Throws<DeviceException>(() => network.On(Device.Cuda(7))).Message;
        Assert.Contains("cuda:7", message, StringComparison.Ordinal);
        Assert.Contains("0..0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_devices_give_the_same_numbers()
    {
        Gpu.RequireSimulator();
        Simulator.Devices(2);
        using Network network = SmallNetworks.Mixed();
        using (Engine first = network.On(Device.Cuda(0)), second = network.On(Device.Cuda(1)))
        using (Passes here = new(first, new PlanOptions()), there = new(second, new PlanOptions()))
        {
            Agreement.SameBits(here.Forward(1), there.Forward(1), "the output");
            Agreement.SameBits(here.Backward(1, BackwardRule.Gradient)[0], there.Backward(1, BackwardRule.Gradient)[0], "the map");
        }

        Gpu.LeavesNothing();
    }

    [Fact]
    public void Forcing_an_implementation_is_refused()
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        string message = Assert.Throws<PreimageException>(() =>
            network.On(Device.Cuda(0), new EngineOptions { Force = new Dictionary<string, string> { ["Conv"] = "Gemm" } })).Message;
        Assert.Contains("'Conv'", message, StringComparison.Ordinal);
    }
}
