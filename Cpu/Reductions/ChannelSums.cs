using System.Runtime.CompilerServices;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Reductions;

/// <summary>Per channel, over samples and planes, the sum of a signal and the sum of its products with centred values: the gradients of biases, of
/// summands and of factors of a channel.</summary>
/// <remarks>
/// <para>sums[c] = sum of dy, products[c] = factors[c] * sum of (x - centres[c]) * dy. Each plane is an <see cref="InterleavedSum"/>; planes are added
/// in the order of samples, from +0. Planar and blocked arrays give the same bits.</para>
/// <para>A ticket is a channel; a block of channels in blocked layout, whose pixel p goes to number p mod 16 of sixteen partial sums of each channel
/// (2 x 1 KB); and of arrays without a plane, such as a dense layer's, a stretch of channels.</para>
/// </remarks>
internal static unsafe class ChannelSums
{
    /// <summary>Channels of a ticket where there is no plane.</summary>
    const int Stretch = 256;

    /// <summary>The sums of a signal alone.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="blocked">Whether dy is in blocked layout.</param>
    /// <param name="samples">Samples.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="plane">Values of a channel and sample.</param>
    /// <param name="dy">The signal.</param>
    /// <param name="sums">One value per channel; what was there is written over.</param>
    public static void Run(Execution execution, bool blocked, int samples, int channels, int plane, float* dy, float* sums) =>
        Run(execution, blocked, samples, channels, plane, null, dy, null, null, sums, null);

    /// <summary>The sums and the products.</summary>
    /// <param name="x">What the channels were multiplied with, laid out as dy; or null, and no products.</param>
    /// <param name="centres">One value per channel; in blocked layout also for lanes without one.</param>
    /// <param name="factors">One value per channel.</param>
    /// <param name="products">One value per channel; what was there is written over.</param>
    public static void Run(Execution execution, bool blocked, int samples, int channels, int plane, float* x, float* dy, float* centres, float* factors,
        float* sums, float* products)
    {
        var job = new Job
        {
            Isa = execution.Isa, Blocked = blocked, Samples = samples, Channels = channels, Plane = plane, X = x, Dy = dy, Centres = centres, Factors = factors,
            Sums = sums, Products = products,
        };
        int perTicket = blocked ? BlockedLayout.Lanes : plane == 1 ? Stretch : 1;
        WorkerTeam.Shared.Run(ref job, (channels + perTicket - 1) / perTicket, execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public bool Blocked;
        public int Samples, Channels, Plane;
        public float* X, Dy, Centres, Factors, Sums, Products;
        int _ticket;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Blocked)
                OfBlock<TS, TV>();
            else if (Plane == 1)
                OfStretch<TS, TV>();
            else
                OfChannel<TS, TV>();
        }

        readonly void OfChannel<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int c = _ticket;
            float sum = 0, product = 0, centre = X == null ? 0 : Centres[c];
            for (int n = 0; n < Samples; n++)
            {
                nint plane = ((nint)n * Channels + c) * Plane;
                sum += InterleavedSum.Of<ValueTerm, TS, TV>(Dy + plane, Dy + plane, 0, Plane);
                if (X != null)
                    product += InterleavedSum.Of<CentredProductTerm, TS, TV>(X + plane, Dy + plane, centre, Plane);
            }

            Sums[c] = sum;
            if (X != null)
                Products[c] = Factors[c] * product;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void OfStretch<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int c = _ticket * Stretch, end = Math.Min(c + Stretch, Channels);
            for (; c + TS.Width <= end; c += TS.Width)
                OfValues<TS, TV>(c);
            for (; c < end; c++)
                OfValues<SimdScalar, float>(c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void OfValues<TS, TV>(int c) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV zero = TS.Broadcast(0), sum = zero, product = zero, centre = X == null ? zero : TS.Load(Centres + c);
            for (int n = 0; n < Samples; n++)
            {
                nint at = (nint)n * Channels + c;
                TV dy = TS.Load(Dy + at);
                sum = TS.Add(sum, dy);
                if (X != null)
                    product = TS.Add(product, CentredProductTerm.Add<TS, TV>(zero, TS.Load(X + at), dy, centre));
            }

            TS.Store(Sums + c, sum);
            if (X != null)
                TS.Store(Products + c, TS.Mul(TS.Load(Factors + c), product));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void OfBlock<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes, All = InterleavedSum.Partials * Lanes;
            float* sums = stackalloc float[All], products = stackalloc float[All], totals = stackalloc float[2 * Lanes];
            new Span<float>(totals, 2 * Lanes).Clear();
            int channel = _ticket * Lanes, blocks = BlockedLayout.Blocks(Channels);
            nint floats = (nint)Plane * Lanes;
            for (int n = 0; n < Samples; n++)
            {
                nint start = ((nint)n * blocks + _ticket) * floats;
                new Span<float>(sums, All).Clear();
                new Span<float>(products, All).Clear();
                for (nint i = 0; i < floats; i += All)
                {
                    int end = (int)Math.Min(All, floats - i);
                    for (int j = 0; j < end; j += TS.Width)
                    {
                        TV dy = TS.Load(Dy + start + i + j);
                        TS.Store(sums + j, TS.Add(TS.Load(sums + j), dy));
                        if (X == null)
                            continue;
                        TV centre = TS.Load(Centres + channel + j % Lanes);
                        TS.Store(products + j, CentredProductTerm.Add<TS, TV>(TS.Load(products + j), TS.Load(X + start + i + j), dy, centre));
                    }
                }

                Join<TS, TV>(sums, totals);
                if (X != null)
                    Join<TS, TV>(products, totals + Lanes);
            }

            for (int lane = 0; lane < Math.Min(Lanes, Channels - channel); lane++)
            {
                Sums[channel + lane] = totals[lane];
                if (X != null)
                    Products[channel + lane] = Factors[channel + lane] * totals[Lanes + lane];
            }
        }

        /// <summary>Adds sixteen partial sums of each channel to its total, joined as all are.</summary>
        static void Join<TS, TV>(float* partial, float* total) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int width = InterleavedSum.Partials * BlockedLayout.Lanes / 2; width >= BlockedLayout.Lanes; width /= 2)
            {
                for (int j = 0; j < width; j += TS.Width)
                    TS.Store(partial + j, TS.Add(TS.Load(partial + j), TS.Load(partial + j + width)));
            }

            for (int lane = 0; lane < BlockedLayout.Lanes; lane += TS.Width)
                TS.Store(total + lane, TS.Add(TS.Load(total + lane), TS.Load(partial + lane)));
        }
    }
}
