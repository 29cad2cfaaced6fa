using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Preimage.Perf.Kernels;

/// <summary>BenchmarkDotNet over single kernels, one thread, in this process.</summary>
internal static class KernelBenchmarks
{
    /// <summary>Runs what the arguments select (BenchmarkDotNet's own: <c>--filter *Tile*</c>); none selects all.</summary>
    public static int Run(string[] arguments)
    {
        SuiteRun.PrintMachine(new SuiteOptions());
        // In this process: kernels are internal, and a project made on the fly would not see them.
        IConfig config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(12))
            .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "benchmarks"));
        BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(arguments.Length > 0 ? arguments : ["--filter", "*"], config);
        return 0;
    }
}
