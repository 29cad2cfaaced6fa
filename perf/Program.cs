using System.Globalization;
using Preimage.Perf;
using Preimage.Perf.Arrays;
using Preimage.Perf.Convolutions;
using Preimage.Perf.Decoding;
using Preimage.Perf.Disassembly;
using Preimage.Perf.Gemm;
using Preimage.Perf.Gpu;
using Preimage.Perf.Kernels;
using Preimage.Perf.Memory;
using Preimage.Perf.Networks;
using Preimage.Perf.RandomWeights;
using Preimage.Perf.Results;
using Preimage.Perf.Training;

// Numbers are read by programs and compared between machines.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var arguments = new Arguments(args.Skip(1).ToArray());
Dictionary<string, Func<int>> commands = new()
{
    ["gemm"] = () => SuiteRun.Print("gemm", arguments, o => new GemmSuite(o).Run()),
    ["conv"] = () => SuiteRun.Print("conv", arguments, o => new ConvolutionSuite(arguments.Has("--batch") ? o : o with { Batches = [1] }).Run()),
    ["network"] = () => SuiteRun.Print("network", arguments, o => new NetworkSuite(o).Run()),
    ["arrays"] = () => SuiteRun.Print("arrays", arguments, o => new ArraySuite(o).Run()),
    ["decode"] = () => SuiteRun.Print("decode", arguments, o => new DecodeSuite(o).Run()),
    ["train"] = () => SuiteRun.Print("train", arguments, o => new TrainingSuite(o).Run()),
    ["random"] = () => SuiteRun.Print("random", arguments, o => new RandomSuite(o).Run()),
    ["memory"] = () => SuiteRun.Print("memory", arguments, o => new MemorySuite(o).Run()),
    ["coldstart"] = () => SuiteRun.Print("coldstart", arguments, o => new ColdStart(o, arguments).Run()),
    ["gpu"] = () => GpuCommands.Run(() => GpuCommands.Measure(arguments)),
    ["gpu-probe"] = () => GpuCommands.Run(GpuProbe.Run),
    ["gpu-searches"] = () => GpuCommands.Run(() => GpuSearches.Run(arguments)),
    ["gpu-leaks"] = () => GpuCommands.Run(() => LeakCheck.Run(arguments)),
    ["kernels"] = () => KernelBenchmarks.Run([.. args.Skip(1)]),
    ["disassembly"] = () => DisassemblyCheck.Run(accept: arguments.Has("--accept")),
    ["readme"] = ReadmeTable.Rewrite,
    ["folder"] = () => Say(ResultFolder.Name),
    // Ends of a pipe: this program started by itself.
    [OpenBlasPeer.Command] = OpenBlasPeer.Run,
    [MemorySuite.Command] = () => MemorySuite.Serve(args[1], args[2], int.Parse(args[3]), int.Parse(args[4])),
    [DisassemblyCheck.Child] = DisassemblyCheck.RunKernels,
};
if (args.Length > 0 && commands.TryGetValue(args[0], out Func<int>? command))
    return command();

Console.Error.WriteLine("""
    usage: dotnet run -c Release --project perf -- SUITE [--cases NAME,NAME] [--batch 1,8] [--threads 1,2] [--rounds N] [--quick] [--json FILE]
             gemm       matrix products, beside OpenBLAS
             conv       convolutions one by one, beside PyTorch; [--implementations Gemm,Reference]
             network    whole networks, beside PyTorch and ONNX Runtime
             arrays     what a search for images does beside the network, beside a plain copy
             decode     filters of layers as images, beside PyTorch
             train      steps of training, beside PyTorch; [--implementations profile] says where the time goes
             random     drawing random weights, and networks whose weights are never stored; for peak memory one of --cases fcn-70000, cnn-256x1000
             memory     peak resident memory, beside PyTorch
             coldstart  the command line from start to end; [--program FILE] [--model FILE --image FILE --preprocess NAME]
             gpu        whole networks on a GPU, beside PyTorch on the same; [--modes eager,channels_last,graph,compile] [--precisions fp32,tf32]
                        [--most-seconds N] [--dry-run]; refuses a simulator
           gpu-probe    the libraries of CUDA that are found, whether our kernels load, and what cuDNN offers for some convolutions
           gpu-searches a photo's HOG and SqueezeNet's fire4 inverted on the GPU, on the processor and by PyTorch; [--data DIR] [--devices cuda:0,cpu]
                        [--peer cuda]; refuses a simulator
           gpu-leaks    whether device memory settles; [--runs N] [--lives N]
           kernels      BenchmarkDotNet over single kernels; takes its options
           disassembly  counts instructions in the loops of tiles and compares with perf/Disassembly/expected.txt; [--accept]
           readme       writes the table of README.md from perf/results
           folder       the name of this machine's folder in perf/results
    """);
return 2;

static int Say(string text)
{
    Console.WriteLine(text);
    return 0;
}
