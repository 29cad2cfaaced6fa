using System.Diagnostics;
using System.Numerics;
using System.Runtime.ExceptionServices;

namespace Preimage.Cpu;

/// <summary>One job under way: its tickets, who is in it, and what went wrong. Each calling thread owns one and uses it again.</summary>
internal sealed unsafe class TicketRun
{
    /// <summary>Lanes are bits of one word.</summary>
    public const int MaxLanes = 64;

    delegate*<void*, int, int, void> _body;
    void* _job;
    int _next;
    ulong _free;
    int _inside;
    ExceptionDispatchInfo? _exception;

    public int Tickets { get; private set; }

    public int Lanes { get; private set; }

    /// <summary>Sets the run up; nobody else knows it at this point.</summary>
    public void Begin(delegate*<void*, int, int, void> body, void* job, int tickets, int lanes)
    {
        _body = body;
        _job = job;
        _next = 0;
        _inside = 0;
        _exception = null;
        Tickets = tickets;
        Lanes = lanes;
        // Lane 0 is the caller's.
        _free = (lanes == MaxLanes ? ulong.MaxValue : (1UL << lanes) - 1) & ~1UL;
    }

    /// <summary>Takes a lane where there is one and there is work left. Called under the team's lock, so never after the run was closed.</summary>
    public bool TryEnter(out int lane)
    {
        lock (this)
        {
            lane = BitOperations.TrailingZeroCount(_free);
            if (_free == 0 || Volatile.Read(ref _next) >= Tickets)
                return false;
            _free &= _free - 1;
            _inside++;
            return true;
        }
    }

    /// <summary>Gives a lane back.</summary>
    public void Leave(int lane)
    {
        lock (this)
        {
            _free |= 1UL << lane;
            Volatile.Write(ref _inside, _inside - 1);
            if (_inside == 0)
                Monitor.PulseAll(this);
        }
    }

    /// <summary>Draws and runs tickets until there are none, or, for a worker, until its team is crowded.</summary>
    public void Draw(int lane, WorkerTeam? leaveWhenCrowded)
    {
        int ticket;
        while ((ticket = Interlocked.Increment(ref _next) - 1) < Tickets)
        {
            try
            {
                _body(_job, ticket, lane);
            }
#pragma warning disable CA1031 // Whatever a ticket throws belongs to the caller, who rethrows it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _exception, ExceptionDispatchInfo.Capture(exception), null);
                Volatile.Write(ref _next, Tickets);
            }

            if (leaveWhenCrowded is { IsCrowded: true })
                return;
        }

        // The counter must not run over, however often idle lanes ask.
        Volatile.Write(ref _next, Tickets);
    }

    /// <summary>Waits until every worker has left, spinning first.</summary>
    public void WaitForWorkers(long spinTicks)
    {
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _inside) != 0 && Stopwatch.GetTimestamp() - start < spinTicks)
            Thread.SpinWait(8);
        lock (this)
        {
            while (_inside != 0)
                Monitor.Wait(this);
        }
    }

    /// <summary>The first exception, once.</summary>
    public ExceptionDispatchInfo? TakeException() => Interlocked.Exchange(ref _exception, null);
}
