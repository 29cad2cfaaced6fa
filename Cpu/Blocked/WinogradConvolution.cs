using System.Diagnostics;

namespace Preimage.Cpu.Blocked;

/// <summary>Convolution by 3x3 windows at stride 1, or its adjoint, by Winograd's F(4x4,3x3): a quarter of the multiplications, rounded otherwise.</summary>
/// <remarks>
/// Source and destination are blocked. Every output is the same operations in the same order on every instruction set, for any
/// number of lanes and wherever its sample stands in a batch: the same bits. Against exact convolution the error is about twice that of a plain sum.
/// </remarks>
internal sealed unsafe class WinogradConvolution : IBlockedConvolution
{
    readonly WinogradTiles _problem;
    readonly WinogradFilters _filters;
    readonly ConvolutionGeometry _geometry;
    readonly bool _isAdjoint;

    /// <summary>Prepares the convolution or its adjoint.</summary>
    /// <param name="g">The convolution; <see cref="WinogradTiles.Suits"/> must say yes.</param>
    /// <param name="adjoint">Which of the two.</param>
    /// <param name="filters">Its filters, which stay the caller's; turned as they are used where they were packed for the other way.</param>
    public WinogradConvolution(in ConvolutionGeometry g, bool adjoint, WinogradFilters filters)
    {
        _problem = WinogradTiles.Of(g, adjoint);
        _filters = filters;
        (_geometry, _isAdjoint) = (g, adjoint);
        IsFused = Fuses(_problem);
    }

    /// <summary>Whether a ticket does everything for a block of tiles, or there are three passes.</summary>
    public bool IsFused { get; init; }

    /// <summary>Bytes of scratch for so many samples.</summary>
    public long ScratchBytes(Execution execution, int samples) =>
        IsFused ? WinogradFused.ScratchBytes(_problem, Turned, execution, samples) : WinogradStaged.ScratchBytes(_problem, Turned, execution, samples);

    /// <summary>Runs it.</summary>
    /// <param name="execution">Lanes, and the instruction set the filters were packed for.</param>
    /// <param name="samples">Samples of source and destination.</param>
    /// <param name="source">Blocked planes; pad lanes are not read as numbers.</param>
    /// <param name="destination">Blocked planes.</param>
    /// <param name="epilogue">What happens to sums on their way.</param>
    /// <param name="scratch">What <see cref="ScratchBytes"/> asked for, aligned to 64 bytes.</param>
    public void Run(Execution execution, int samples, float* source, float* destination, in Epilogue epilogue, nint scratch)
    {
        Debug.Assert(execution.Isa == _filters.Isa);
        WinogradTurned? turned = Turned;
        var work = new WinogradGroup
        {
            Problem = _problem, Filters = turned is null ? _filters.Panels : null, Turned = turned, Destination = destination, Epilogue = epilogue,
        };
        if (IsFused)
            WinogradFused.Run(execution, work, samples, source, scratch);
        else
            WinogradStaged.Run(execution, work, samples, source, scratch);
    }

    /// <summary>What turns the filters, if they were packed for the other way. Asked for with each run, so that filters that are gone are noticed.</summary>
    WinogradTurned? Turned =>
        _isAdjoint == _filters.IsAdjoint ? null : new WinogradTurned(_problem, WinogradTiles.Of(_geometry, !_isAdjoint), _filters.Panels);

    /// <summary>Owns nothing: tiles are cut as they come.</summary>
    public void Dispose()
    {
    }

    /// <summary>Where tiles outnumber channels, they are more bytes than the filters.</summary>
    static bool Fuses(in WinogradTiles problem) => problem.PerSample >= problem.Channels;
}
