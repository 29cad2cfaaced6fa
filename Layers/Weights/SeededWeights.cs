using Preimage.Cpu;
using Preimage.Cpu.Draws;

namespace Preimage.Layers.Weights;

/// <summary>Random weights that are never stored here: element i follows from the seed, the stream and i alone, with the same bits on every machine.</summary>
/// <remarks>Engines keep a drawn copy of weights of up to <see cref="MostKept"/> elements. More than that, dense layers draw again whenever they use them, and
/// other layers do not accept.</remarks>
public sealed class SeededWeights : WeightSource
{
    /// <summary>Elements a thread draws at a time: 256 KB.</summary>
    const int Piece = 1 << 16;

    readonly DrawnArray _array;

    /// <summary>Makes a source.</summary>
    /// <param name="seed">The seed, shared by the weights of a network.</param>
    /// <param name="stream">A number of its own for each array of the network.</param>
    /// <param name="distribution">What elements are drawn from.</param>
    /// <param name="extents">The extents.</param>
    public SeededWeights(ulong seed, ulong stream, Distribution distribution, params ReadOnlySpan<int> extents) : base(extents)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        _array = new DrawnArray(distribution.Rule, seed, stream);
    }

    /// <summary>Up to how many elements an engine keeps; 2^28 (1 GiB) unless said otherwise, never more than 2^31-1.</summary>
    public int MostKept { get; init; } = 1 << 28;

    /// <summary>What is drawn, where an engine may not keep it; null where it may.</summary>
    internal DrawnArray? Streamed => LongCount > MostKept ? _array : null;

    /// <summary>What is drawn.</summary>
    internal DrawnArray Array => _array;

    /// <inheritdoc/>
    protected override unsafe void ReadCore(long start, Span<float> destination)
    {
        fixed (float* to = destination)
        {
            var job = new Job { Array = _array, First = start, To = to, Count = destination.Length };
            int tickets = (destination.Length + Piece - 1) / Piece;
            WorkerTeam.Shared.Run(ref job, tickets, WorkerTeam.Shared.Lanes);
        }
    }

    unsafe struct Job : ITicketJob
    {
        public DrawnArray Array;
        public long First;
        public float* To;
        public int Count;

        public readonly void Run(int ticket, int lane)
        {
            int at = ticket * Piece;
            RandomDraws.Fill(IsaChoice.Default, Array, First + at, To + at, Math.Min(Piece, Count - at));
        }
    }
}
