using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Where the sums of one group of destination channels go.</summary>
internal unsafe struct DirectWriter
{
    public Epilogue Epilogue;
    public float* Destination, Sums;

    /// <summary>Floats from the start of the destination to the group's first block.</summary>
    public nint Start;

    /// <summary>Floats of a block's plane, and from one pixel of a stretch to the next.</summary>
    public nint Plane, Step;

    /// <summary>Blocks of the group.</summary>
    public int Blocks;

    /// <summary>The group's first channel.</summary>
    public int Channel;

    /// <summary>Lanes of the last block that are no channels.</summary>
    public int Missing;

    /// <summary>Writes a stretch of pixels.</summary>
    /// <param name="row">Where among the sums it starts.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="to">Floats from the start of the destination to the first pixel in the group's first block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Write<TS, TV>(int row, int count, nint to) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        float* sums = Sums + row * BlockedTile.SumsStep;
        if (Missing > 0)
        {
            // Zero weights do not make these +0 where the source is not finite.
            float* missing = sums + Blocks * BlockedLayout.Lanes - Missing;
            for (int i = 0; i < count; i++, missing += BlockedTile.SumsStep)
                new Span<float>(missing, Missing).Clear();
        }

        for (int block = 0; block < Blocks; block++)
        {
            Epilogue.Store<TS, TV>(sums + block * BlockedLayout.Lanes, BlockedTile.SumsStep, count, Destination, to + block * Plane, Step,
                Channel + block * BlockedLayout.Lanes);
        }
    }
}
