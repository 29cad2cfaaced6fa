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
    const int MostRuns = 100;

    /// <summary>Times the sides. A side runs that often and says how long each run took, in milliseconds; null is absent.</summary>
    /// <remarks>
    /// The first round is thrown away and says how many runs make a turn. Where a turn is several runs its first one, which finds the caches filled
    /// by the others, is thrown away as well.
    /// </remarks>
    public static Timing?[] Take(SuiteOptions options, params IReadOnlyList<Func<int, double[]>?> sides)
    {
        var times = new List<double>[sides.Count];
        var runs = new int[sides.Count];
        for (int round = -1; round < options.Rounds; round++)
        {
            for (int i = 0; i < sides.Count; i++)
            {
                if (sides[i] is not { } side)
                    continue;
                if (round < 0)
                {
                    double once = side(2)[1];
                    runs[i] = once > options.TurnMilliseconds ? 1 : (int)Math.Min(MostRuns, Math.Ceiling(options.TurnMilliseconds / once) + 1);
                    times[i] = [];
                }
                else
                {
                    times[i].AddRange(side(runs[i])[(runs[i] > 1 ? 1 : 0)..]);
                }
            }
        }

        return Array.ConvertAll(times, t => t is null ? null : Timing.Of(t));
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
