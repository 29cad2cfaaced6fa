namespace Preimage.Native;

/// <summary>What the libraries of CUDA are called, and the functions that tell one from another.</summary>
internal static class CudaNames
{
    public const string DriverVersion = "cuDriverGetVersion";
    public const string BlasProperty = "cublasGetProperty";
    public const string DnnVersion = "cudnnGetVersion";
    public const string DnnRuntime = "cudnnGetCudartVersion";

    /// <summary>Variable that lists folders or files to take the libraries from.</summary>
    public const string Variable = "PREIMAGE_CUDA";

    /// <summary>A function that every copy of a library exports.</summary>
    public static string MarkOf(string library) => library switch
    {
        Libraries.Cuda => "cuInit",
        Libraries.CuBlasLt => "cublasLtCreate",
        Libraries.CuBlas => "cublasCreate_v2",
        _ => "cudnnCreate",
    };

    /// <summary>Names of a library's file for a major version of CUDA, best first.</summary>
    public static string[] Of(string library, int major, bool windows) => library switch
    {
        Libraries.Cuda => windows ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"],
        Libraries.CuBlasLt => windows ? [$"cublasLt64_{major}.dll"] : [$"libcublasLt.so.{major}"],
        Libraries.CuBlas => windows ? [$"cublas64_{major}.dll"] : [$"libcublas.so.{major}"],
        // One name for both majors: what it was built with is asked after loading.
        _ => windows ? ["cudnn64_9.dll"] : ["libcudnn.so.9"],
    };

    /// <summary>The library that a file's name speaks of, or null: such a file may serve them all (the simulator does).</summary>
    public static string? LibraryOf(string file)
    {
        string name = Path.GetFileName(file);
        return Begins("libcuda.") || Begins("nvcuda") ? Libraries.Cuda
            : Begins("libcublasLt.") || Begins("cublasLt64") ? Libraries.CuBlasLt
            : Begins("libcublas.") || Begins("cublas64") ? Libraries.CuBlas
            : Begins("libcudnn.") || Begins("cudnn64") ? Libraries.CuDnn : null;

        bool Begins(string start) => name.StartsWith(start, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The parts of cuDNN in the order they want to be loaded, before the shim that opens them by name: a part already
    /// loaded is the one it gets, wherever the system's loader would look.
    /// </summary>
    public static readonly string[] DnnParts = ["graph", "engines", "heuristic", "ops", "cnn", ""];
}
