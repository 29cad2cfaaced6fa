using System.Runtime.InteropServices;
using Preimage.Cpu;

namespace Preimage.Layers;

/// <summary>This machine's processor, as <see cref="Device.Cpu"/> uses it.</summary>
public static class Processor
{
    /// <summary>The name it gives itself, or its architecture where the system does not tell.</summary>
    public static string Name => FromSystem() ?? $"{RuntimeInformation.ProcessArchitecture} processor";

    /// <summary>Threads a run uses where <see cref="EngineOptions.Threads"/> does not say otherwise.</summary>
    public static int Threads => WorkerTeam.Shared.Lanes;

    /// <summary>The instruction set of the kernels where <see cref="EngineOptions.Isa"/> does not say otherwise: avx512, avx2, neon or scalar.</summary>
    /// <exception cref="NotSupportedException">PREIMAGE_ISA names something unknown or absent.</exception>
    public static string InstructionSet => Word(IsaChoice.Default);

    /// <summary>All instruction sets it could run, the widest first.</summary>
    public static IReadOnlyList<string> InstructionSets => [.. IsaChoice.Supported.Select(Word)];

    static string? FromSystem()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        const string Table = "/proc/cpuinfo";
        if (!File.Exists(Table))
            return null;
        string? line = File.ReadLines(Table).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }

#pragma warning disable CA1308 // The names are lower case in options and variables.
    static string Word(Isa isa) => isa.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
