using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The gradient of a first layer's filters: x planar, of up to 4 channels, dy in blocked layout.</summary>
/// <remarks>
/// <para>Order and bits are those of <see cref="FilterGradientOrder"/>, where dy is finite: taps outside the picture take part with +0.</para>
/// <para>Sixteen lanes would be wasted on 3 channels, so that here the rows of a tile are positions in a filter, read from patches
/// (<see cref="FilterGradientPatches"/>) of a chunk. A ticket is a chunk: its patches serve all output channels. Its sums wait in scratch, and
/// when a wave of chunks is done, they are added to the total in order; how many make a wave follows from lanes and cannot be told from the bits.</para>
    /// <para>The signal of a first layer comes from memory and is used once per chunk. Tiles fetch that of the chunk this lane will likely draw next.</para>
/// </remarks>
internal static unsafe class FilterGradientPicture
{
    /// <summary>Chunks of a wave, per lane.</summary>
    const int ChunksPerLane = 8;

    /// <summary>Bytes of sums of a wave, as long as each lane has a chunk.</summary>
    const long WaveBytes = 4 << 20;

    /// <summary>Floats of the total that a ticket adds up.</summary>
    const int Slice = 4096;

    /// <summary>Whether it is a picture that this reads.</summary>
    public static bool Supports(in ConvolutionGeometry g) => DirectPicture.Supports(g);

    /// <summary>Bytes of scratch for so many samples.</summary>
    public static long ScratchBytes(Execution execution, in ConvolutionGeometry g, int samples) => Plan.Of(execution, g, samples).Bytes;

    /// <summary>dw = the gradient; what was there is written over.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="samples">Samples of x and dy.</param>
    /// <param name="x">What the convolution read, NCHW.</param>
    /// <param name="dy">The signal at what it wrote, blocked.</param>
    /// <param name="dw">[K][C][R][S].</param>
    /// <param name="scratch">Scratch memory, aligned to 64 bytes.</param>
    public static void Run(Execution execution, in ConvolutionGeometry g, int samples, float* x, float* dy, float* dw, nint scratch)
    {
        if (!Supports(g))
            throw new ArgumentException($"a picture has up to {DirectPictureTile.Rows} channels, in one group", nameof(g));
        Plan plan = Plan.Of(execution, g, samples);
        float* total = (float*)(scratch + (nint)(execution.Lanes * plan.PatchBytes));
        new Span<byte>(total, checked((int)plan.SumsBytes)).Clear();
        var chunks = new ChunkJob
        {
            Isa = execution.Isa, G = g, Plan = plan, Samples = samples, Lanes = execution.Lanes, X = x, Dy = (byte*)dy, Patches = scratch, Sums = (byte*)total + plan.SumsBytes,
        };
        int slices = (int)((plan.SumsBytes / sizeof(float) + Slice - 1) / Slice), count = plan.Order.Count(samples);
        for (int first = 0; first < count; first += plan.Wave)
        {
            chunks.First = first;
            int wave = Math.Min(plan.Wave, count - first);
            chunks.Count = count - first;
            WorkerTeam.Shared.Run(ref chunks, wave, execution.Lanes);
            var join = new JoinJob { Isa = execution.Isa, Count = wave, Floats = (int)(plan.SumsBytes / sizeof(float)), Total = total, Sums = (float*)chunks.Sums };
            WorkerTeam.Shared.Run(ref join, slices, execution.Lanes);
        }

        var write = new WriteJob { Isa = execution.Isa, K = g.K, Positions = g.C * g.R * g.S, Rows = plan.Rows, Total = total, Dw = dw };
        WorkerTeam.Shared.Run(ref write, ChannelGroups.Count(g.K), execution.Lanes);
    }

    /// <summary>Sizes that follow from a problem and its lanes.</summary>
    /// <param name="Order">Chunks.</param>
    /// <param name="TileRows">Rows of a tile.</param>
    /// <param name="Rows">Positions of a filter, in whole tiles.</param>
    /// <param name="Pitch">Floats from a patch to the next.</param>
    /// <param name="Wave">Chunks under way at a time.</param>
    /// <param name="PatchBytes">Bytes of a chunk's patches.</param>
    /// <param name="SumsBytes">Bytes of sums of all filters.</param>
    /// <param name="Bytes">Bytes of scratch.</param>
    readonly record struct Plan(FilterGradientOrder Order, int TileRows, int Rows, int Pitch, int Wave, long PatchBytes, long SumsBytes, long Bytes)
    {
        public static Plan Of(Execution execution, in ConvolutionGeometry g, int samples)
        {
            var order = FilterGradientOrder.Of(g);
            int tile = FilterGradientSums.PatchRows(ChannelGroups.Width(execution.Isa)), rows = (g.C * g.R * g.S + tile - 1) / tile * tile;
            int pitch = FilterGradientPatches.Pitch(g, tile);
            // The last tile's rows beyond the positions read a little further than the last patch.
            long patches = AlignedBuffer.RoundUp(((long)order.MostPixels(g.OutW) * pitch + tile) * sizeof(float));
            long sums = (long)ChannelGroups.Count(g.K) * rows * FilterGradientSums.Step * sizeof(float);
            int wave = Math.Min(order.Count(samples), Math.Max(execution.Lanes, (int)Math.Min(WaveBytes / sums, ChunksPerLane * execution.Lanes)));
            return new Plan(order, tile, rows, pitch, wave, patches, sums, execution.Lanes * patches + (wave + 1) * sums);
        }
    }

