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
    // OpenMP for PyTorch and oneDNN; OpenBLAS, which PyTorch's dense layers call too, has threads of its own.
    static readonly string[] s_threadVariables = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"];

    static readonly string[] s_tuning = ["OMP_", "GOMP_", "OPENBLAS_", "GOTO_", "ONEDNN_", "DNNL_", "MKL_", "KMP_"];

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

    /// <summary>Starts a peer; one that does not say ready is absent, with what it said as the reason.</summary>
    public static PeerProcess Start(string name, int threads, string program, IEnumerable<string> arguments, string? nodePath = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // A peer picks its kernels itself. What the shell says to it would not be seen in the result: OPENBLAS_CORETYPE=Haswell made a product of
        // 512x784x4608 take 33 ms instead of 18 on a Zen 5 (one thread).
        foreach (string tuning in start.Environment.Keys.Where(k => s_tuning.Any(p => k.StartsWith(p, StringComparison.Ordinal))).ToArray())
            start.Environment.Remove(tuning);
        foreach (string variable in s_threadVariables)
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        if (nodePath is not null)
            start.Environment["NODE_PATH"] = nodePath;
        try
        {
            Process process = Process.Start(start)!;
            // The line that names an error, or the last one.
            string said = "";
            process.ErrorDataReceived += (_, e) => said = string.IsNullOrWhiteSpace(e.Data) || said.Contains("Error", StringComparison.Ordinal) ? said : e.Data.Trim();
            process.BeginErrorReadLine();
            string? line = process.StandardOutput.ReadLine();
            if (line?.StartsWith("ready ", StringComparison.Ordinal) == true)
            {
                Signal(process, "STOP");
                return new PeerProcess(name, process, line["ready ".Length..]);
            }

            process.WaitForExit();
            process.Dispose();
            return new PeerProcess(name, null, $"absent: {line ?? said}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new PeerProcess(name, null, $"absent: {e.Message}");
        }
    }

    /// <summary>The PyTorch peer of a script beside this file.</summary>
    public static PeerProcess StartTorch(int threads, string script, params IEnumerable<string> arguments) =>
        Start("PyTorch", threads, "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", script), .. arguments]);

    /// <summary>This program as a peer of itself.</summary>
    public static PeerProcess StartOwn(string name, int threads, params IEnumerable<string> arguments) =>
        Start(name, threads, Path.Combine(AppContext.BaseDirectory, "Preimage.Perf"), arguments);

    /// <summary>The side of <see cref="Turns"/> that runs the peer; null where it is absent.</summary>
    public Func<int, double[]>? Side => IsPresent ? Run : null;

    /// <summary>Sends a line and returns the answer.</summary>
    public string Ask(string line)
    {
        Signal(_process!, "CONT");
        _process!.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended at '{line}'");
        Signal(_process, "STOP");
        return answer;
    }

    double[] Run(int times) => Times($"run {times}");

    /// <summary>Sends a line that is answered with times in milliseconds.</summary>
    public double[] Times(string line) => [.. Ask(line).Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    static void Signal(Process process, string signal)
    {
        // The shell has one of its own where there is no program of that name.
        using Process kill = Process.Start("sh", ["-c", $"kill -{signal} {process.Id}"]);
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
