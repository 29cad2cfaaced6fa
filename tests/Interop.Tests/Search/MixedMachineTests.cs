using Preimage.Native;
using static Preimage.Interop.Tests.Search.FakeMachine;

namespace Preimage.Interop.Tests.Search;

/// <summary>Machines on which the first library of a name is the wrong one: stubs, old drivers, two toolkits, half an installation.</summary>
public sealed class MixedMachineTests : IDisposable
{
    const string Venv = "venv/lib/python3.12/site-packages/nvidia";

    readonly FakeMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("cuInit cuDriverGetVersion=0", "only serves linking")]
    [InlineData("cuInit cuDriverGetVersion=11080", "is a driver of CUDA 11.8, 12.0 is the oldest that will do")]
    public void UnfitDriver_IsGivenBack_AndTheSearchGoesOn(string unfit, string why)
    {
        _machine.Loader.System["libcuda.so.1"] = unfit;
        string compiler = _machine.File("usr/local/nvidia/lib64/libnvidia-ptxjitcompiler.so.1", "compiler");
        string file = _machine.File("usr/local/nvidia/lib64/libcuda.so.1", Driver13);
        var attempt = _machine.Search().Find(Libraries.Cuda);
        Assert.Equal(file, attempt.Taken);
        Assert.Contains(attempt.Tried, t => t.StartsWith("libcuda.so.1 (", StringComparison.Ordinal) && t.Contains(why, StringComparison.Ordinal));
        Assert.Equal(["libcuda.so.1", compiler, file], _machine.Loader.Loads);
    }

    [Fact]
    public void WheelsOfCuda12_BesideAToolkitOf13_AreTakenWhole()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Loader.System["libcublasLt.so.13"] = Lt;
        _machine.Loader.System["libcublas.so.13"] = Blas(13);
        Wheels12();
        var search = _machine.Search();
        Assert.Equal(_machine.At($"{Venv}/cudnn/lib/libcudnn.so.9"), search.Find(Libraries.CuDnn).Taken);
        Assert.Equal(_machine.At($"{Venv}/cublas/lib/libcublas.so.12"), search.Find(Libraries.CuBlas).Taken);
        Assert.Equal(_machine.At($"{Venv}/cublas/lib/libcublasLt.so.12"), search.Find(Libraries.CuBlasLt).Taken);
    }

    [Fact]
    public void CuDnnOfTheWrongMajorAlone_IsMissing_AndItsPartsAreGivenBack()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Toolkit("usr/local/cuda/lib64", 13, Dnn12);
        var search = _machine.Search();
        Assert.Equal(_machine.At("usr/local/cuda/lib64/libcublas.so.13"), search.Find(Libraries.CuBlas).Taken);
        var attempt = search.Find(Libraries.CuDnn);
        Assert.Equal(0, attempt.Handle);
        Assert.Contains(attempt.Tried, t => t.EndsWith("libcudnn.so.9 (built for CUDA 12, but cuBLAS is of CUDA 13)", StringComparison.Ordinal));
        Assert.Equal(["libcudnn.so.9", "libcudnn_graph.so.9"], _machine.Loader.Freed.Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void WhatTheProcessUses_DecidesTheMajor()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Toolkit("usr/local/cuda/lib64", 13, Dnn13);
        Wheels12();
        _machine.Loader.Resident["libcudnn.so.9"] = Dnn12;
        var search = _machine.Search();
        Assert.Equal("libcudnn.so.9 (loaded already)", search.Find(Libraries.CuDnn).Tried[^1]);
        Assert.Equal(_machine.At($"{Venv}/cublas/lib/libcublas.so.12"), search.Find(Libraries.CuBlas).Taken);
        Assert.DoesNotContain(_machine.Loader.Loads, l => l.Contains("so.13", StringComparison.Ordinal));
    }

    [Fact]
    public void CuDnnFoundByTheSystem_GetsThePartsOfItsOwnFolder()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Loader.System["libcublas.so.13"] = Blas(13);
        _machine.SystemDnn(Dnn13);
        string graph = _machine.File("opt/libs/libcudnn_graph.so.9", "part"), ops = _machine.File("opt/libs/libcudnn_ops.so.9", "part");
        _machine.Loader.Files["libcudnn.so.9"] = _machine.At("opt/libs/libcudnn.so.9");
        var attempt = _machine.Search().Find(Libraries.CuDnn);
        Assert.Equal(_machine.At("opt/libs/libcudnn.so.9"), attempt.Taken);
        Assert.Equal(["libcuda.so.1", "libcublas.so.13", "libcudnn.so.9", graph, ops], _machine.Loader.Loads);
    }

    [Fact]
    public void CuDnnWithoutItsParts_IsNeverAsked()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.Loader.System["libcublas.so.13"] = Blas(13);
        _machine.Loader.System["libcudnn.so.9"] = Dnn13;
        var attempt = _machine.Search().Find(Libraries.CuDnn);
        Assert.Equal(0, attempt.Handle);
        Assert.Contains("libcudnn.so.9 (its part libcudnn_graph.so.9 is neither beside it nor found by the system)", attempt.Tried);
        Assert.DoesNotContain(_machine.Loader.Asked, a => a.StartsWith("cudnn", StringComparison.Ordinal));
    }

    [Fact]
    public void NamedFoldersOfWheels_GiveCuDnnItsCompiler()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        string dnn = _machine.File($"{Venv}/cudnn/lib/libcudnn.so.9", Dnn13), graph = _machine.File($"{Venv}/cudnn/lib/libcudnn_graph.so.9", "part");
        string blas = _machine.File($"{Venv}/cu13/lib/libcublas.so.13", Blas(13)), compiler = _machine.File($"{Venv}/cu13/lib/libnvrtc.so.13", "nvrtc");
        Assert.Equal(dnn, _machine.Search($"{_machine.At($"{Venv}/cudnn/lib")}:{_machine.At($"{Venv}/cu13/lib")}").Find(Libraries.CuDnn).Taken);
        Assert.Equal(["libcuda.so.1", blas, compiler, graph, dnn], _machine.Loader.Loads);
    }

    [Fact]
    public void PythonLinkedFromElsewhere_LeadsToItsEnvironment()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        string system = _machine.File("usr/bin/python3.12", "");
        Directory.CreateDirectory(_machine.At("venv/bin"));
        Directory.CreateDirectory(_machine.At("usr/local/bin"));
        File.CreateSymbolicLink(_machine.At("venv/bin/python3"), system);
        File.CreateSymbolicLink(_machine.At("usr/local/bin/python3"), _machine.At("venv/bin/python3"));
        _machine.Variables["PATH"] = _machine.At("usr/local/bin");
        string file = _machine.File($"{Venv}/cu13/lib/libcublas.so.13", Blas(13));
        Assert.Equal(file, _machine.Search().Find(Libraries.CuBlas).Taken);
    }

    [Fact]
    public void CondaEnvironmentOnThePath_NeedsNoActivation()
    {
        _machine.Loader.System["libcuda.so.1"] = Driver13;
        _machine.File("miniconda/envs/one/bin/python3", "");
        _machine.File("miniconda/envs/one/conda-meta/history", "");
        _machine.Toolkit("miniconda/envs/one/lib", 13, Dnn13);
        _machine.Variables["PATH"] = _machine.At("miniconda/envs/one/bin");
        Assert.Equal(_machine.At("miniconda/envs/one/lib/libcudnn.so.9"), _machine.Search().Find(Libraries.CuDnn).Taken);
    }

    [Fact]
    public void InstallerOfWindows_PutsCuDnnBesideNoToolkit()
    {
        _machine.Loader.System["nvcuda.dll"] = Driver13;
        _machine.Loader.System["cublas64_13.dll"] = Blas(13);
        _machine.Variables["ProgramFiles"] = _machine.At("Program Files");
        _machine.File("Program Files/NVIDIA/CUDNN/v9.13/bin/12.9/cudnn64_9.dll", Dnn12);
        string folder = _machine.At("Program Files/NVIDIA/CUDNN/v9.19/bin/13.1/x64");
        string file = _machine.File($"{folder}/cudnn64_9.dll", Dnn13);
        _machine.File($"{folder}/cudnn_graph64_9.dll", "part");
        var search = new CudaSearch(new CudaPlaces(_machine.Variables.GetValueOrDefault, "", _machine.At("home"), IsWindows: true), _machine.Loader, null);
        Assert.Equal(file, search.Find(Libraries.CuDnn).Taken);
    }

    void Wheels12()
    {
        _machine.Variables["VIRTUAL_ENV"] = _machine.At("venv");
        _machine.File($"{Venv}/cublas/lib/libcublasLt.so.12", Lt);
        _machine.File($"{Venv}/cublas/lib/libcublas.so.12", Blas(12));
        _machine.File($"{Venv}/cudnn/lib/libcudnn.so.9", Dnn12);
        _machine.File($"{Venv}/cudnn/lib/libcudnn_graph.so.9", "part");
    }
}
