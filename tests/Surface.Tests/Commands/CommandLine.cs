using System.Diagnostics;

namespace Preimage.Surface.Tests.Commands;

/// <summary>What a run of the program left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it printed as errors.</param>
public sealed record CommandLineResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Fails with the errors unless the exit code is this one.</summary>
    public CommandLineResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Output}\n{Errors}");
        return this;
    }
}

/// <summary>Runs the program as its users do: as a process of its own.</summary>
internal static class CommandLine
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(6);

    /// <summary>Runs it in a folder.</summary>
    public static CommandLineResult Run(string folder, params string[] arguments) => Run(folder, [], arguments);

    /// <summary>Runs it in a folder, with variables of the environment set.</summary>
    public static CommandLineResult Run(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "preimage.dll"), .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"preimage {string.Join(' ', arguments)} did not end within {s_patience}");
        }

        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output.Result, errors.Result);
    }
}
