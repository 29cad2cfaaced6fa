using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The gradient of a convolution's filters, x and dy in blocked layout.</summary>
/// <remarks>
/// <para>Order and bits are those of <see cref="FilterGradientOrder"/>, on every instruction set and for any number of threads.</para>
/// <para>A ticket is a group of 32 output channels and some blocks of input channels, whose sums stay in scratch over all chunks: [channel][tap][32]. Of
/// a chunk, which the first-level cache holds, each tap meets every channel; taps beyond the plane's edge are left out by shorter rows, so that
/// nothing is copied or bordered. In the end the sums are turned, 16 x 16, into the layout of the filters.</para>
/// </remarks>
internal static unsafe class FilterGradientBlocked
{
    /// <summary>Bytes of sums that stay in the second-level cache beside the chunks.</summary>
    const long CachedSums = 320 << 10;

    /// <summary>Tickets there should be per lane.</summary>
    const int TicketsPerLane = 3;

    /// <summary>Whether blocks of channels and groups of the convolution agree.</summary>
    public static bool Supports(in ConvolutionGeometry g) => DirectConvolution.Supports(g);

    /// <summary>Bytes of scratch, whatever the batch.</summary>
    public static long ScratchBytes(Execution execution, in ConvolutionGeometry g) =>
        execution.Lanes * SumsBytes(g, BlocksPerTicket(execution, g));

    /// <summary>dw = the gradient; what was there is written over.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="samples">Samples of x and dy.</param>
    /// <param name="x">What the convolution read.</param>
    /// <param name="dy">The signal at what it wrote.</param>
    /// <param name="dw">[K][C/groups][R][S].</param>
    /// <param name="scratch">Scratch memory, aligned to 64 bytes.</param>
    public static void Run(Execution execution, in ConvolutionGeometry g, int samples, float* x, float* dy, float* dw, nint scratch)
    {
        if (!Supports(g))
            throw new ArgumentException("channels of a group must be whole blocks where there is more than one group", nameof(g));
        int perTicket = BlocksPerTicket(execution, g), blocks = BlockedLayout.Blocks(g.C / g.Groups);
        var job = new Job
        {
            Isa = execution.Isa, G = g, Order = FilterGradientOrder.Of(g), Samples = samples, X = (byte*)x, Dy = (byte*)dy, Dw = dw, Scratch = scratch,
            Blocks = blocks, PerTicket = perTicket, Parts = (blocks + perTicket - 1) / perTicket,
        };
        WorkerTeam.Shared.Run(ref job, checked(g.Groups * ChannelGroups.Count(g.K / g.Groups) * job.Parts), execution.Lanes);
    }

    static long SumsBytes(in ConvolutionGeometry g, int blocks) =>
        (long)blocks * BlockedLayout.Lanes * g.R * g.S * FilterGradientSums.Step * sizeof(float);

