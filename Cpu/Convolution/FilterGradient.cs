namespace Preimage.Cpu.Convolution;

/// <summary>The gradient of a convolution's filters from planar arrays, by the loops it is defined by, in the order of <see cref="FilterGradientOrder"/>.</summary>
/// <remarks>A ticket is the filters from one channel of a group to one output channel.</remarks>
internal static unsafe class FilterGradient
{
    /// <summary>dw = the gradient; what was there is written over.</summary>
    /// <param name="execution">Lanes.</param>
    /// <param name="g">The problem of the convolution.</param>
    /// <param name="samples">Samples of x and dy.</param>
    /// <param name="x">What the convolution read, [n][C][H][W].</param>
    /// <param name="dy">The signal at what it wrote, [n][K][OutH][OutW].</param>
    /// <param name="dw">[K][C/groups][R][S].</param>
    public static void Run(Execution execution, in ConvolutionGeometry g, int samples, float* x, float* dy, float* dw)
    {
        var job = new Job { G = g, Order = FilterGradientOrder.Of(g), Samples = samples, X = x, Dy = dy, Dw = dw };
        WorkerTeam.Shared.Run(ref job, checked(g.K * (g.C / g.Groups)), execution.Lanes);
    }

    struct Job : ITicketJob
    {
        public ConvolutionGeometry G;
        public FilterGradientOrder Order;
        public int Samples;
        public float* X, Dy, Dw;

        public readonly void Run(int ticket, int lane)
        {
            int perGroup = G.C / G.Groups, k = ticket / perGroup, c = k / (G.K / G.Groups) * perGroup + ticket % perGroup;
            float* dw = Dw + (nint)ticket * G.R * G.S;
            for (int r = 0; r < G.R; r++)
            {
                for (int s = 0; s < G.S; s++)
                {
                    float total = 0;
                    for (int i = 0; i < Order.Count(Samples); i++)
                        total += Chunk(Order[i, Samples], k, c, r * G.DilationY - G.PadTop, s * G.DilationX - G.PadLeft);
                    *dw++ = total;
                }
            }
        }

        readonly float Chunk(FilterGradientChunk chunk, int k, int c, int offsetY, int offsetX)
        {
            float sum = 0;
            (int first, int end) = FilterGradientOrder.Inside(0, G.OutW, G.StrideX, offsetX, G.W);
            for (int n = chunk.Sample; n < chunk.EndSample; n++)
            {
                float* x = X + ((nint)n * G.C + c) * G.H * G.W, dy = Dy + ((nint)n * G.K + k) * G.OutH * G.OutW;
                for (int i = chunk.Row; i < chunk.EndRow; i++)
                {
                    int row = i * G.StrideY + offsetY;
                    for (int j = first; (uint)row < (uint)G.H && j < end; j++)
                        sum = MathF.FusedMultiplyAdd(x[(nint)row * G.W + j * G.StrideX + offsetX], dy[(nint)i * G.OutW + j], sum);
                }
            }

            return sum;
        }
    }
}
