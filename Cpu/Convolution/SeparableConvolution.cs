using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Convolution;

/// <summary>Convolutions of one channel per group by filters that are products of a column and a row, and their adjoints, planar.</summary>
/// <remarks>
/// <para>Forward: a line of sums down the rows, kernel rows ascending, then each output from that line, kernel columns ascending. Back: each line of the signal is spread
/// over the columns, then every line of the result sums those that reach it, kernel rows ascending. The sums differ from those of <see cref="TapOrder"/> by rounding and
/// have the same bits on every instruction set and for any number of threads. Taps outside the plane are left out.</para>
/// <para>A ticket is a strip of rows of one plane; each lane has its lines in scratch.</para>
/// </remarks>
internal static unsafe class SeparableConvolution
{
    /// <summary>Kernel rows whose lines are named on the stack.</summary>
    const int MostRows = 256;

    /// <summary>Points of a ticket, of the larger plane.</summary>
    const int Strip = 65536;

    public static bool Supports(in ConvolutionGeometry g) => g.Groups == g.C && g.K == g.C && g.R <= MostRows;

    public static long ScratchBytes(Execution execution, in ConvolutionGeometry g) => execution.Lanes * LaneBytes(g);

    /// <summary>y = conv(x) + bias, or where <paramref name="adjoint"/> says so the other way.</summary>
    public static void Run(Execution execution, in ConvolutionGeometry g, int samples, SeparableFilters filters, bool adjoint, float* from, float* to, float* bias, nint scratch)
    {
        int rows = adjoint ? g.H : g.OutH;
        var job = new Job
        {
            Isa = execution.Isa, G = g, Filters = filters, Adjoint = adjoint, From = from, To = to, Bias = bias, Scratch = scratch,
            Strips = (int)Math.Clamp((long)g.H * g.W / Strip, 1, Math.Max(rows, 1)),
        };
        WorkerTeam.Shared.Run(ref job, checked(samples * g.C * job.Strips), execution.Lanes);
    }

    /// <summary>Floats of a line with room at both ends for all that outputs read.</summary>
    static int LineFloats(in ConvolutionGeometry g) => Math.Max((g.OutW - 1) * g.StrideX + (g.S - 1) * g.DilationX + 1, g.PadLeft + g.W);

    /// <summary>Lines of the signal that may reach one line of the result.</summary>
    static int Lines(in ConvolutionGeometry g) => (g.R - 1) * g.DilationY / g.StrideY + 1;

    static long LaneBytes(in ConvolutionGeometry g) => AlignedBuffer.RoundUp((long)LineFloats(g) * Lines(g) * sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public ConvolutionGeometry G;
        public SeparableFilters Filters;
        public bool Adjoint;
        public float* From, To, Bias;
        public nint Scratch;
        public int Strips;
        int _ticket, _lane;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            (own._ticket, own._lane) = (ticket, lane);
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int strip = _ticket % Strips, plane = _ticket / Strips, channel = plane % G.C, rows = Adjoint ? G.H : G.OutH;
            int first = (int)((long)rows * strip / Strips), end = (int)((long)rows * (strip + 1) / Strips);
            var lines = (float*)(Scratch + (nint)(_lane * LaneBytes(G)));
            float bias = Bias == null ? -0f : Bias[channel];
            float* x = Adjoint ? To : From, y = Adjoint ? From : To;
            x += (nint)plane * G.H * G.W;
            y += (nint)plane * G.OutH * G.OutW;
            if (Adjoint)
                Back<TS, TV>(y, x, channel, bias, first, end, lines);
            else
                Forth<TS, TV>(x, y, channel, bias, first, end, lines);
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Forth<TS, TV>(float* x, float* y, int channel, float bias, int first, int end, float* line) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            float** read = stackalloc float*[MostRows];
            float* weights = stackalloc float[MostRows];
            new Span<float>(line, LineFloats(G)).Clear();
            for (int i = first; i < end; i++)
            {
                int count = 0;
                for (int r = 0; r < G.R; r++)
                {
                    int row = i * G.StrideY + r * G.DilationY - G.PadTop;
                    if ((uint)row >= (uint)G.H)
                        continue;
                    read[count] = x + (nint)row * G.W;
                    weights[count++] = Filters.Column(channel)[r];
                }

                WeightedLines.Sum<TS, TV>(read, weights, count, G.W, -0f, line + G.PadLeft);
                Across(line, Filters.Row(channel), bias, y + (nint)i * G.OutW);
            }
        }

