using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Preimage.Tests.Shared.Processes;

/// <summary>The runtime's switches that take instruction sets away from a process, and what is left to it.</summary>
/// <remarks>Those that can be relied on: switches for FMA or parts of AVX-512 by themselves are ignored by the runtime; without AVX2 there is no FMA either.</remarks>
internal static class IsaSwitches
{
    /// <summary>The variable that tells a child what it must find.</summary>
    public const string Expected = "PREIMAGE_EXPECT_ISA";

    /// <summary>Switch and widest instruction set left, by the name of the library's enumeration.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string> { { "DOTNET_EnableHWIntrinsic", "Scalar" } };
            if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                all.Add("DOTNET_EnableAVX2", "Scalar");
                all.Add("DOTNET_EnableAVX512", Avx2.IsSupported && Fma.IsSupported ? "Avx2" : "Scalar");
            }

            return all;
        }
    }

    /// <summary>The environment of a child with one of them set to 0, and three threads, which a machine of two processors does not start by itself.</summary>
    public static Dictionary<string, string?> Environment(string name, string expected) => new()
    {
        [name] = "0", [Expected] = expected, ["PREIMAGE_ISA"] = null, ["PREIMAGE_THREADS"] = "3",
    };

    /// <summary>What a child prints of itself, and its parent looks for.</summary>
    public static string Line(string isa) => $"instruction set of this process: {isa}";
}
