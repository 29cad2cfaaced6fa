using System.Diagnostics;
using System.Text.RegularExpressions;
using Preimage.Cpu;
using Preimage.Layers;

namespace Preimage.Perf.Disassembly;

/// <summary>Compiles every tile in a child process, counts what its hottest loop holds, and compares with what is committed.</summary>
/// <remarks>Speed that was won by looking at the machine code is lost without a trace when a compiler or an edit changes it; times are too noisy to tell.</remarks>
internal static partial class DisassemblyCheck
{
    /// <summary>The command of the child process.</summary>
    public const string Child = "disassembly-child";

    static readonly string s_expected = Path.Combine(AppContext.BaseDirectory, "../../../Disassembly/expected.txt");

    /// <summary>Checks and prints each kernel; 1 where one differs.</summary>
    /// <param name="accept">Whether the file is rewritten with what was found on this machine instead.</param>
    public static int Run(bool accept)
    {
        TileKernel[] kernels = [.. TileKernels.All.Where(k => IsaChoice.IsSupported(k.Isa))];
        foreach (Isa absent in TileKernels.All.Select(k => k.Isa).Distinct().Except(IsaChoice.Supported))
            Console.WriteLine($"not checked: this machine ({Processor.Name}) has no {absent}");
        Dictionary<string, string> expected = File.ReadLines(s_expected).Select(l => l.Split(": ")).ToDictionary(p => p[0], p => p[1]);
        Dictionary<string, List<string>> listings = Listings(kernels);
        int failures = 0;
        foreach (TileKernel kernel in kernels)
        {
            LoopCount? found = listings.TryGetValue(kernel.Listing, out List<string>? listing) ? LoopCount.Hottest(listing) : null;
            string? trouble = found is null ? (listing is null ? "the compiler listed nothing" : "no loop found")
                : found.MultiplyAdds < kernel.MultiplyAdds ? $"{found}, where a step has {kernel.MultiplyAdds} multiply-adds"
                : accept || $"{found}" == expected.GetValueOrDefault(kernel.Name) ? null
                : $"{found}; expected {expected.GetValueOrDefault(kernel.Name) ?? "nothing: no line in expected.txt"}";
            Console.WriteLine($"{(trouble is null ? "ok  " : "FAIL")} {kernel.Name}: {trouble ?? $"{found}"}");
            if (trouble is not null)
                failures++;
            else
                expected[kernel.Name] = $"{found}";
        }

        foreach (string gone in expected.Keys.Except(TileKernels.All.Select(k => k.Name)).ToArray())
        {
            Console.WriteLine($"FAIL {gone}: in expected.txt, but no kernel of that name is listed");
            failures++;
        }

        if (accept && failures == 0)
            File.WriteAllLines(s_expected, TileKernels.All.Where(k => expected.ContainsKey(k.Name)).Select(k => $"{k.Name}: {expected[k.Name]}"));
        Console.WriteLine($"{kernels.Length} kernels, {failures} failures");
        return failures > 0 || kernels.Length == 0 ? 1 : 0;
    }

    /// <summary>The child: runs each kernel once, so that it is compiled.</summary>
    public static int RunKernels()
    {
        foreach (TileKernel kernel in TileKernels.All.Where(k => IsaChoice.IsSupported(k.Isa)))
            kernel.Run();
        return 0;
    }

    /// <summary>The listings of a child process, by heading without namespaces.</summary>
    static Dictionary<string, List<string>> Listings(IEnumerable<TileKernel> kernels)
    {
        string file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Preimage.Perf"), [Child]);
            start.Environment["DOTNET_JitDisasm"] = string.Join(' ', kernels.Select(k => k.Method).Distinct());
            start.Environment["DOTNET_JitStdOutFile"] = file;
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"the process that runs the kernels ended with {process.ExitCode}");
            var listings = new Dictionary<string, List<string>>();
            List<string> current = [];
            foreach (string line in File.ReadLines(file))
            {
                // "; Assembly listing for method Space.Class:Method[Space.Type,...](nint,...) (FullOpts)"
                if (Start().Match(line) is { Success: true } match)
                    listings[Namespaces().Replace(match.Groups[1].Value, "")] = current = [];
                current.Add(line);
            }

            return listings;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"^; Assembly listing for method (.*)\(.*\) \(")]
    private static partial Regex Start();

    [GeneratedRegex(@"\b(\w+\.)+")]
    private static partial Regex Namespaces();
}
