using System.Diagnostics;
using System.Text.RegularExpressions;
using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Layers.Backends.Cuda;
using Preimage.Native;

namespace Preimage.Perf.Gpu;

/// <summary>Says what of CUDA is here and from where, has the driver compile every kernel of ours, and asks the libraries what only a GPU can answer.</summary>
internal static partial class GpuProbe
{
    const string Kernels = "Kernels/", Ptx = ".ptx";

    /// <summary>The libraries in use with their versions as they count them.</summary>
    public static string Versions => string.Join(", ", CudaLibraries.Describe().Select(l => $"{l.Name} {l.Version}"));

    /// <summary>Prints what was found; 1 where something is missing or refused.</summary>
    public static int Run()
    {
        Console.WriteLine($"simulator: {(CudaLibraries.IsSimulator ? "yes" : "no")}");
        bool complete = true;
        foreach (string name in (string[])[Libraries.Cuda, Libraries.CuBlasLt, Libraries.CuBlas, Libraries.CuDnn])
        {
            // What cuBLAS takes its products from is loaded by itself where it is not found here.
            complete &= Libraries.TryLoad(name, out Libraries.Attempt attempt) || name == Libraries.CuBlasLt;
            Console.WriteLine($"- {name}: {attempt.Taken ?? "not found"}; tried {string.Join(", ", attempt.Tried)}");
        }

        foreach (CudaLibrary library in CudaLibraries.Describe())
            Console.WriteLine($"- {library.Name} {library.Version} from {library.Path}");
        if (!complete || !CudaLibraries.IsAvailable)
            return 1;
        for (int ordinal = 0; ordinal < CudaDevice.Count; ordinal++)
            Console.WriteLine($"- cuda:{ordinal}: {CudaDevice.Get(ordinal)}");
        Compile();
        Ask();
        return 0;
    }

    static void Ask()
    {
        using CudaContext context = CudaContext.Primary();
        using var idle = new IdleHandles(context, Precision.Single, synchronise: false);
        var clock = Stopwatch.StartNew();
        StreamHandles first = idle.Take();
        TimeSpan once = clock.Elapsed;
        StreamHandles second = idle.Take();
        Console.WriteLine(CudaLibraries.IsSimulator ? "- handles: made" : $"- handles of a stream, cuBLAS and cuDNN: {once.TotalMilliseconds:F0} ms the first, {(clock.Elapsed - once).TotalMilliseconds:F0} ms the second");
        idle.GiveBack(second);
        try
        {
            ProductProbe.Print(first);
            ConvolutionProbe.Print(first);
        }
        finally
        {
            idle.GiveBack(first);
        }
    }

    static void Compile()
    {
        using CudaContext context = CudaContext.Primary();
        using var kernels = new KernelLibrary(context);
        foreach (string resource in typeof(Libraries).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Kernels, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string family = resource[Kernels.Length..^Ptx.Length];
            var clock = Stopwatch.StartNew();
            kernels.Load(family);
            double loaded = clock.Elapsed.TotalMilliseconds;
            // Drivers since 12.2 load a kernel only when it is asked for.
            CudaKernel[] all = [.. NamesIn(resource).Select(name => kernels[new KernelEntry(family, name)])];
            string spilt = string.Join(", ", all.Where(k => k.LocalBytes > 0).Select(k => $"{k.Name} {k.LocalBytes}"));
            Console.WriteLine($"- {family}.ptx: loaded in {loaded:F1} ms, its {all.Length} kernels in {clock.Elapsed.TotalMilliseconds - loaded:F1} ms; " +
                $"{all.Max(k => k.Registers)} registers at most{(spilt.Length > 0 ? $"; local bytes: {spilt}" : "")}");
        }
    }

    static IEnumerable<string> NamesIn(string resource)
    {
        using var reader = new StreamReader(typeof(Libraries).Assembly.GetManifestResourceStream(resource)!);
        return [.. EntryLine().Matches(reader.ReadToEnd()).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@"\.entry\s+(\w+)")]
    private static partial Regex EntryLine();
}
