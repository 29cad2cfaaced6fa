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

    [Theory]
    // No device at all, a driver that does not start, one that fails when asked, a device too old.
    [InlineData("", 0)]
    [InlineData("cuInit", 100)]
    [InlineData("cuInit", 802)]
    [InlineData("cuInit", 803)]
    [InlineData("cuInit", 999)]
    [InlineData("cuDeviceGetCount", 3)]
    [InlineData("cuDeviceGetAttribute", 999)]
    [InlineData("capability", 61)]
    public void Where_no_gpu_can_be_used_the_best_device_is_the_processor(string what, int code)
    {
        Gpu.RequireSimulator();
        if (what.Length == 0)
            Simulator.Devices(0);
        else if (what == "capability")
            Simulator.Capability(code / 10, code % 10);
        else
            Simulator.Fault(what, code, nth: 0);
        Assert.Equal(Device.Cpu, Device.Best);
        using Network network = SmallNetworks.Mixed();
        string message = Assert.Throws<DeviceException>(() => network.On(Device.Cuda(0))).Message;
        Assert.StartsWith("cuda:0 cannot be used: ", message, StringComparison.Ordinal);
        string expected = (what, code) switch
        {
            (_, 100) => "CUDA_VISIBLE_DEVICES",
            (_, 802) => "Fabric Manager",
            (_, 803) => "different versions",
            ("cuInit", 999) => "nvidia-uvm",
            ("capability", _) => "of compute 6.1, 7.5 or later is needed",
            _ => "CUDA",
        };
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Gpu.LeavesNothing();
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
