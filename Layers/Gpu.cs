using Preimage.Interop.Cuda;

namespace Preimage.Layers;

/// <summary>An NVIDIA GPU of this machine, as <see cref="Device.Cuda"/> uses it.</summary>
/// <param name="Device">How it is asked for.</param>
/// <param name="Name">Its product name.</param>
/// <param name="ComputeCapability">The generation of its instruction set, like 9.0.</param>
/// <param name="Memory">Bytes of its memory.</param>
/// <param name="PciBusId">Its place on the PCI bus: domain:bus:device.function.</param>
/// <param name="Uuid">Identifies it, whatever its number.</param>
public sealed record Gpu(Device Device, string Name, Version ComputeCapability, long Memory, string PciBusId, Guid Uuid)
{
    /// <summary>All GPUs the driver shows, in its order; none where there is no driver.</summary>
    public static IReadOnlyList<Gpu> All => [.. Enumerable.Range(0, CudaDevice.Count).Select(i => Of(CudaDevice.Get(i)))];

    /// <summary>The GPU of a device.</summary>
    /// <exception cref="DeviceException">There is none; where CUDA is not here, the message lists every place tried.</exception>
    public static Gpu Of(Device device)
    {
        if (device.Kind != DeviceKind.Cuda)
            throw new DeviceException($"{device} is no GPU");
        try
        {
            return Of(CudaDevice.Get(device.Ordinal));
        }
        catch (Exception e) when (CudaLibraries.MeansAbsence(e))
        {
            throw new DeviceException($"{device} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The driver, cuBLAS and cuDNN, as far as they are here.</summary>
    public static IReadOnlyList<DeviceLibrary> Libraries =>
        [.. CudaLibraries.Describe().Select(l => new DeviceLibrary(l.Name, CudaLibraries.Dotted(l), l.Path))];

    /// <summary>Those that are not here; where there is no driver, the driver alone, since it says which of the others would do.</summary>
    public static IReadOnlyList<MissingLibrary> MissingLibraries =>
        [.. CudaLibraries.FindMissing().Select(m => new MissingLibrary(m.Name, m.Tried))];

    /// <summary>Whether the driver is this project's simulator: its numbers are right, its times mean nothing.</summary>
    public static bool IsSimulated => CudaLibraries.IsSimulator;

    /// <summary>The name with what tells two of a kind apart.</summary>
    public override string ToString() => $"{Name}, compute {ComputeCapability}, {Memory >> 20} MiB, PCI {PciBusId}, {Uuid}";

    static Gpu Of(CudaDevice device) =>
        new(Device.Cuda(device.Ordinal), device.Name, device.ComputeCapability, device.TotalMemory, device.PciBusId, device.Uuid);
}
