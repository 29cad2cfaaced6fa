using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Preimage.Interop.Cuda;

namespace Preimage.Tests.Shared.Cuda;

/// <summary>
/// The CUDA simulator of tests/CudaSimulator, built when it is first asked for, and its controls (control.h). It serves
/// the whole process: tests that use it run one at a time.
/// </summary>
/// <remarks>PREIMAGE_CUDA, where set, names what is used instead: another build of the simulator, or real libraries.</remarks>
internal static unsafe class Simulator
{
    const int MostText = 1 << 16;
    static readonly TimeSpan s_longestBuild = TimeSpan.FromMinutes(5);

    const string NotBuilt = "tests/CudaSimulator/build.sh cannot be run here (Linux with g++ is needed)";

    // Unlike Start, this leaves the process itself without it.
    static readonly Lazy<string?> s_forChildren = new(Build);
    static readonly Lazy<string?> s_file = new(Prepare);
    static readonly Lazy<nint> s_library = new(() => NativeLibrary.Load(s_file.Value!));

    /// <summary>What <see cref="Live"/> counts, in the simulator's own order.</summary>
    public enum Kind { DeviceMemory, Streams, Modules, PrimaryContexts, Events, Graphs, GraphExecs, Pools, HostMemory, Contexts, BlasHandles, DnnHandles, DnnDescriptors }

    /// <summary>What cuDNN is seen, or allowed, to do at times (CusimManner of control.h).</summary>
    [Flags]
    public enum DnnManners
    {
        OffersDefaultMath = 1, RoundsToTf32 = 2, OffersWhatFails = 4, WorkspaceGrows = 8, DeterminismUnknown = 16, OffersNothing = 32, OffersFew = 64, FusedRefuses = 128,
        FusedDropsNaN = 256, FusedReadsAddend = 512,
    }

    /// <summary>Lets the process use the simulator, as a machine just started; skips the test where it cannot be built.</summary>
    public static void Start()
    {
        if (s_file.Value is null) ReferenceData.Absent(NotBuilt);
        if (!NativeLibrary.TryGetExport(s_library.Value, "cusim_is_simulator", out _)) ReferenceData.Absent($"{s_file.Value} is no simulator");
        ((delegate* unmanaged<void>)Export("cusim_reset"))();
    }

    /// <summary>The file to name in PREIMAGE_CUDA for a process of its own; skips the test where it cannot be built.</summary>
    public static string FileForChildren()
    {
        string? file = s_forChildren.Value;
        if (file is null) ReferenceData.Absent(NotBuilt);
        return file!;
    }

    /// <summary>Whether the simulator exports a function of CUDA's.</summary>
    public static bool Has(string entry) => NativeLibrary.TryGetExport(s_library.Value, entry, out _);

    /// <summary>The address of one of its functions.</summary>
    public static nint Export(string name) => NativeLibrary.GetExport(s_library.Value, name);

    /// <summary>How many devices the machine has.</summary>
    public static void Devices(int count) => ((delegate* unmanaged<int, void>)Export("cusim_devices"))(count);

    /// <summary>Which driver it says it is: 12040 is 12.4.</summary>
    public static void Driver(int version) => ((delegate* unmanaged<int, void>)Export("cusim_driver"))(version);

    /// <summary>The generation of its devices.</summary>
    public static void Capability(int major, int minor) => ((delegate* unmanaged<int, int, void>)Export("cusim_capability"))(major, minor);

    /// <summary>How cuDNN behaves until the next <see cref="Start"/>.</summary>
    public static void Behave(DnnManners manners) => ((delegate* unmanaged<uint, void>)Export("cusim_dnn_manners"))((uint)manners);

    /// <summary>The nth call of an entry from now on returns a code and does nothing.</summary>
    public static void Fault(string entry, int code, int nth = 1) => SetFault("cusim_fault", entry, code, nth);

    /// <summary>The nth call of an entry from now on succeeds, but the work it queues fails with a code.</summary>
    public static void FaultLate(string entry, int code, int nth = 1) => SetFault("cusim_fault_late", entry, code, nth);

    /// <summary>How often a fault was met.</summary>
    public static long Fired(string entry) => Ask("cusim_fault_fired", entry);

