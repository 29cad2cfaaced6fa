using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Parity.Tests;

/// <summary>What the CUDA half of a test runs on: the simulator, or with PREIMAGE_GPU=1 the machine's own GPU.</summary>
internal static class Gpu
{
    /// <summary>Whether it is a real one.</summary>
    public static bool IsReal { get; } = Environment.GetEnvironmentVariable("PREIMAGE_GPU") == "1";

    /// <summary>Makes it ready, or skips the test saying what is missing.</summary>
    public static void Require()
    {
        if (!IsReal)
            Simulator.Start();
    }

    /// <summary>Skips what counts the simulator's calls.</summary>
    public static void RequireSimulator()
    {
        Assert.SkipWhen(IsReal, "counts the calls of the simulator, which a real GPU does not");
        Simulator.Start();
    }

    /// <summary>A network on the device, which leaves nothing behind when it is disposed.</summary>
    public static Engine On(Network network, Precision precision = Precision.Single) => network.On(Device.Cuda(0), new EngineOptions { Precision = precision });

    /// <summary>Fails where an owned object of CUDA's is left, or the simulator has one.</summary>
    public static void LeavesNothing()
    {
        Assert.Equal(0, NativeHandle.Outstanding);
        if (!IsReal)
        {
            Assert.Equal("", Simulator.Leaks());
            Assert.Equal(0, Simulator.DamagedGuards());
        }
    }
}
