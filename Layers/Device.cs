using Preimage.Interop.Cuda;

namespace Preimage.Layers;

/// <summary>Which kind of device.</summary>
public enum DeviceKind
{
    /// <summary>This machine's processor, with the widest SIMD it has.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>A device to run a network on.</summary>
/// <param name="Kind">The kind of device.</param>
/// <param name="Ordinal">Its number among its kind, from 0.</param>
public readonly record struct Device(DeviceKind Kind, int Ordinal)
{
    /// <summary>This machine's processor.</summary>
    public static Device Cpu => new(DeviceKind.Cpu, 0);

    /// <summary>The first NVIDIA GPU that can be used, with the libraries it needs, or the processor where there is none.</summary>
    public static Device Best => CudaDevice.FindUsable() is { } device ? Cuda(device.Ordinal) : Cpu;

    /// <summary>An NVIDIA GPU by its number.</summary>
    public static Device Cuda(int ordinal) => new(DeviceKind.Cuda, ordinal);

    /// <summary>cpu, or cuda:0.</summary>
    public override string ToString() => Kind == DeviceKind.Cpu ? "cpu" : $"cuda:{Ordinal}";
}
