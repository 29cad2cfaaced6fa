using System.Globalization;
using System.Runtime.InteropServices;
using Preimage.Interop;
using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Perf.Results;

namespace Preimage.Perf.Gpu;

/// <summary>The commands of this program that need a GPU.</summary>
internal static class GpuCommands
{
    /// <summary>The exit code of a refusal to measure on a simulator.</summary>
    public const int Refused = 3;

    /// <summary>Runs a command; what CUDA refuses, or that it is not here, is an error of one line.</summary>
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (Exception e) when (e is CudaException or NativeLibraryMissingException or PreimageException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>The benchmark.</summary>
    public static int Measure(Arguments arguments)
    {
        if (CudaLibraries.IsSimulator)
        {
            Console.Error.WriteLine("gpu: the CUDA driver in use is the simulator (it exports cusim_is_simulator): nothing measured on it is a speed, so nothing is measured");
            return Refused;
        }

        SuiteOptions options = SuiteOptions.Parse(arguments);
        if (!arguments.Has("--batch"))
            options = options with { Batches = options.Quick ? [1] : [1, 32, 128] };
        var most = TimeSpan.FromSeconds(arguments.Numbers("--most-seconds")?[0] ?? int.MaxValue);
        IReadOnlyList<string> modes = arguments.List("--modes") ?? TorchOnGpu.Modes;
        var suite = new GpuSuite(options, modes, arguments.List("--precisions"), most, GpuProbe.Versions);
        if (arguments.Has("--dry-run"))
        {
            foreach (GpuCase measured in suite.Cases)
                Console.WriteLine($"{measured}, beside PyTorch {string.Join(", ", modes)}; bar {measured.Bar:F2}");
            return 0;
        }

        Console.WriteLine($"# gpu\n\n    dotnet run -c Release --project perf -- gpu {arguments}\n");
        PrintMachine();
        Console.WriteLine($"\n{GpuRow.Heading}");
        var rows = new List<GpuRow>();
        foreach (GpuRow row in suite.Run())
        {
            rows.Add(row);
            Console.WriteLine(row.ToMarkdown());
            // Saved as it grows: a run that is cut off leaves what it has measured.
            if (arguments.Value("--json") is { } file)
                ResultFile.Save(file, rows);
        }

        PrintSummary(rows, suite);
        return rows.Count > 0 && suite.Failed.Count == 0 ? 0 : 1;
    }

    static void PrintMachine()
    {
        Console.WriteLine($"{CudaDevice.Get(0)}, {GpuProbe.Versions}, {RuntimeInformation.FrameworkDescription}, " +
            $"{Processor.Name}, {DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}.\n");
        Console.WriteLine("Wall time of runs given to the device one after the other and waited for once, on both sides; medians over turns, least times in brackets. " +
            "Input and weights lie on the device, but in the rows that say otherwise. The ratio is our time over the peer's. PyTorch searches for the fastest algorithms " +
            "(cudnn.benchmark) and may take ones that are not reproducible; ours are those that cuDNN's heuristics name and that are, but in the rows that say they are chosen by timing (Engine.Tune). All its modes but eager are channels-last.");
    }

    static void PrintSummary(List<GpuRow> rows, GpuSuite suite)
    {
        foreach (string version in rows.Where(r => r.PeerMs is not null && r.PeerVersion != r.OursVersion).Select(r => r.PeerVersion).Distinct())
            Console.WriteLine($"\n- peer: PyTorch {version}");
        Console.WriteLine($"- bars: {rows.Count(r => r.Bar is not null && r.Ratio <= r.Bar)} of {rows.Count(r => r.Bar is not null)} met");
        if (suite.LeftOut.Count > 0)
            Console.WriteLine($"- left out for want of time: {string.Join("; ", suite.LeftOut)}");
        foreach (string failed in suite.Failed)
            Console.WriteLine($"- FAILED: {failed}");
    }
}
