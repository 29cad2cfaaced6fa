using System.Runtime.CompilerServices;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>y = fma(scale[c], x, shift[c]) in blocked layout; without shifts y = scale[c] * x, which is the way back. The results of <see cref="ChannelAffine"/>.</summary>
/// <remarks>Scales and shifts have values for the lanes without a channel too, all +0, which keeps those lanes +0. y may be x.</remarks>
internal static unsafe class BlockedChannelAffine
{
    public static void Run(Execution execution, int samples, int channels, int height, int width, float* scale, float* shift, float* x, float* y)
    {
        int blocks = BlockedLayout.Blocks(channels);
        PlaneStrips.Run(execution, samples * blocks, height, width,
            new Job { Blocks = blocks, Height = height, Width = width, Scale = scale, Shift = shift, X = x, Y = y });
    }

    struct Job : IStripJob
    {
        public int Blocks, Height, Width;
        public float* Scale, Shift, X, Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            nint start = ((nint)block * Height + firstRow) * Width * Lanes, count = (nint)(endRow - firstRow) * Width * Lanes;
            int channel = block % Blocks * Lanes;
            float* x = X + start, y = Y + start;
            for (int lane = 0; lane < Lanes; lane += TS.Width)
            {
                TV scale = TS.Load(Scale + channel + lane);
                if (Shift == null)
                {
                    for (nint i = lane; i < count; i += Lanes)
                        TS.Store(y + i, TS.Mul(scale, TS.Load(x + i)));
                    continue;
                }

                TV shift = TS.Load(Shift + channel + lane);
                for (nint i = lane; i < count; i += Lanes)
                    TS.Store(y + i, TS.Fma(scale, TS.Load(x + i), shift));
            }
        }
    }
}
