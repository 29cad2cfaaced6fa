using System.Runtime.InteropServices;
using Preimage.Native;
using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuBlas;
using static Preimage.Native.Cuda.CudaDriver;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda;

/// <summary>A library of CUDA's that is in use.</summary>
/// <param name="Name">driver, cuBLAS or cuDNN.</param>
/// <param name="Version">As the library counts: 13000 is driver 13.0, 130000 cuBLAS 13.0, 91900 cuDNN 9.19.</param>
/// <param name="Path">The file or name it was loaded by.</param>
public sealed record CudaLibrary(string Name, int Version, string Path);

/// <summary>CUDA's libraries on this machine: whether they are here, which ones, and where to look for them.</summary>
public static unsafe class CudaLibraries
{
    const string Advice =
        "Install NVIDIA's driver, CUDA 12 or 13 (cuBLAS) and cuDNN 9, for example with pip install nvidia-cudnn-cu13 nvidia-cublas, " +
        "or list their folders or files in PREIMAGE_CUDA. Everything works without them on Device.Cpu.";

    /// <summary>Whether a driver can be loaded and has a device to offer. Never throws.</summary>
    public static bool IsAvailable
    {
        get
        {
            if (!Libraries.TryLoad(Libraries.Cuda, out _)) return false;
            int count = 0;
            return cuInit(0) == CUresult.CUDA_SUCCESS && cuDeviceGetCount(&count) == CUresult.CUDA_SUCCESS && count > 0;
        }
    }

    /// <summary>
    /// Folders or files to take the libraries from before looking anywhere else, separated as in PATH. Overrides PREIMAGE_CUDA;
    /// must come before the first use of CUDA in the process.
    /// </summary>
    /// <exception cref="InvalidOperationException">CUDA has been looked for already.</exception>
    public static void TakeFrom(string places)
    {
        ArgumentException.ThrowIfNullOrEmpty(places);
        if (!Libraries.TrySetCudaPath(places))
            throw new InvalidOperationException($"{nameof(TakeFrom)}(\"{places}\") comes too late: CUDA has been looked for already in this process.");
    }

    /// <summary>The libraries found, with versions and places; loads those that are here.</summary>
    public static IReadOnlyList<CudaLibrary> Describe()
    {
        var list = new List<CudaLibrary>();
        int version = 0;
        if (Libraries.TryLoad(Libraries.Cuda, out var driver) && cuDriverGetVersion(&version) == CUresult.CUDA_SUCCESS)
            list.Add(new CudaLibrary("driver", version, driver.Taken!));
        if (Libraries.TryLoad(Libraries.CuBlas, out var blas))
            list.Add(new CudaLibrary("cuBLAS", BlasVersion(), blas.Taken!));
        if (Libraries.TryLoad(Libraries.CuDnn, out var dnn))
            list.Add(new CudaLibrary("cuDNN", (int)cudnnGetVersion(), dnn.Taken!));
        return list;
    }

    /// <summary>The libraries that are not here with every place tried; without a driver it alone, since which others would do is its to say.</summary>
    internal static IReadOnlyList<(string Name, IReadOnlyList<string> Tried)> FindMissing()
    {
        var missing = new List<(string, IReadOnlyList<string>)>();
        foreach ((string library, string name) in new[] { (Libraries.Cuda, "driver"), (Libraries.CuBlas, "cuBLAS"), (Libraries.CuDnn, "cuDNN") })
        {
            if (Libraries.TryLoad(library, out var attempt)) continue;
            missing.Add((name, attempt.Tried));
            if (library == Libraries.Cuda) break;
        }
        return missing;
    }

    /// <summary>A version with its parts apart: each library counts its own way.</summary>
    internal static string Dotted(CudaLibrary library) => library.Name switch
    {
        "driver" => $"{library.Version / 1000}.{library.Version % 1000 / 10}",
        _ => $"{library.Version / 10000}.{library.Version / 100 % 100}.{library.Version % 100}",
    };

    /// <summary>Whether an error of asking for a device says that there is none such.</summary>
    internal static bool MeansAbsence(Exception e) => e is NativeLibraryMissingException or CudaException or ArgumentOutOfRangeException;

    /// <summary>Whether the driver is our simulator: right, but nothing measured on it is a speed.</summary>
    internal static bool IsSimulator =>
        Libraries.TryLoad(Libraries.Cuda, out var driver) && NativeLibrary.TryGetExport(driver.Handle, "cusim_is_simulator", out _);

    /// <summary>Loads and starts the driver.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not here; the message lists every place tried.</exception>
    /// <exception cref="CudaException">It is here but does not start.</exception>
    internal static void RequireDriver()
    {
        Require(Libraries.Cuda, "The CUDA driver");
        // Costs nothing but the first time, from any thread.
        cuInit(0).ThrowIfFailed();
    }

    /// <summary>Loads cuBLAS.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not here.</exception>
    internal static void RequireBlas() => Require(Libraries.CuBlas, "cuBLAS");

    /// <summary>Loads cuDNN.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not here, or too old, or of another CUDA than cuBLAS.</exception>
    internal static void RequireDnn() => Require(Libraries.CuDnn, "cuDNN 9");

    // cublasGetVersion_v2 wants a handle; the properties are major, minor and patch.
    static int BlasVersion()
    {
        int version = 0;
        for (int property = 0; property < 3; property++)
        {
            int value;
            cublasGetProperty(property, &value).ThrowIfFailed();
            version = 100 * version + value;
        }
        return version;
    }

    static void Require(string library, string name)
    {
        if (!Libraries.TryLoad(library, out var attempt)) throw new NativeLibraryMissingException(name, attempt.Tried, Advice);
    }
}
