using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Preimage.Tests.Shared;

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
internal static partial class CommandLine
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(6), s_stopping = TimeSpan.FromMinutes(1);

    /// <summary>Runs it in a folder.</summary>
    public static CommandLineResult Run(string folder, params string[] arguments) => Run(folder, [], arguments);

    /// <summary>Runs it in a folder, with variables of the environment set.</summary>
    public static CommandLineResult Run(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = Start(folder, arguments);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return ToItsEnd(start, s_patience);
    }

    /// <summary>Runs a program and reads both its outputs; one that does not end is ended, with all it started, and fails the test.</summary>
    public static CommandLineResult ToItsEnd(ProcessStartInfo start, TimeSpan patience)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {patience}");
        }

        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Runs it in a folder and presses Ctrl+C once it has come as far as is waited for.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="ready">Whether it has come so far, by the errors it printed until then.</param>
    /// <param name="arguments">The words behind the program's name.</param>
    public static CommandLineResult Interrupt(string folder, Func<string, bool> ready, params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
            ReferenceData.Absent("Windows has no SIGINT that one process can send another");
        using Process process = Process.Start(Start(folder, arguments))!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.Append(line.Data).Append('\n');
        };
        process.BeginErrorReadLine();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        while (!ready(Text()) && !process.HasExited && clock.Elapsed < s_patience)
            Thread.Sleep(10);
        Assert.False(process.HasExited, $"preimage {string.Join(' ', arguments)} ended before it was interrupted\n{Text()}");
        Assert.Equal(0, Kill(process.Id, Interrupted));
        clock.Restart();
        if (!process.WaitForExit(s_stopping))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"preimage {string.Join(' ', arguments)} went on for {s_stopping} behind Ctrl+C");
        }

        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output.Result, Text());

        string Text()
        {
            lock (errors)
                return errors.ToString();
        }
    }

    static ProcessStartInfo Start(string folder, string[] arguments) => new("dotnet", [Path.Combine(AppContext.BaseDirectory, "preimage.dll"), .. arguments])
    {
        WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
    };

    // SIGINT's number, the same on all systems that have it.
    const int Interrupted = 2;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