    /// <summary>The sums of one chunk for all filters.</summary>
    struct ChunkJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public ConvolutionGeometry G;
        public Plan Plan;
        public int Samples, First, Count, Lanes;
        public float* X;
        public byte* Dy, Sums;
        public nint Patches;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            ChunkJob own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            FilterGradientChunk chunk = Plan.Order[First + _ticket, Samples];
            float* patches = (float*)(Patches + (nint)(_lane * Plan.PatchBytes)), sums = (float*)(Sums + _ticket * Plan.SumsBytes);
            new Span<byte>(sums, (int)Plan.SumsBytes).Clear();
            FilterGradientPatches.Fill(G, X, Samples, chunk, patches, Plan.Pitch);
            nint pixel = BlockedLayout.Lanes * sizeof(float), plane = (nint)G.OutH * G.OutW * pixel;
            int rows = chunk.EndRow - chunk.Row;
            var walk = new FilterGradientWalk
            {
                Samples = chunk.EndSample - chunk.Sample, Rows = 1, Columns = rows * G.OutW, SignalSample = BlockedLayout.Blocks(G.K) * plane, SignalBlock = plane,
                SourceSample = (nint)rows * G.OutW * Plan.Pitch * sizeof(float), SourcePixel = (nint)Plan.Pitch * sizeof(float),
            };
            byte* dy = At(chunk, walk.SignalSample), next = _ticket + Lanes < Count
                ? At(Plan.Order[First + _ticket + Lanes, Samples], walk.SignalSample) : null;
            // Pixels of a chunk are as many as lines of a block of it: each tile asks for its share of what comes next.
            int tiles = Plan.Rows / Plan.TileRows, perBlock = Math.Max(tiles * ChannelGroups.Count(G.K) / BlockedLayout.Blocks(G.K), 1), done = 0;
            walk.AheadStep = pixel / perBlock;
            for (int channels = 0; channels < ChannelGroups.Count(G.K); channels++, dy += ChannelGroups.Blocks * plane)
            {
                int blocks = ChannelGroups.BlocksIn(channels, G.K);
                for (int row = 0; row < Plan.Rows; row += Plan.TileRows, sums += Plan.TileRows * FilterGradientSums.Step, done++)
                {
                    if (next != null)
                        walk.Ahead = next + done / perBlock * plane + done % perBlock * walk.AheadStep * walk.Columns;
                    FilterGradientSums.Add<TS, TV>(Plan.TileRows, blocks, walk, (byte*)(patches + row), dy, sums, FilterGradientSums.Step);
                }
            }
        }

        /// <summary>The first output of a chunk.</summary>
        readonly byte* At(FilterGradientChunk chunk, nint sample) =>
            Dy + chunk.Sample * sample + (nint)chunk.Row * G.OutW * BlockedLayout.Lanes * sizeof(float);
    }

    /// <summary>Total += the sums of a wave, in order.</summary>
    struct JoinJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Count, Floats;
        public float* Total, Sums;
        int _first;

        public void Run(int ticket, int lane)
        {
            JoinJob own = this;
            own._first = ticket * Slice;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            // Rows of sums are two lines: whole vectors on every instruction set.
            for (int i = _first; i < Math.Min(_first + Slice, Floats); i += TS.Width)
            {
                TV total = TS.Load(Total + i);
                float* sums = Sums + i;
                for (int chunk = 0; chunk < Count; chunk++, sums += Floats)
                    total = TS.Add(total, TS.Load(sums));
                TS.Store(Total + i, total);
            }
        }
    }

    /// <summary>The total of a group of output channels, turned into the layout of filters.</summary>
    struct WriteJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int K, Positions, Rows;
        public float* Total, Dw;
        int _group;

        public void Run(int ticket, int lane)
        {
            WriteJob own = this;
            own._group = ticket;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int k = _group * ChannelGroups.Channels;
            FilterGradientSums.Write<TS, TV>(Total + (nint)_group * Rows * FilterGradientSums.Step, Positions, Math.Min(ChannelGroups.Channels, K - k),
                Dw + (nint)k * Positions, Positions);
        }
    }
}
