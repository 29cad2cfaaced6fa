using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Preimage.Cpu;

/// <summary>Background threads that share the tickets of jobs with the threads that bring them.</summary>
/// <remarks>
/// <para>The caller takes part. Tickets are drawn by an interlocked counter. What a ticket computes never depends on who draws it, so results do
/// not depend on the number of threads. Several callers at once share the workers: a worker joins or goes on only while no more
/// threads are at work than the team has lanes. A job started from inside a ticket runs inline.</para>
/// <para>An idle worker spins for <see cref="SpinMicroseconds"/> and then blocks: longer spinning was measured to starve the very
/// thread it waits for where virtual processors are shared (226 against 62 microseconds per fork and join on a busy machine).</para>
/// <para>A run allocates nothing managed, once its thread has run one before.</para>
/// </remarks>
internal sealed unsafe class WorkerTeam : IDisposable
{
    /// <summary>The variable that limits the lanes of <see cref="Shared"/>.</summary>
    public const string Variable = "PREIMAGE_THREADS";

    const int SpinMicroseconds = 20;

    static readonly long s_spinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;

    [ThreadStatic]
    static bool s_inside;

    [ThreadStatic]
    static TicketRun? s_run;

    readonly Lock _idle = new();
    readonly SemaphoreSlim _wake = new(0);
    TicketRun?[] _open = new TicketRun?[16];
    int _openCount, _version, _sleeping, _working;
    bool _stopped;

    /// <summary>Starts a team of that many lanes: one fewer background threads.</summary>
    public WorkerTeam(int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        Lanes = Math.Min(lanes, TicketRun.MaxLanes);
        for (int i = 1; i < Lanes; i++)
            new Thread(Work) { IsBackground = true, Name = $"Preimage worker {i}" }.Start();
    }

    /// <summary>The team of the process. Its size is that of the machine as the process may use it, or what <see cref="Variable"/> says.</summary>
    public static WorkerTeam Shared { get; } = new(DefaultLanes());

    /// <summary>Threads that may work at once, a caller included.</summary>
    public int Lanes { get; }

    /// <summary>Runs all tickets of a job and returns when they are done.</summary>
    /// <param name="job">The job, a local variable of the caller: its address is handed to other threads.</param>
    /// <param name="tickets">How many tickets there are, numbered from 0.</param>
    /// <param name="lanes">How many threads may take part; the team may have fewer to give.</param>
    /// <exception cref="Exception">The first exception a ticket threw; tickets not yet drawn are then left undone.</exception>
    public void Run<TJob>(ref TJob job, int tickets, int lanes) where TJob : struct, ITicketJob
    {
        if (tickets <= 1 || lanes <= 1 || Lanes == 1 || s_inside)
        {
            for (int ticket = 0; ticket < tickets; ticket++)
                job.Run(ticket, 0);
            return;
        }

        TicketRun run = s_run ??= new TicketRun();
        run.Begin(&Invoke<TJob>, Unsafe.AsPointer(ref job), tickets, Math.Min(lanes, Lanes));
        s_inside = true;
        Interlocked.Increment(ref _working);
        try
        {
            Open(run);
            run.Draw(0, null);
            Close(run);
            run.WaitForWorkers(s_spinTicks);
        }
        finally
        {
            Interlocked.Decrement(ref _working);
            s_inside = false;
            PassOn();
        }

        run.TakeException()?.Throw();
    }

    /// <summary>Stops the workers. Only teams made for a test end; nobody may be running.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stopped, true);
        _wake.Release(Lanes);
    }

    static void Invoke<TJob>(void* job, int ticket, int lane) where TJob : struct, ITicketJob =>
        Unsafe.AsRef<TJob>(job).Run(ticket, lane);

    static int DefaultLanes() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), out int lanes) && lanes > 0 ? lanes : Environment.ProcessorCount;

    void Open(TicketRun run)
    {
        int wake;
        lock (_idle)
        {
            if (_openCount == _open.Length)
                Array.Resize(ref _open, 2 * _openCount);
            _open[_openCount++] = run;
            _version++;
            wake = Math.Min(_sleeping, Math.Min(run.Lanes, run.Tickets) - 1);
            _sleeping -= wake;
        }

        if (wake > 0)
            _wake.Release(wake);
    }

    void Close(TicketRun run)
    {
        lock (_idle)
        {
            int at = Array.IndexOf(_open, run, 0, _openCount);
            _open[at] = _open[--_openCount];
            _open[_openCount] = null;
        }
    }

    /// <summary>A place at work became free: another caller's run may take a worker that slept meanwhile.</summary>
    void PassOn()
    {
        bool wake;
        lock (_idle)
        {
            if (_openCount == 0)
                return;
            _version++;
            wake = _sleeping > 0;
            _sleeping -= wake ? 1 : 0;
        }

        if (wake)
            _wake.Release();
    }

    void Work()
    {
        s_inside = true;
        while (!Volatile.Read(ref _stopped))
        {
            int seen = Volatile.Read(ref _version);
            if (TryJoin(out TicketRun? run, out int lane))
            {
                // Another caller may need the processor this worker is on: after each ticket it looks whether the team is too many.
                run!.Draw(lane, this);
                Interlocked.Decrement(ref _working);
                run.Leave(lane);
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _version) == seen && Stopwatch.GetTimestamp() - start < s_spinTicks)
                Thread.SpinWait(8);
            lock (_idle)
            {
                if (_version != seen || _stopped)
                    continue;
                _sleeping++;
            }

            _wake.Wait();
        }
    }

    /// <summary>Whether more threads are at work than there are lanes.</summary>
    internal bool IsCrowded => Volatile.Read(ref _working) > Lanes;

    bool TryJoin(out TicketRun? run, out int lane)
    {
        lock (_idle)
        {
            for (int i = 0; i < _openCount && Volatile.Read(ref _working) < Lanes; i++)
            {
                run = _open[i]!;
                if (!run.TryEnter(out lane))
                    continue;
                Interlocked.Increment(ref _working);
                return true;
            }
        }

        run = null;
        lane = 0;
        return false;
    }
}
