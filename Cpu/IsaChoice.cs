using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Preimage.Cpu;

/// <summary>Which instruction sets this machine has and which one is taken where nobody says.</summary>
internal static class IsaChoice
{
    /// <summary>The variable that sets the default: scalar, neon (or 128), avx2 (or 256), avx512 (or 512).</summary>
    public const string Variable = "PREIMAGE_ISA";

    /// <summary>The widest there is.</summary>
    /// <remarks>Avx512F.IsSupported, not Vector512.IsHardwareAccelerated: the runtime answers false to the latter on Skylake-X and Cascade
    /// Lake, where 512-bit loops were measured 1.65 to 1.75 times as fast as 256-bit ones.</remarks>
    public static Isa Widest =>
        IsSupported(Isa.Avx512) ? Isa.Avx512 : IsSupported(Isa.Avx2) ? Isa.Avx2 : AdvSimd.Arm64.IsSupported ? Isa.Neon : Isa.Scalar;

    /// <summary>What <see cref="Variable"/> names, or the widest.</summary>
    /// <exception cref="NotSupportedException">The variable names something unknown or absent.</exception>
    public static Isa Default =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Named(name) : Widest;

    /// <summary>All this machine can run, widest first.</summary>
    public static IReadOnlyList<Isa> Supported =>
        [.. new[] { Isa.Avx512, Isa.Avx2, Isa.Neon, Isa.Scalar }.Where(IsSupported)];

    /// <summary>Whether this machine can run it.</summary>
    public static bool IsSupported(Isa isa) => isa switch
    {
        Isa.Avx512 => Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported,
        Isa.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        Isa.Neon => AdvSimd.Arm64.IsSupported || Fma.IsSupported,
        _ => true,
    };

    /// <summary>The instruction set of a name, in any case.</summary>
    /// <exception cref="NotSupportedException">The name is unknown or this machine lacks it.</exception>
    public static Isa Named(string name)
    {
        Isa isa = name.ToUpperInvariant() switch
        {
            "SCALAR" => Isa.Scalar,
            "NEON" or "128" => Isa.Neon,
            "AVX2" or "256" => Isa.Avx2,
            "AVX512" or "512" => Isa.Avx512,
            _ => throw new NotSupportedException($"'{name}' is no instruction set: scalar, neon, avx2 and avx512 are"),
        };
        return IsSupported(isa)
            ? isa
            : throw new NotSupportedException($"this machine has no {name}; it has {string.Join(", ", Supported)}");
    }
}
