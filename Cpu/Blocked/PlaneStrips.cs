using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Work on planes of blocks of channels, some rows at a time.</summary>
internal interface IStripJob
{
    /// <summary>Computes rows of the result of a block of channels, counted through all samples.</summary>
    void Run<TS, TV>(int block, int firstRow, int endRow) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>Cuts planes of results into strips of rows, each a ticket.</summary>
internal static class PlaneStrips
{
    /// <summary>Floats of result per ticket, unless a plane or a row decides: 32 KB.</summary>
    const int TicketFloats = 8192;

    public static void Run<TJob>(Execution execution, int blocks, int height, int width, TJob job) where TJob : struct, IStripJob
    {
        int strip = Math.Clamp(TicketFloats / (width * BlockedLayout.Lanes), 1, height), strips = (height + strip - 1) / strip;
        var tickets = new Tickets<TJob> { Isa = execution.Isa, Job = job, Height = height, Strip = strip, Strips = strips };
        WorkerTeam.Shared.Run(ref tickets, checked(blocks * strips), execution.Lanes);
    }

    struct Tickets<TJob> : ITicketJob, ISimdKernel where TJob : struct, IStripJob
    {
        public Isa Isa;
        public TJob Job;
        public int Height, Strip, Strips;
        int _ticket;

        public readonly void Run(int ticket, int lane)
        {
            Tickets<TJob> own = this;
            own._ticket = ticket;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int first = _ticket % Strips * Strip;
            Job.Run<TS, TV>(_ticket / Strips, first, Math.Min(first + Strip, Height));
        }
    }
}
