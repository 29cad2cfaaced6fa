using System.Globalization;
using System.Runtime.InteropServices;
using Preimage.Layers;
using Preimage.Perf.Results;

namespace Preimage.Perf;

/// <summary>Runs a suite from the command line: prints what machine it is and each row as it comes, and saves the rows where asked to.</summary>
internal static class SuiteRun
{
    /// <summary>Runs and prints as Markdown; the exit code.</summary>
    public static int Print<TRow>(string suite, Arguments arguments, Func<SuiteOptions, IEnumerable<TRow>> run) where TRow : IRow
    {
        SuiteOptions options = SuiteOptions.Parse(arguments);
        Console.WriteLine($"# {suite}\n\n    dotnet run -c Release --project perf -- {suite} {arguments}\n");
        Console.WriteLine($"{Processor.Name}, {Processor.Threads} threads, {Processor.InstructionSet}, {RuntimeInformation.FrameworkDescription}, " +
            $"{DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}. Medians, least times in brackets.\n");
        PrintMachine(options);
        PrintLoad("start");
        Console.WriteLine($"\n{TRow.Heading}");
        var rows = new List<TRow>();
        foreach (TRow row in run(options))
        {
            rows.Add(row);
            Console.WriteLine(row.ToMarkdown());
            // Saved as it grows: a run that is cut off leaves what it has measured.
            if (arguments.Value("--json") is { } file)
                ResultFile.Save(file, rows);
        }

        Console.WriteLine();
        PrintLoad("end");
        return rows.Count > 0 ? 0 : 1;
    }

    // The threads of some peers wait for each other spinning: where others want the processors too, their times multiply. A result shows how alone it was.
    static void PrintLoad(string when)
    {
        const string Table = "/proc/loadavg";
        if (File.Exists(Table))
            Console.WriteLine($"- load average of the last minute at the {when}: {File.ReadAllText(Table).Split(' ')[0]}");
    }

    /// <summary>Measures and prints the peak for each number of threads.</summary>
    public static void PrintMachine(SuiteOptions options)
    {
        foreach (int threads in options.Threads)
        {
            Machine machine = options.Peak(threads);
            Console.WriteLine($"- measured at best with {threads} thread{(threads == 1 ? "" : "s")}: {machine.PeakFlops / 1e9:F0} GFLOP/s, {machine.Bandwidth / 1e9:F1} GB/s");
        }
    }
}