        /// <summary>The outputs of a line: eight sums at a time, enough to hide the multiply-add's latency.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Across(float* line, float* row, float bias, float* to)
        {
            int j = 0, step = G.StrideX;
            for (; j + 8 <= G.OutW; j += 8)
            {
                float* v = line + (nint)j * step;
                float c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, c6 = 0, c7 = 0;
                for (int s = 0; s < G.S; s++, v += G.DilationX)
                {
                    float w = row[s];
                    c0 = MathF.FusedMultiplyAdd(w, v[0], c0);
                    c1 = MathF.FusedMultiplyAdd(w, v[step], c1);
                    c2 = MathF.FusedMultiplyAdd(w, v[2 * step], c2);
                    c3 = MathF.FusedMultiplyAdd(w, v[3 * step], c3);
                    c4 = MathF.FusedMultiplyAdd(w, v[4 * step], c4);
                    c5 = MathF.FusedMultiplyAdd(w, v[5 * step], c5);
                    c6 = MathF.FusedMultiplyAdd(w, v[6 * step], c6);
                    c7 = MathF.FusedMultiplyAdd(w, v[7 * step], c7);
                }

                (to[j], to[j + 1], to[j + 2], to[j + 3]) = (c0 + bias, c1 + bias, c2 + bias, c3 + bias);
                (to[j + 4], to[j + 5], to[j + 6], to[j + 7]) = (c4 + bias, c5 + bias, c6 + bias, c7 + bias);
            }

            for (; j < G.OutW; j++)
            {
                float sum = 0;
                for (int s = 0; s < G.S; s++)
                    sum = MathF.FusedMultiplyAdd(row[s], line[(nint)j * step + s * G.DilationX], sum);
                to[j] = sum + bias;
            }
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Back<TS, TV>(float* y, float* x, int channel, float bias, int first, int end, float* lines) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            float** read = stackalloc float*[MostRows];
            float* weights = stackalloc float[MostRows];
            int kept = Lines(G), length = LineFloats(G), done = -1;
            for (int row = first; row < end; row++)
            {
                // Lines of the signal come in order: those below one that was spread were spread, too, or are no longer read.
                int last = Math.Min((row + G.PadTop) / G.StrideY, G.OutH - 1);
                for (int i = Math.Max(done + 1, last - kept + 1); i <= last; i++)
                {
                    Spread<TS, TV>(y + (nint)i * G.OutW, Filters.Row(channel), lines + (nint)(i % kept) * length, length);
                    done = i;
                }

                int count = 0;
                for (int r = 0; r < G.R; r++)
                {
                    int at = row + G.PadTop - r * G.DilationY;
                    if (at < 0 || at % G.StrideY != 0 || at / G.StrideY >= G.OutH)
                        continue;
                    read[count] = lines + (nint)(at / G.StrideY % kept) * length + G.PadLeft;
                    weights[count++] = Filters.Column(channel)[r];
                }

                WeightedLines.Sum<TS, TV>(read, weights, count, G.W, bias, x + (nint)row * G.W);
            }
        }

        /// <summary>A line of the signal, times the kernel's row, added up where the columns overlap.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Spread<TS, TV>(float* signal, float* row, float* line, int length) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            new Span<float>(line, length).Clear();
            // Neighbours overlap: in turns none waits for what the one before it stored.
            int turns = ((G.S - 1) * G.DilationX + G.StrideX) / G.StrideX;
            for (int turn = 0; turn < turns; turn++)
            {
                for (int j = turn; j < G.OutW; j += turns)
                {
                    float* to = line + (nint)j * G.StrideX;
                    int s = 0;
                    if (G.DilationX == 1)
                    {
                        TV value = TS.Broadcast(signal[j]);
                        for (; s + TS.Width <= G.S; s += TS.Width)
                            TS.Store(to + s, TS.Fma(TS.Load(row + s), value, TS.Load(to + s)));
                    }

                    for (; s < G.S; s++)
                        to[s * G.DilationX] = MathF.FusedMultiplyAdd(row[s], signal[j], to[s * G.DilationX]);
                }
            }
        }
    }
}