    /// <summary>Blocks of input channels of a ticket: the more, the fewer times dy is read.</summary>
    static int BlocksPerTicket(Execution execution, in ConvolutionGeometry g)
    {
        int blocks = BlockedLayout.Blocks(g.C / g.Groups), others = g.Groups * ChannelGroups.Count(g.K / g.Groups), parts = 1;
        while (parts < blocks
            && (SumsBytes(g, (blocks + parts - 1) / parts) > CachedSums || (execution.Lanes > 1 && others * parts < TicketsPerLane * execution.Lanes)))
        {
            parts++;
        }

        return (blocks + parts - 1) / parts;
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public ConvolutionGeometry G;
        public FilterGradientOrder Order;
        public int Samples, Blocks, PerTicket, Parts;
        public byte* X, Dy;
        public float* Dw;
        public nint Scratch;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int perGroupC = G.C / G.Groups, perGroupK = G.K / G.Groups, groups = ChannelGroups.Count(perGroupK);
            // Parts innermost: neighbours read the same outputs.
            int first = _ticket % Parts * PerTicket, end = Math.Min(first + PerTicket, Blocks);
            int channels = _ticket / Parts % groups, group = _ticket / Parts / groups;
            float* sums = (float*)(Scratch + (nint)(_lane * SumsBytes(G, PerTicket)));
            new Span<byte>(sums, (int)SumsBytes(G, end - first)).Clear();
            nint pixel = BlockedLayout.Lanes * sizeof(float), xPlane = (nint)G.H * G.W * pixel, dyPlane = (nint)G.OutH * G.OutW * pixel;
            byte* x = X + ((nint)group * Blocks + first) * xPlane;
            byte* dy = Dy + ((nint)group * BlockedLayout.Blocks(perGroupK) + channels * ChannelGroups.Blocks) * dyPlane;
            var walk = new FilterGradientWalk
            {
                SignalSample = G.Groups * BlockedLayout.Blocks(perGroupK) * dyPlane, SignalBlock = dyPlane,
                SourceSample = (nint)G.Groups * Blocks * xPlane, SourcePixel = G.StrideX * pixel,
            };
            int blocksK = ChannelGroups.BlocksIn(channels, perGroupK);
            for (int i = 0; i < Order.Count(Samples); i++)
            {
                FilterGradientChunk chunk = Order[i, Samples];
                walk.Samples = chunk.EndSample - chunk.Sample;
                Chunk<TS, TV>(chunk, walk, x + chunk.Sample * walk.SourceSample, dy + chunk.Sample * walk.SignalSample, first, end, blocksK, sums);
            }

            int channel = first * BlockedLayout.Lanes, taps = G.R * G.S, k = channels * ChannelGroups.Channels;
            nint filter = (nint)perGroupC * taps;
            int positions = (Math.Min(end * BlockedLayout.Lanes, perGroupC) - channel) * taps;
            FilterGradientSums.Write<TS, TV>(sums, positions, Math.Min(ChannelGroups.Channels, perGroupK - k),
                Dw + (group * perGroupK + k) * filter + channel * taps, filter);
        }

        /// <summary>All taps and channels of a ticket for one chunk.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Chunk<TS, TV>(FilterGradientChunk chunk, FilterGradientWalk walk, byte* x, byte* dy, int first, int end, int blocksK, float* sums)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            nint pixel = Lanes * sizeof(float), xPlane = (nint)G.H * G.W * pixel, taps = (nint)G.R * G.S;
            int rows = FilterGradientSums.ChannelRows(TS.Width, blocksK);
            for (int block = first; block < end; block++, x += xPlane, sums += Lanes * taps * FilterGradientSums.Step)
            {
                int channels = Math.Min(Lanes, G.C / G.Groups - block * Lanes);
                float* to = sums;
                for (int r = 0; r < G.R; r++)
                {
                    int offsetY = r * G.DilationY - G.PadTop;
                    (int row, int rowEnd) = FilterGradientOrder.Inside(chunk.Row, chunk.EndRow, G.StrideY, offsetY, G.H);
                    for (int s = 0; s < G.S; s++, to += FilterGradientSums.Step)
                    {
                        int offsetX = s * G.DilationX - G.PadLeft;
                        (int column, int columnEnd) = FilterGradientOrder.Inside(0, G.OutW, G.StrideX, offsetX, G.W);
                        if (row == rowEnd || column == columnEnd)
                            continue;
                        FilterGradientWalk own = walk;
                        (own.Rows, own.Columns) = (rowEnd - row, columnEnd - column);
                        (own.SignalRow, own.SourceRow) = (G.OutW * pixel, (nint)G.StrideY * G.W * pixel);
                        own.JoinRows();
                        byte* source = x + ((nint)(row * G.StrideY + offsetY) * G.W + column * G.StrideX + offsetX) * pixel;
                        byte* signal = dy + ((nint)row * G.OutW + column) * pixel;
                        for (int c = 0; c < channels; c += rows)
                        {
                            FilterGradientSums.Add<TS, TV>(rows, blocksK, own, source + c * sizeof(float), signal,
                                to + c * taps * FilterGradientSums.Step, taps * FilterGradientSums.Step);
                        }
                    }
                }
            }
        }
    }
}
