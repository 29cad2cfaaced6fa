using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>One call of <see cref="Occlusion"/>: every window of every input, covered alone.</summary>
/// <param name="engine">The network on a device.</param>
/// <param name="request">What is asked.</param>
/// <param name="targets">What is explained.</param>
/// <param name="grids">The windows.</param>
/// <param name="baselines">What covers them, all samples.</param>
internal sealed class OcclusionRun(
    Engine engine, AttributionRequest request, FixedTargets targets, WindowGrid[] grids, Dictionary<Node, float[]> baselines)
{
    readonly AttributionInputs _inputs = request.Inputs;
    readonly int _rows = targets.MapsPerSample;

    /// <summary>The maps: K rows per sample.</summary>
    public Dictionary<Node, float[]> Execute()
    {
        int windows = grids.Sum(g => g.Windows);
        Dictionary<Node, float[]> maps = grids.ToDictionary(g => g.Input, g => new float[checked(_inputs[g.Input].Length * _rows)]);
        using var passes = new PointPasses(engine, targets.Node, _inputs.Shapes, windows, request.Options.MemoryBudget);
        for (int n = 0; n < _inputs.Samples; n++)
        {
            int sample = n;
            double[][] sums = [.. grids.Select(g => new double[_inputs.Sample(g.Input, sample).Length * _rows])];
            passes.Forward(windows, (point, input, values) =>
            {
                _inputs.Sample(input, sample).CopyTo(values);
                (int grid, int window) = Find(point);
                if (grids[grid].Input == input)
                    grids[grid].Cover(window, baselines[input].AsSpan(sample * values.Length, values.Length), values);
            }, (point, values) =>
            {
                (int grid, int window) = Find(point);
                int size = sums[grid].Length / _rows;
                for (int k = 0; k < _rows; k++)
                    grids[grid].Add(window, Loss(sample, k, values), sums[grid].AsSpan(k * size, size));
                request.Report((sample + (point + 1.0) / windows) * _rows, _inputs.Samples * _rows);
            }, request.Cancellation);
            for (int g = 0; g < grids.Length; g++)
                Means(grids[g], sums[g], maps[grids[g].Input].AsSpan(sample * sums[g].Length, sums[g].Length));
        }

        return maps;
    }

    /// <summary>What target k of a sample loses.</summary>
    double Loss(int sample, int k, ReadOnlySpan<float> values)
    {
        ReadOnlySpan<float> clean = targets.Values(sample), seed = targets.Seeds(sample).Slice(k * values.Length, values.Length);
        double loss = 0;
        for (int i = 0; i < values.Length; i++)
            loss += seed[i] == 0 ? 0 : seed[i] * ((double)clean[i] - values[i]);
        return loss;
    }

    /// <summary>Sums become means over the windows that cover a pixel.</summary>
    void Means(WindowGrid grid, double[] sums, Span<float> map)
    {
        var covers = new double[sums.Length / _rows];
        for (int window = 0; window < grid.Windows; window++)
            grid.Add(window, 1, covers);
        for (int i = 0; i < map.Length; i++)
            map[i] = (float)(sums[i] / covers[i % covers.Length]);
    }

    /// <summary>The grid, and the window in it, of a point.</summary>
    (int Grid, int Window) Find(int point)
    {
        int grid = 0;
        while (point >= grids[grid].Windows)
            point -= grids[grid++].Windows;
        return (grid, point);
    }
}
