using Preimage.Native;
using static Preimage.Interop.Tests.Search.FakeMachine;

namespace Preimage.Interop.Tests.Search;

/// <summary>Where CUDA's libraries are looked for, in which order, and which of them are refused.</summary>
public sealed class CudaSearchTests : IDisposable
{
    readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void BareMachine_ListsEverythingItTried()
    {
        var attempt = _machine.Search().Find(Libraries.Cuda);
        Assert.Equal(0, attempt.Handle);
        Assert.Equal(
            ["libcuda.so.1", "libcuda.so", _machine.At("usr/local/nvidia/lib64/libcuda.so.1"), _machine.At("usr/local/nvidia/lib64/libcuda.so"),
                _machine.At("usr/lib/wsl/lib/libcuda.so.1"), _machine.At("usr/lib/wsl/lib/libcuda.so"),
                _machine.At("run/opengl-driver/lib/libcuda.so.1"), _machine.At("run/opengl-driver/lib/libcuda.so")],
            attempt.Tried);
    }

    [Fact]
    public void WithoutADriver_TheRestIsNotLookedFor()
    {
        _machine.Loader.System["libcudnn.so.9"] = Dnn13;
        var search = _machine.Search();
        Assert.Equal(search.Find(Libraries.Cuda).Tried, search.Find(Libraries.CuDnn).Tried);
        Assert.Empty(_machine.Loader.Loads);
    }

