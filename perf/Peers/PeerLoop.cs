using System.Globalization;

namespace Preimage.Perf.Peers;

/// <summary>The other end of <see cref="PeerProcess"/> for peers that are this program.</summary>
internal static class PeerLoop
{
    /// <summary>Says ready, then answers lines until the input ends.</summary>
    /// <param name="version">What stands behind ready.</param>
    /// <param name="answer">Answers whatever is not "run N".</param>
    /// <param name="once">One run.</param>
    public static void Serve(string version, Func<string, string> answer, Action once)
    {
        Func<int, double[]> run = Turns.Of(once);
        Console.WriteLine($"ready {version}");
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(line.Split(' ') is ["run", var times]
                ? string.Join(' ', run(int.Parse(times, CultureInfo.InvariantCulture)).Select(t => t.ToString("F5", CultureInfo.InvariantCulture)))
                : answer(line));
        }
    }
}
