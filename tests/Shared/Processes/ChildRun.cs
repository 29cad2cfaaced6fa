using System.Diagnostics;

namespace Preimage.Tests.Shared.Processes;

/// <summary>Tests of this assembly run again in a process of their own, for what is settled when a process starts.</summary>
/// <param name="ExitCode">0 where every test passed.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record ChildRun(int ExitCode, string Output, TimeSpan Elapsed)
{
    /// <summary>No child may take longer: one that does hangs.</summary>
    static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);

    /// <summary>Runs the tests that the arguments choose.</summary>
    /// <param name="environment">Variables to set; null removes one.</param>
    /// <param name="arguments">Of the test runner: filters.</param>
    public static async Task<ChildRun> StartAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        string library = typeof(ChildRun).Assembly.Location, executable = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        bool own = File.Exists(executable);
        var start = new ProcessStartInfo(own ? executable : "dotnet", own ? arguments : [library, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_most);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), errors = process.StandardError.ReadToEndAsync(limit.Token);
            string text = await output + await errors;
            await process.WaitForExitAsync(limit.Token);
            return new ChildRun(process.ExitCode, text, clock.Elapsed);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>A number of the summary: total, failed, succeeded or skipped.</summary>
    public int Count(string what)
    {
        string? line = Output.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.StartsWith($"{what}: ", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.AsSpan(what.Length + 2));
    }
}
