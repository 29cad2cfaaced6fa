using Preimage.Cpu.Convolution;
using Preimage.Cpu.Elementwise;
using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Blocked;

/// <summary>The gradient of filters as large as the plane (<see cref="WholeConvolution"/>), x and dy in blocked layout: a matrix product over the samples.</summary>
/// <remarks>Order and bits are those of <see cref="FilterGradientOrder"/>, whose chunks are whole samples here. The product lies as a blocked sample does and is then
/// brought into the layout of the filters.</remarks>
internal static unsafe class FilterGradientWhole
{
    /// <summary>Bytes of scratch for so many samples.</summary>
    public static long ScratchBytes(Execution execution, in ConvolutionGeometry g, int samples) =>
        MatrixMultiplication.ScratchBytes(execution) + (FilterGradientOrder.Of(g).Count(samples) > 1 ? 2 : 1) * SumsBytes(g);

    /// <summary>dw = the gradient; what was there is written over.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="samples">Samples of x and dy.</param>
    /// <param name="x">What the convolution read.</param>
    /// <param name="dy">The signal at what it wrote.</param>
    /// <param name="dw">[K][C][R][S].</param>
    /// <param name="scratch">Scratch memory, aligned to 64 bytes.</param>
    public static void Run(Execution execution, in ConvolutionGeometry g, int samples, float* x, float* dy, float* dw, nint scratch)
    {
        var order = FilterGradientOrder.Of(g);
        int positions = Positions(g), outputs = BlockedLayout.Padded(g.K);
        float* total = (float*)(scratch + (nint)MatrixMultiplication.ScratchBytes(execution)), part = total + SumsBytes(g) / sizeof(float);
        for (int i = 0; i < order.Count(samples); i++)
        {
            FilterGradientChunk chunk = order[i, samples];
            MatrixView left = MatrixView.Rows(dy + (nint)chunk.Sample * outputs, outputs).Transposed, right = MatrixView.Rows(x + (nint)chunk.Sample * positions, positions);
            MatrixMultiplication.Run(execution, g.K, positions, chunk.EndSample - chunk.Sample, left, right, i == 0 ? total : part, positions, 1, null, false, scratch);
            if (i > 0)
                ScaledAddition.Run(execution, 1, (long)g.K * positions, part, 0, 1, null, total);
        }

        var job = new Job { C = g.C, Taps = g.R * g.S, Positions = positions, From = total, To = dw };
        WorkerTeam.Shared.Run(ref job, g.K, execution.Lanes);
    }

    static int Positions(in ConvolutionGeometry g) => BlockedLayout.Padded(g.C) * g.R * g.S;

    static long SumsBytes(in ConvolutionGeometry g) => AlignedBuffer.RoundUp((long)g.K * Positions(g) * sizeof(float));

    /// <summary>A ticket is a filter, out of blocks of channels.</summary>
    struct Job : ITicketJob
    {
        public int C, Taps, Positions;
        public float* From, To;

        public readonly void Run(int ticket, int lane)
        {
            float* from = From + (nint)ticket * Positions, to = To + (nint)ticket * C * Taps;
            for (int c = 0; c < C; c++)
            {
                float* block = from + (nint)(c / BlockedLayout.Lanes) * Taps * BlockedLayout.Lanes + c % BlockedLayout.Lanes;
                for (int tap = 0; tap < Taps; tap++)
                    *to++ = block[(nint)tap * BlockedLayout.Lanes];
            }
        }
    }
}
