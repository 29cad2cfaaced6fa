namespace Preimage.Cpu;

/// <summary>The instruction sets the kernels are compiled for. Results do not depend on the choice.</summary>
internal enum Isa
{
    /// <summary>No vectors: MathF.FusedMultiplyAdd one value at a time.</summary>
    Scalar,

    /// <summary>128-bit vectors: NEON. On x86 it exists to be tested, and is never chosen.</summary>
    Neon,

    /// <summary>256-bit vectors with FMA.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}
