using System.Diagnostics;

namespace Preimage.Perf;

/// <summary>Milliseconds of many runs.</summary>
/// <param name="Median">The median.</param>
/// <param name="Best">The least.</param>
internal sealed record Timing(double Median, double Best)
{
    public static Timing Of(IReadOnlyList<double> milliseconds) => new(milliseconds.Order().ElementAt(milliseconds.Count / 2), milliseconds.Min());
}

/// <summary>Lets sides run in turns, so that a slow moment of the machine falls on all of them.</summary>
internal static class Turns
{
    const int MostRuns = 100, Trials = 5;

    /// <summary>Times the sides. A side runs that often and says how long each run took, in milliseconds; null is absent.</summary>
    /// <remarks>
    /// Trials before the first round say how many runs make a turn, and are thrown away. So are the first runs of a turn: they find the caches filled by
    /// the others, and the threads of a peer that was stopped find each other only after a slice or two of the scheduler's time, 8 or 16 ms here.
    /// </remarks>
    public static Timing?[] Take(SuiteOptions options, params IReadOnlyList<Func<int, double[]>?> sides)
    {
        var times = new List<double>?[sides.Count];
        var turns = new (int Runs, int Dropped)[sides.Count];
        var clock = Stopwatch.StartNew();
        for (int round = -1; round < options.Rounds && (round < 1 || clock.Elapsed < options.Patience); round++)
        {
            for (int i = 0; i < sides.Count; i++)
            {
                if (sides[i] is not { } side)
                    continue;
                if (times[i] is null)
                {
                    turns[i] = Turn(side, options.TurnMilliseconds);
                    times[i] = [];
                }
                else
                {
                    times[i]!.AddRange(side(turns[i].Runs + turns[i].Dropped)[turns[i].Dropped..]);
                }
            }
        }

        return Array.ConvertAll(times, t => t is null ? null : Timing.Of(t));
    }

    static (int Runs, int Dropped) Turn(Func<int, double[]> side, double turn)
    {
        double once = side(1)[0];
        if (once < 5 * turn)
            once = side(Trials).Min();
        return once > 5 * turn ? (1, 0) : once > turn / 2 ? ((int)Math.Ceiling(turn / once), 1) : ((int)Math.Min(MostRuns, turn / once), 3);
    }

    /// <summary>A side in this process.</summary>
    public static Func<int, double[]> Of(Action once) => runs =>
    {
        var times = new double[runs];
        var clock = new Stopwatch();
        for (int i = 0; i < runs; i++)
        {
            clock.Restart();
            once();
            times[i] = clock.Elapsed.TotalMilliseconds;
        }

        return times;
    };
}
