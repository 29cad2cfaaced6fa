using System.Runtime.CompilerServices;
using Preimage.Cpu.Convolution;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The gradient of the filters of a convolution of one channel per group, x and dy in blocked layout: 16 channels at once.</summary>
/// <remarks>Order and bits are those of <see cref="FilterGradientOrder"/>. A ticket is a block of channels; each of its taps is one chain per chunk, so
/// that its latency sets the pace; depthwise filters are a small part of a network's work.</remarks>
internal static unsafe class FilterGradientDepthwise
{
    /// <summary>dw = the gradient; what was there is written over.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="samples">Samples of x and dy.</param>
    /// <param name="x">What the convolution read.</param>
    /// <param name="dy">The signal at what it wrote.</param>
    /// <param name="dw">[C][1][R][S].</param>
    public static void Run(Execution execution, in ConvolutionGeometry g, int samples, float* x, float* dy, float* dw)
    {
        if (!BlockedDepthwise.Supports(g))
            throw new ArgumentException("one channel per group and output", nameof(g));
        var job = new Job { Isa = execution.Isa, G = g, Order = FilterGradientOrder.Of(g), Samples = samples, X = x, Dy = dy, Dw = dw };
        WorkerTeam.Shared.Run(ref job, BlockedLayout.Blocks(g.C), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public ConvolutionGeometry G;
        public FilterGradientOrder Order;
        public int Samples;
        public float* X, Dy, Dw;
        int _block;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._block = ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            float* totals = stackalloc float[Lanes];
            int first = _block * Lanes, channels = Math.Min(Lanes, G.C - first), taps = G.R * G.S;
            for (int tap = 0; tap < taps; tap++)
            {
                int offsetY = tap / G.S * G.DilationY - G.PadTop, offsetX = tap % G.S * G.DilationX - G.PadLeft;
                for (int lane = 0; lane < Lanes; lane += TS.Width)
                {
                    TV total = TS.Broadcast(0);
                    for (int i = 0; i < Order.Count(Samples); i++)
                        total = TS.Add(total, Chunk<TS, TV>(Order[i, Samples], lane, offsetY, offsetX));
                    TS.Store(totals + lane, total);
                }

                for (int c = 0; c < channels; c++)
                    Dw[(nint)(first + c) * taps + tap] = totals[c];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly TV Chunk<TS, TV>(FilterGradientChunk chunk, int lane, int offsetY, int offsetX) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            TV sum = TS.Broadcast(0);
            int blocks = BlockedLayout.Blocks(G.C);
            nint step = (nint)G.StrideX * Lanes;
            (int column, int columnEnd) = FilterGradientOrder.Inside(0, G.OutW, G.StrideX, offsetX, G.W);
            (int row, int rowEnd) = FilterGradientOrder.Inside(chunk.Row, chunk.EndRow, G.StrideY, offsetY, G.H);
            for (int n = chunk.Sample; n < chunk.EndSample; n++)
            {
                nint image = (nint)n * blocks + _block;
                for (int i = row; i < rowEnd; i++)
                {
                    float* x = X + ((image * G.H + i * G.StrideY + offsetY) * G.W + column * G.StrideX + offsetX) * Lanes + lane;
                    float* dy = Dy + ((image * G.OutH + i) * G.OutW + column) * Lanes + lane;
                    for (int j = column; j < columnEnd; j++, x += step, dy += Lanes)
                        sum = TS.Fma(TS.Load(x), TS.Load(dy), sum);
                }
            }

            return sum;
        }
    }
}