    /// <summary>Calls of an entry since <see cref="Start"/>.</summary>
    public static long Calls(string entry) => Ask("cusim_calls", entry);

    /// <summary>Objects of a kind that are alive.</summary>
    public static long Live(Kind kind) => (long)((delegate* unmanaged<int, nint>)Export("cusim_live"))((int)kind);

    /// <summary>Everything that is alive, as text; empty where nothing is.</summary>
    public static string Leaks() => string.Join(", ", Enum.GetValues<Kind>().Where(k => Live(k) != 0).Select(k => $"{k} {Live(k)}"));

    /// <summary>Blocks of memory with something written beside them.</summary>
    public static int DamagedGuards() => ((delegate* unmanaged<int>)Export("cusim_check_guards"))();

    /// <summary>Asynchronous copies so far that used host memory which was not pinned.</summary>
    public static long PageableCopies() => (long)((delegate* unmanaged<nint>)Export("cusim_pageable_copies"))();

    /// <summary>Every call so far, a line each: thread and entry.</summary>
    public static string Log()
    {
        byte[] text = new byte[MostText];
        fixed (byte* to = text) ((delegate* unmanaged<byte*, nuint, nuint>)Export("cusim_log"))(to, (nuint)text.Length);
        return Encoding.UTF8.GetString(text.AsSpan(0, text.AsSpan().IndexOf((byte)0)));
    }

    /// <summary>Kernels run from the PTX that ships instead of their host build, until <see cref="Start"/>.</summary>
    public static void RunPtx() => ((delegate* unmanaged<int, void>)Export("cusim_ptx"))(1);

    /// <summary>Forgets what launches from PTX were counted.</summary>
    public static void ForgetPtxCounts() => ((delegate* unmanaged<void>)Export("cusim_ptx_forget"))();

    /// <summary>What they came to: a table of the kernels launched, then accesses that touch more than 1.5 times what they must.</summary>
    public static string PtxCounts()
    {
        byte[] text = new byte[MostText];
        fixed (byte* to = text) ((delegate* unmanaged<byte*, nuint, nuint>)Export("cusim_ptx_counts"))(to, (nuint)text.Length);
        return Encoding.UTF8.GetString(text.AsSpan(0, text.AsSpan().IndexOf((byte)0)));
    }

    static void SetFault(string control, string entry, int code, int nth)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(entry + '\0'))
            ((delegate* unmanaged<byte*, nint, int, void>)Export(control))(name, nth, code);
    }

    static long Ask(string control, string entry)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(entry + '\0'))
            return (long)((delegate* unmanaged<byte*, nint>)Export(control))(name);
    }

    static string? Prepare()
    {
        if (Environment.GetEnvironmentVariable("PREIMAGE_CUDA") is { Length: > 0 } given) return given;
        string? file = Build();
        if (file is not null) CudaLibraries.TakeFrom(file);
        return file;
    }

    static string? Build()
    {
        if (!OperatingSystem.IsLinux() || Folder() is not { } folder) return null;
        string output = Path.Combine(folder, "bin");
        Directory.CreateDirectory(output);
        // Test projects run side by side: one builds, the others wait for it.
        using var gate = Lock(Path.Combine(output, "lock"));
        try
        {
            using var build = Process.Start(new ProcessStartInfo("bash", [Path.Combine(folder, "build.sh"), output]) { RedirectStandardError = true })!;
            var errors = build.StandardError.ReadToEndAsync();
            if (!build.WaitForExit(s_longestBuild)) build.Kill(entireProcessTree: true);
            else if (build.ExitCode == 0) return Path.Combine(output, "libcusim.so");
            // A compiler that is there and refuses is a failure, not a reason to skip.
            if (Process.Start(new ProcessStartInfo("bash", ["-c", "command -v ${CXX:-g++} >/dev/null"])) is { } probe && Waited(probe) == 0)
                throw new InvalidOperationException($"tests/CudaSimulator does not build: {errors.Result}");
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    static int Waited(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    static FileStream Lock(string path)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.Elapsed < s_longestBuild)
            {
                Thread.Sleep(100);
            }
        }
    }

    static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string simulator = Path.Combine(folder.FullName, "tests", "CudaSimulator");
            if (File.Exists(Path.Combine(simulator, "build.sh"))) return simulator;
        }
        return null;
    }
}
