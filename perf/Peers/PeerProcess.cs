using System.Diagnostics;
using System.Globalization;

namespace Preimage.Perf.Peers;

/// <summary>A peer in a process of its own that times itself: it says "ready VERSION", then answers "run N" with N times in milliseconds.</summary>
/// <remarks>
/// It is stopped (SIGSTOP) while it is not its turn: the worker threads of peers spin for a while after a run, which was measured to make the others
/// up to three times slower on two processors.
/// </remarks>
internal sealed class PeerProcess : IDisposable
{
    readonly Process? _process;

    PeerProcess(string name, Process? process, string version)
    {
        Name = name;
        _process = process;
        Version = version;
    }

    /// <summary>The peer.</summary>
    public string Name { get; }

    /// <summary>Its version, or why it is absent.</summary>
    public string Version { get; }

    /// <summary>Whether it can run.</summary>
    public bool IsPresent => _process is not null;

    /// <summary>Starts a peer; one that does not say ready is absent, with what it said last as the reason.</summary>
    public static PeerProcess Start(string name, string program, string[] arguments, string? nodePath = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (nodePath is not null)
            start.Environment["NODE_PATH"] = nodePath;
        try
        {
            Process process = Process.Start(start)!;
            string last = "";
            process.ErrorDataReceived += (_, e) => last = string.IsNullOrWhiteSpace(e.Data) ? last : e.Data;
            process.BeginErrorReadLine();
            string? line = process.StandardOutput.ReadLine();
            if (line?.StartsWith("ready ", StringComparison.Ordinal) == true)
            {
                Signal(process, "STOP");
                return new PeerProcess(name, process, line["ready ".Length..]);
            }

            process.WaitForExit();
            process.Dispose();
            return new PeerProcess(name, null, $"absent: {line ?? last}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new PeerProcess(name, null, $"absent: {e.Message}");
        }
    }

    /// <summary>Runs the peer several times and returns its times in milliseconds.</summary>
    public double[] Run(int times)
    {
        Signal(_process!, "CONT");
        _process!.StandardInput.WriteLine($"run {times}");
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended");
        Signal(_process, "STOP");
        return [.. line.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
    }

    static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        Signal(_process, "CONT");
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
