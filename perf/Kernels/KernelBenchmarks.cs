namespace Preimage.Perf.Kernels;
internal static class KernelBenchmarks { public static int Run(string[] a) => 0; }