    [Fact]
    public void LoadedAlready_IsSharedBeforeTheSystemsOwn()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Loader.Resident["libcuda.so.1"] = Driver12;
        var attempt = _machine.Search().Find(Libraries.Cuda);
        Assert.Equal(["resident libcuda.so.1"], _machine.Loader.Loads);
        Assert.Equal("libcuda.so.1 (loaded already)", attempt.Tried[^1]);
    }

    [Theory, InlineData(Driver13, "libcublas.so.13"), InlineData(Driver12, "libcublas.so.12")]
    public void DriversVersion_PicksTheMajor(string driver, string expected)
    {
        _machine.Loader.System["libcuda.so.1"] = driver;
        _machine.Loader.System["libcublas.so.13"] = Blas(13);
        _machine.Loader.System["libcublas.so.12"] = Blas(12);
        Assert.Equal(expected, _machine.Search().Find(Libraries.CuBlas).Taken);
    }

    [Fact]
    public void OldLibraries_DoUnderANewDriver()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Toolkit("usr/local/cuda-12.4/lib64", 12, Dnn12);
        var search = _machine.Search();
        Assert.Equal(_machine.At("usr/local/cuda-12.4/lib64/libcublas.so.12"), search.Find(Libraries.CuBlas).Taken);
        Assert.Equal(_machine.At("usr/local/cuda-12.4/lib64/libcudnn.so.9"), search.Find(Libraries.CuDnn).Taken);
    }

    [Fact]
    public void Places_GoInOrder_CondaToolkitWheels()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Variables["CONDA_PREFIX"] = _machine.At("conda");
        _machine.Variables["CUDA_PATH"] = _machine.At("path");
        _machine.Variables["CUDA_HOME"] = _machine.At("home");
        _machine.Variables["VIRTUAL_ENV"] = _machine.At("venv");
        string[] folders =
        [
            "conda/lib", "conda/lib64", "conda/targets/x86_64-linux/lib", "path/lib64", "path/lib", "path/targets/x86_64-linux/lib", "home/lib64",
            "usr/local/cuda/lib64", "usr/local/cuda-13.1/lib64", "usr/local/cuda-13.0/lib64", "opt/cuda/lib64",
            "venv/lib/python3.12/site-packages/nvidia/cu13/lib", "home/user/.local/lib/python3.11/site-packages/nvidia/cu13/lib",
        ];
        foreach (string folder in folders) _machine.File($"{folder}/libcublas.so.13", "broken");
        var tried = _machine.Search().Find(Libraries.CuBlas).Tried;
        Assert.Equal(folders.Select(f => _machine.At($"{f}/libcublas.so.13")), tried.Where(t => folders.Any(f => t == _machine.At($"{f}/libcublas.so.13"))));
    }

    [Fact]
    public void Wheels_OfCuda12_LieInFoldersOfTheirOwn()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver12;
        _machine.Variables["VIRTUAL_ENV"] = _machine.At("venv");
        const string Site = "venv/lib/python3.12/site-packages/nvidia";
        _machine.File($"{Site}/cublas/lib/libcublasLt.so.12", Lt);
        _machine.File($"{Site}/cublas/lib/libcublas.so.12", Blas(12));
        _machine.File($"{Site}/cudnn/lib/libcudnn.so.9", Dnn12);
        _machine.File($"{Site}/cudnn/lib/libcudnn_graph.so.9", "part");
        _machine.File($"{Site}/cuda_nvrtc/lib/libnvrtc.so.12", "nvrtc");
        _machine.Search().Find(Libraries.CuDnn);
        Assert.Equal(
            ["libcuda.so.1", .. new[] { "cublas/lib/libcublasLt.so.12", "cublas/lib/libcublas.so.12", "cuda_nvrtc/lib/libnvrtc.so.12", "cudnn/lib/libcudnn_graph.so.9", "cudnn/lib/libcudnn.so.9" }
                .Select(f => _machine.At($"{Site}/{f}"))],
            _machine.Loader.Loads);
    }

    [Fact]
    public void PythonOnThePath_IsNotFollowedOutOfItsEnvironment()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        string python = _machine.File("usr/bin/python3.12", "");
        Directory.CreateDirectory(_machine.At("venv/bin"));
        File.CreateSymbolicLink(_machine.At("venv/bin/python3"), python);
        _machine.Variables["PATH"] = $"{_machine.At("empty")}{Path.PathSeparator}{_machine.At("venv/bin")}";
        const string Lib = "venv/lib/python3.12/site-packages/nvidia/cu13/lib";
        _machine.File($"{Lib}/libcublas.so.13", Blas(13));
        Assert.Equal(_machine.At($"{Lib}/libcublas.so.13"), _machine.Search().Find(Libraries.CuBlas).Taken);
    }

    [Fact]
    public void PartsOfCuDnn_ComeFromItsFolder_TheShimLast()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Toolkit("usr/local/cuda/lib64", 13, Dnn13);
        string[] parts = ["graph", "engines_precompiled", "engines_runtime_compiled", "engines_tensor_ir", "heuristic", "ops", "cnn", "adv", "ext"];
        foreach (string part in parts) _machine.File($"usr/local/cuda/lib64/libcudnn_{part}.so.9", "part");
        _machine.File("usr/local/cuda/lib64/libnvrtc.so.13", "nvrtc");
        _machine.File("usr/local/cuda/lib64/libnvrtc-builtins.so.13.0", "builtins");
        _machine.Search().Find(Libraries.CuDnn);
        string[] names = [.. _machine.Loader.Loads.Select(l => Path.GetFileName(l))];
        Assert.Equal(
            ["libcuda.so.1", "libcublasLt.so.13", "libcublas.so.13", "libnvrtc-builtins.so.13.0", "libnvrtc.so.13", "libcudnn_graph.so.9", "libcudnn_engines_precompiled.so.9",
                "libcudnn_engines_runtime_compiled.so.9", "libcudnn_engines_tensor_ir.so.9", "libcudnn_heuristic.so.9", "libcudnn_ops.so.9", "libcudnn_cnn.so.9",
                "libcudnn_adv.so.9", "libcudnn_ext.so.9", "libcudnn.so.9"],
            names);
    }

    [Theory]
    [InlineData("cudnnCreate cudnnGetVersion=8907 cudnnGetCudartVersion=13000", "8907")]
    [InlineData(Dnn12, "built for CUDA 12, but cuBLAS is of CUDA 13")]
    [InlineData("somethingElse", "has no cudnnCreate")]
    public void UnfitCuDnn_IsGivenBack_AndTheSearchGoesOn(string unfit, string why)
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.SystemDnn(unfit);
        _machine.Toolkit("usr/local/cuda/lib64", 13, Dnn13);
        var attempt = _machine.Search().Find(Libraries.CuDnn);
        Assert.Equal(_machine.At("usr/local/cuda/lib64/libcudnn.so.9"), attempt.Taken);
        Assert.Contains(attempt.Tried, t => t.StartsWith("libcudnn.so.9 (", StringComparison.Ordinal) && t.Contains(why, StringComparison.Ordinal));
        Assert.Equal(["libcudnn.so.9"], _machine.Loader.Freed);
    }

    [Fact]
    public void OneFile_MayServeAll()
    {
        _machine.Loader.System["libcudnn.so.9"] = Dnn12;
        string file = _machine.File("build/libcusim.so", $"{Driver13} {Lt} {Blas(13)} {Dnn13}");
        var search = _machine.Search(file);
        foreach (string library in (string[])[Libraries.Cuda, Libraries.CuBlasLt, Libraries.CuBlas, Libraries.CuDnn]) Assert.Equal(file, search.Find(library).Taken);
    }

    [Fact]
    public void OneFileWithoutALibrary_IsNotReplacedByAnother()
    {
        _machine.Loader.System["libcudnn.so.9"] = Dnn13;
        string file = _machine.File("build/libcusim.so", Driver13);
        var attempt = _machine.Search(file).Find(Libraries.CuDnn);
        Assert.Equal(0, attempt.Handle);
        Assert.Equal([$"{file} (has no cudnnCreate)"], attempt.Tried);
    }

    [Fact]
    public void NamedFolder_GoesBeforeTheSystem_WhichFillsUpWhatItLacks()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Loader.System["libcublas.so.13"] = Blas(13);
        _machine.SystemDnn(Dnn12);
        string file = _machine.File("own/libcudnn.so.9", Dnn13);
        var search = _machine.Search(_machine.At("own"));
        Assert.Equal("libcuda.so.1", search.Find(Libraries.Cuda).Taken);
        Assert.Equal("libcublas.so.13", search.Find(Libraries.CuBlas).Taken);
        Assert.Equal(file, search.Find(Libraries.CuDnn).Taken);
    }

    [Fact]
    public void NamedPlaceThatIsNotThere_EndsTheSearch()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        var attempt = _machine.Search(_machine.At("nowhere")).Find(Libraries.Cuda);
        Assert.Equal(0, attempt.Handle);
        Assert.Equal([$"{_machine.At("nowhere")} (does not exist, but is named in PREIMAGE_CUDA)"], attempt.Tried);
    }

    [Fact]
    public void Stubs_AreNeverTaken()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Variables["CUDA_PATH"] = _machine.At("toolkit/stubs");
        _machine.Toolkit("toolkit/stubs/lib64", 13, Dnn13);
        Assert.Equal(0, _machine.Search().Find(Libraries.CuBlas).Handle);
    }

    [Fact]
    public void Windows_LooksForItsOwnNames()
    {
        _machine.Loader.System["nvcuda.dll"] = Driver13;
        _machine.Variables["CUDA_PATH"] = _machine.At("v13.0");
        string file = _machine.File("v13.0/bin/x64/cublas64_13.dll", Blas(13));
        var search = new CudaSearch(new CudaPlaces(_machine.Variables.GetValueOrDefault, "", _machine.At("home"), IsWindows: true), _machine.Loader, null);
        Assert.Equal(file, search.Find(Libraries.CuBlas).Taken);
    }
}
