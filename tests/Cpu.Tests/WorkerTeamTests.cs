namespace Preimage.Cpu.Tests;

public sealed unsafe class WorkerTeamTests
{
    [Fact]
    public void EveryTicket_RunsOnce()
    {
        using var team = new WorkerTeam(4);
        foreach (int tickets in new[] { 0, 1, 2, 3, 7, 100, 5000 })
        {
            var counts = new int[tickets];
            var job = new Counting { Counts = counts };
            team.Run(ref job, tickets, 4);
            Assert.All(counts, c => Assert.Equal(1, c));
        }
    }

    [Fact]
    public void TwoThreads_WorkAtTheSameTime()
    {
        // Each ticket waits for the other: this ends only if two threads are in the job at once.
        using var team = new WorkerTeam(2);
        using var barrier = new Barrier(2);
        var job = new Meeting { Barrier = barrier, Lanes = new int[2] };
        team.Run(ref job, 2, 2);
        Assert.Equal([0, 1], job.Lanes.Order());
    }

    [Fact]
    public void FirstException_ReachesTheCallerAndTheTeamGoesOn()
    {
        using var team = new WorkerTeam(3);
        for (int round = 0; round < 50; round++)
        {
            var job = new Failing { At = round };
            var error = Assert.Throws<InvalidOperationException>(() => Start(team, job, 100));
            Assert.Equal($"ticket {round}", error.Message);
        }

        EveryTicketOf(team);
    }

    [Fact]
    public void NestedRuns_AreInline()
    {
        using var team = new WorkerTeam(3);
        var job = new Nesting { Team = team, Inner = new int[40] };
        team.Run(ref job, 8, 3);
        Assert.All(job.Inner, c => Assert.Equal(1, c));
    }

    [Fact]
    public void ManyCallers_ShareTheLanes()
    {
        using var team = new WorkerTeam(3);
        var state = new Crowd();
        Thread[] callers = [.. Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                var counts = new int[20];
                var job = new Counting { Counts = counts, Crowd = state };
                team.Run(ref job, counts.Length, 3);
                if (counts.Any(c => c != 1))
                    Interlocked.Increment(ref state.Wrong);
            }
        }))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            Assert.True(caller.Join(TimeSpan.FromSeconds(60)), "a caller hangs");
        Assert.Equal(0, state.Wrong);
        // Six callers are six threads; a worker may finish its ticket while they arrive, and no more than that.
        Assert.InRange(state.Most, 1, 6 + team.Lanes - 1);
    }

    [Fact]
    public void Lanes_AreNeverSharedAtOnce()
    {
        using var team = new WorkerTeam(4);
        for (int round = 0; round < 200; round++)
        {
            var job = new Exclusive { Busy = new int[4] };
            team.Run(ref job, 60, 4);
            Assert.All(job.Busy, b => Assert.Equal(0, b));
        }
    }

    [Fact]
    public void Runs_AllocateNothing()
    {
        using var team = new WorkerTeam(3);
        var counts = new int[64];
        var job = new Counting { Counts = counts };
        for (int i = 0; i < 100; i++)
            team.Run(ref job, 64, 3);
        // Other tests of the process allocate meanwhile: the smallest of several tries is what a run costs.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 500 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(true);
            for (int i = 0; i < 100; i++)
                team.Run(ref job, 64, 3);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }

        Assert.Equal(0, least);
    }

    static void Start(WorkerTeam team, Failing job, int tickets) => team.Run(ref job, tickets, 3);

    static void EveryTicketOf(WorkerTeam team)
    {
        var counts = new int[300];
        var job = new Counting { Counts = counts };
        team.Run(ref job, counts.Length, 3);
        Assert.All(counts, c => Assert.Equal(1, c));
    }

    sealed class Crowd
    {
        public int Now, Most, Wrong;
    }

    struct Counting : ITicketJob
    {
        public int[] Counts;
        public Crowd? Crowd;

        public readonly void Run(int ticket, int lane)
        {
            if (Crowd is not null)
            {
                int now = Interlocked.Increment(ref Crowd.Now), most;
                while (now > (most = Volatile.Read(ref Crowd.Most)) && Interlocked.CompareExchange(ref Crowd.Most, now, most) != most)
                    Thread.SpinWait(1);
                Thread.SpinWait(200);
                Interlocked.Decrement(ref Crowd.Now);
            }

            Interlocked.Increment(ref Counts[ticket]);
        }
    }

    struct Meeting : ITicketJob
    {
        public Barrier Barrier;
        public int[] Lanes;

        public readonly void Run(int ticket, int lane)
        {
            Lanes[ticket] = lane;
            if (!Barrier.SignalAndWait(TimeSpan.FromSeconds(30)))
                throw new TimeoutException("the other ticket did not start");
        }
    }

    struct Failing : ITicketJob
    {
        public int At;

        public readonly void Run(int ticket, int lane)
        {
            if (ticket == At)
                throw new InvalidOperationException($"ticket {ticket}");
        }
    }

    struct Nesting : ITicketJob
    {
        public WorkerTeam Team;
        public int[] Inner;

        public readonly void Run(int ticket, int lane)
        {
            int thread = Environment.CurrentManagedThreadId;
            var inner = new Slice { Counts = Inner, From = ticket * 5, Thread = thread };
            Team.Run(ref inner, 5, 3);
        }
    }

    struct Slice : ITicketJob
    {
        public int[] Counts;
        public int From, Thread;

        public readonly void Run(int ticket, int lane)
        {
            if (Environment.CurrentManagedThreadId != Thread || lane != 0)
                throw new InvalidOperationException("a nested run left its thread");
            Interlocked.Increment(ref Counts[From + ticket]);
        }
    }

    struct Exclusive : ITicketJob
    {
        public int[] Busy;

        public readonly void Run(int ticket, int lane)
        {
            if (Interlocked.Increment(ref Busy[lane]) != 1)
                throw new InvalidOperationException($"two threads on lane {lane}");
            Thread.SpinWait(50);
            Interlocked.Decrement(ref Busy[lane]);
        }
    }
}
