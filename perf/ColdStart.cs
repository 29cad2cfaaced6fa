using System.Diagnostics;

namespace Preimage.Perf;

/// <summary>Wall time of the program from its start to its end, as a user waits for it.</summary>
internal static class ColdStart
{
    const int Runs = 9;

    /// <summary>Runs <c>explain --method all</c> several times, a process each, and prints the times.</summary>
    /// <param name="program">The built program.</param>
    /// <param name="model">A model.</param>
    /// <param name="image">A picture.</param>
    /// <param name="preprocess">How the picture becomes the input.</param>
    public static int Run(string program, string model, string image, string preprocess)
    {
        string picture = Path.Combine(Path.GetTempPath(), $"preimage-coldstart-{Environment.ProcessId}.png");
        var seconds = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            var start = new ProcessStartInfo(program, ["explain", model, image, "--preprocess", preprocess, "--method", "all", "--out", picture])
            {
                RedirectStandardOutput = true,
            };
            var clock = Stopwatch.StartNew();
            using Process process = Process.Start(start)!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                return process.ExitCode;
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        File.Delete(picture);
        // The first run also fills the file cache; it is part of the list and not thrown away.
        seconds.Sort();
        Console.WriteLine($"{Layers.Processor.Name}, {Layers.Processor.Threads} threads, {Layers.Processor.InstructionSet}; {Runs} runs");
        Console.WriteLine($"seconds: least {seconds[0]:F3}, median {seconds[Runs / 2]:F3}, most {seconds[^1]:F3}");
        return 0;
    }
}
