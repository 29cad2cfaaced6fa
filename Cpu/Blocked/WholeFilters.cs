using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>Filters as large as the plane, as a matrix: [position][filter] for the convolution, [filter][position] for its adjoint, positions in the order of
/// a blocked sample ([block of channels][pixel][16]), +0 where there is no channel or filter.</summary>
internal sealed unsafe class WholeFilters : IPackedFilters
{
    readonly AlignedBuffer _buffer;
    readonly ConvolutionGeometry _g;

    /// <summary>Packs filters [K][C][R][S].</summary>
    public WholeFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters, bool adjoint)
    {
        (_g, IsAdjoint) = (g, adjoint);
        Positions = BlockedLayout.Padded(g.C) * g.R * g.S;
        Columns = adjoint ? Positions : BlockedLayout.Padded(g.K);
        long floats = (long)Columns * (adjoint ? BlockedLayout.Padded(g.K) : Positions);
        _buffer = new AlignedBuffer(floats * sizeof(float));
        new Span<byte>((void*)_buffer.Address, checked((int)_buffer.Bytes)).Clear();
        Pack(filters, WorkerTeam.Shared.Lanes);
    }

    public bool IsAdjoint { get; }

    /// <summary>Positions of a filter, lanes without a channel among them.</summary>
    public int Positions { get; }

    /// <summary>Floats from a row of the matrix to the next.</summary>
    public int Columns { get; }

    public long Bytes => _buffer.Bytes;

    public float* Floats => _buffer.Floats;

    public void Pack(ReadOnlySpan<float> filters, int lanes)
    {
        fixed (float* from = filters)
        {
            var job = new Job { K = _g.K, C = _g.C, Taps = _g.R * _g.S, Columns = Columns, Adjoint = IsAdjoint, From = from, To = _buffer.Floats };
            WorkerTeam.Shared.Run(ref job, BlockedLayout.Blocks(_g.K), lanes);
        }
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>A ticket is a block of filters.</summary>
    struct Job : ITicketJob
    {
        public int K, C, Taps, Columns;
        public bool Adjoint;
        public float* From, To;

        public readonly void Run(int ticket, int lane)
        {
            const int Lanes = BlockedLayout.Lanes;
            int first = ticket * Lanes, count = Math.Min(Lanes, K - first), length = C * Taps;
            for (int c = 0; c < C; c++)
            {
                for (int tap = 0; tap < Taps; tap++)
                {
                    nint position = ((nint)(c / Lanes) * Taps + tap) * Lanes + c % Lanes;
                    float* from = From + (nint)first * length + c * Taps + tap, to = Adjoint ? To + (nint)first * Columns + position : To + position * Columns + first;
                    nint step = Adjoint ? Columns : 1;
                    for (int k = 0; k < count; k++)
                        to[k * step] = from[(nint)k * length];
                }
            }
        }
    }
}
