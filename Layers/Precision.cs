namespace Preimage.Layers;

/// <summary>What arithmetic a run may use. Every result records it.</summary>
public enum Precision
{
    /// <summary>float32 arithmetic; algorithms whose error stays within the documented bound of a direct sum. The default.</summary>
    Single,

    /// <summary>Bit-reproducible: only algorithms with the documented order of summation.</summary>
    Strict,

    /// <summary>Reduced-precision products where the device gains by them.</summary>
    Fast,
}
