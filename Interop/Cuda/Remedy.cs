using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda;

/// <summary>What a user can do about errors that are no mistake of the program: a driver, a device or a container that is not as it should be.</summary>
internal static class Remedy
{
    /// <summary>The advice, to follow what the driver says; null where there is none.</summary>
    public static string? Of(CUresult status) => status switch
    {
        CUresult.CUDA_ERROR_STUB_LIBRARY => "a library that only serves linking was loaded: take its folder (stubs) out of the loader's path, or name the driver's own in PREIMAGE_CUDA",
        CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE => "another process holds the GPU for itself (compute mode exclusive)",
        CUresult.CUDA_ERROR_NO_DEVICE =>
            $"compare with nvidia-smi; CUDA_VISIBLE_DEVICES is {Quoted(Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"))}; a container must be started with its GPUs (--gpus all)",
        CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU or CUresult.CUDA_ERROR_INVALID_PTX => $"our kernels are PTX for compute {CudaDevice.OldestCapability} and later",
        CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND => "libnvidia-ptxjitcompiler.so.1, a part of the driver, is not where the loader looks; a container needs NVIDIA_DRIVER_CAPABILITIES=compute,utility",
        CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION => "update NVIDIA's driver",
        CUresult.CUDA_ERROR_JIT_COMPILATION_DISABLED => "our kernels are PTX, which the driver has to compile: unset CUDA_DISABLE_PTX_JIT",
        CUresult.CUDA_ERROR_OPERATING_SYSTEM => "the system refused the driver something, as where /dev/nvidia-uvm is missing or closed to this user",
        CUresult.CUDA_ERROR_SYSTEM_NOT_READY => "GPUs joined by NVSwitch (HGX boards) need NVIDIA's Fabric Manager of the driver's version, running",
        CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH => "libcuda.so.1 and the kernel's module are of different versions: restart after an update, or let the container use the host's libcuda.so.1",
        CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE =>
            "libcuda.so.1 is that of a cuda-compat package, which this GPU does not allow: take its folder out of the loader's path, or update the driver",
        CUresult.CUDA_ERROR_UNKNOWN => "at the start of a process often the module nvidia-uvm is not loaded (nvidia-modprobe -u), or the machine was asleep: restart it",
        _ => null,
    };

    static string Quoted(string? value) => value is null ? "not set" : $"'{value}'";
}
