using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

public sealed partial class PreImageTrace
{
    /// <summary>Draws the energies of one restart: a line for each term and for their sum, phases one behind the other.</summary>
    /// <remarks>On a logarithmic axis where every energy is above 0, as in an inversion; maximised units have energies below it.</remarks>
    /// <param name="restart">The number of the restart.</param>
    /// <exception cref="PreimageException">It did not run.</exception>
    public Picture Plot(int restart = 0)
    {
        Segment[] own = [.. _segments.Where(s => restart >= s.FirstRestart && restart < s.FirstRestart + s.Rows)];
        if (own.Length == 0)
            throw new PreimageException($"the trace has no restart {restart}");
        var lines = new List<double>[Terms.Count + 1];
        for (int term = 0; term < lines.Length; term++)
        {
            lines[term] = [.. own.SelectMany(s => Enumerable.Range(0, s.Iterations).Select(i =>
                term < Terms.Count ? s[i, term, restart - s.FirstRestart] : s.Total(i, restart - s.FirstRestart)))];
        }

        var plot = new LinePlot
        {
            Title = $"energies, restart {restart}", XLabel = "iteration", YLabel = "energy", LogY = lines.All(l => l.TrueForAll(e => e >= 0)),
        };
        for (int term = 0; term < lines.Length; term++)
            plot.Add(term < Terms.Count ? Terms[term] : "all", [.. lines[term]]);
        return plot.Render();
    }
}
