namespace Preimage.Cpu.Blocked;

/// <summary>A convolution, or the adjoint of one, into a blocked array, prepared for one geometry and instruction set: cuts decided. Its filters are somebody else's.</summary>
/// <remarks>Running it allocates nothing; it may run for several callers at once, each with scratch of its own.</remarks>
internal unsafe interface IBlockedConvolution : IDisposable
{
    /// <summary>Bytes of scratch for so many samples.</summary>
    long ScratchBytes(Execution execution, int samples);

    /// <summary>Runs it.</summary>
    /// <param name="execution">Lanes, and the instruction set it was prepared for.</param>
    /// <param name="samples">Samples of source and destination.</param>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <param name="scratch">Scratch, aligned to 64 bytes.</param>
    void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch);
}
