using Preimage.Native;

namespace Preimage.Interop.Tests.Search;

/// <summary>A machine made of a temporary folder: its files, variables and loader.</summary>
internal sealed class FakeMachine : IDisposable
{
    public const string Driver13 = "cuInit cuDriverGetVersion=13000";
    public const string Driver12 = "cuInit cuDriverGetVersion=12040";
    public const string Lt = "cublasLtCreate";
    public const string Dnn13 = "cudnnCreate cudnnGetVersion=91900 cudnnGetCudartVersion=13000";
    public const string Dnn12 = "cudnnCreate cudnnGetVersion=90100 cudnnGetCudartVersion=12040";

    public string Root { get; } = Directory.CreateTempSubdirectory("preimage-search-").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    public FakeLoader Loader { get; } = new();

    public static string Blas(int major) => $"cublasCreate_v2 cublasGetProperty={major}";

    /// <summary>The full path of something below the root.</summary>
    public string At(string relative) => Path.Combine(Root, relative);

    /// <summary>Writes a file and gives its path.</summary>
    public string File(string relative, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(relative))!);
        System.IO.File.WriteAllText(At(relative), text);
        return At(relative);
    }

    /// <summary>A set of cuBLAS and cuDNN in one folder.</summary>
    public void Toolkit(string folder, int major, string dnn)
    {
        File($"{folder}/libcublasLt.so.{major}", Lt);
        File($"{folder}/libcublas.so.{major}", Blas(major));
        File($"{folder}/libcudnn_graph.so.9", "part");
        File($"{folder}/libcudnn.so.9", dnn);
    }

    /// <summary>Lets the system's loader find cuDNN.</summary>
    public void SystemDnn(string dnn)
    {
        Loader.System["libcudnn.so.9"] = dnn;
        Loader.System["libcudnn_graph.so.9"] = "part";
    }

    /// <summary>A search on this machine; the root of its file system is the temporary folder.</summary>
    public CudaSearch Search(string? given = null) =>
        new(new CudaPlaces(Variables.GetValueOrDefault, Root, At("home/user"), IsWindows: false), Loader, given);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
