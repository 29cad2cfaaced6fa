using System.Runtime.InteropServices;
using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>What a GPU says of itself.</summary>
public sealed unsafe class CudaDevice
{
    /// <summary>The oldest generation our kernels run on: CUDA 13 begins there.</summary>
    internal static readonly Version OldestCapability = new(7, 5);

    const int NameBytes = 256;
    const int BusIdBytes = 32;

    CudaDevice(int ordinal, int native)
    {
        Ordinal = ordinal;
        Native = native;
        byte* text = stackalloc byte[NameBytes];
        cuDeviceGetName(text, NameBytes, native).ThrowIfFailed();
        Name = Marshal.PtrToStringUTF8((nint)text)!;
        cuDeviceGetPCIBusId(text, BusIdBytes, native).ThrowIfFailed();
        PciBusId = Marshal.PtrToStringUTF8((nint)text)!;
        CUuuid uuid;
        cuDeviceGetUuid_v2(&uuid, native).ThrowIfFailed();
        Uuid = new Guid((ReadOnlySpan<byte>)uuid, bigEndian: true);
        nuint total;
        cuDeviceTotalMem_v2(&total, native).ThrowIfFailed();
        TotalMemory = (long)total;
        ComputeCapability = new Version(
            Attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR), Attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
        Multiprocessors = Attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        ThreadsPerMultiprocessor = Attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR);
        ThreadsPerBlock = Attribute(CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
        SharedMemoryPerBlock = Attribute(CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK);
        LevelTwoCache = Attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
        HasMemoryPools = Attribute(CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED) != 0;
    }

    /// <summary>How many devices the driver shows; 0 where there is no driver.</summary>
    /// <remarks>CUDA_VISIBLE_DEVICES hides and reorders them: <see cref="Uuid"/> is what identifies one.</remarks>
    public static int Count
    {
        get
        {
            if (!CudaLibraries.IsAvailable) return 0;
            int count;
            cuDeviceGetCount(&count).ThrowIfFailed();
            return count;
        }
    }

    /// <summary>The number by which the driver counts it.</summary>
    public int Ordinal { get; }

    /// <summary>Its product name.</summary>
    public string Name { get; }

    /// <summary>Identifies the device, whatever its number.</summary>
    public Guid Uuid { get; }

    /// <summary>Its place on the PCI bus: domain:bus:device.function.</summary>
    public string PciBusId { get; }

    /// <summary>The generation of its instruction set, like 9.0.</summary>
    public Version ComputeCapability { get; }

    /// <summary>Streaming multiprocessors.</summary>
    public int Multiprocessors { get; }

    /// <summary>Threads that one multiprocessor holds at a time.</summary>
    public int ThreadsPerMultiprocessor { get; }

    /// <summary>The most threads of a block.</summary>
    public int ThreadsPerBlock { get; }

    /// <summary>Bytes of shared memory that a block may have without asking for more.</summary>
    public int SharedMemoryPerBlock { get; }

    /// <summary>Bytes of the second-level cache.</summary>
    public int LevelTwoCache { get; }

    /// <summary>Bytes of device memory.</summary>
    public long TotalMemory { get; }

    /// <summary>Whether memory can be allocated in the order of a stream.</summary>
    public bool HasMemoryPools { get; }

    /// <summary>Whether it is of a generation that our kernels run on.</summary>
    internal bool IsSupported => ComputeCapability >= OldestCapability;

    /// <summary>The CUdevice.</summary>
    internal int Native { get; }

    /// <summary>Asks a device for what it is.</summary>
    /// <exception cref="NativeLibraryMissingException">There is no driver; the message lists every place tried.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    public static CudaDevice Get(int ordinal)
    {
        CudaLibraries.RequireDriver();
        int count, device;
        cuDeviceGetCount(&count).ThrowIfFailed();
        if ((uint)ordinal >= (uint)count)
            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal, count == 0 ? "The driver shows no CUDA device." : $"CUDA devices 0..{count - 1} are here.");
        cuDeviceGet(&device, ordinal).ThrowIfFailed();
        return new CudaDevice(ordinal, device);
    }

    /// <summary>The first device that networks can run on, with cuBLAS and cuDNN here; null where there is none. Never throws.</summary>
    internal static CudaDevice? FindUsable()
    {
        try
        {
            // Before the libraries, which take a while to load.
            for (int ordinal = 0, count = Count; ordinal < count; ordinal++)
            {
                if (Get(ordinal) is { IsSupported: true } device) return CudaLibraries.FindMissing().Count == 0 ? device : null;
            }
        }
        catch (CudaException)
        {
            // A device that does not even say what it is will not do.
        }
        return null;
    }

    /// <summary>Name, compute capability and memory in one line.</summary>
    public override string ToString() => $"{Name} (compute {ComputeCapability}, {TotalMemory >> 20} MiB)";

    /// <summary>The device of a CUdevice.</summary>
    internal static CudaDevice FromNative(int native)
    {
        int count, device;
        cuDeviceGetCount(&count).ThrowIfFailed();
        for (int ordinal = 0; ordinal < count; ordinal++)
        {
            cuDeviceGet(&device, ordinal).ThrowIfFailed();
            if (device == native) return new CudaDevice(ordinal, native);
        }
        throw new ArgumentOutOfRangeException(nameof(native), native, $"The driver shows no such device among its {count}.");
    }

    int Attribute(int attribute)
    {
        int value;
        cuDeviceGetAttribute(&value, attribute, Native).ThrowIfFailed();
        return value;
    }
}
