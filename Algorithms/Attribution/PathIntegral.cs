using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>Gradients summed along the straight path from each sample's baseline to the sample, times the way.</summary>
/// <param name="engine">The network on a device.</param>
/// <param name="request">What is asked.</param>
/// <param name="targets">What is explained.</param>
/// <param name="baselines">Where the paths start, all samples of each input.</param>
/// <param name="nodes">Where on the path.</param>
internal sealed class PathIntegral(
    Engine engine, AttributionRequest request, FixedTargets targets, Dictionary<Node, float[]> baselines, QuadratureNodes nodes)
{
    readonly AttributionInputs _inputs = request.Inputs;
    readonly int _rows = targets.MapsPerSample;

    /// <summary>The maps: for every input a signal arrives at, K rows per sample.</summary>
    public Dictionary<Node, float[]> Run()
    {
        var maps = new Dictionary<Node, float[]>();
        var sums = new Dictionary<Node, double[]>();
        using var passes = new PointPasses(
            engine, targets.Node, _inputs.Shapes, nodes.Alphas.Length, request.Options.MemoryBudget, request.Options.Rule ?? BackwardRule.Gradient, _rows);
        for (int n = 0; n < _inputs.Samples; n++)
        {
            foreach (double[] sum in sums.Values)
                Array.Clear(sum);
            (int sample, int done) = (n, 0);
            passes.Backward(
                nodes.Alphas.Length, (point, input, values) => Fill(sample, nodes.Alphas[point], input, values),
                (_, _, signals) => targets.Seeds(sample).CopyTo(signals),
                (point, input, gradients) =>
                {
                    if (!sums.TryGetValue(input, out double[]? sum))
                        sums[input] = sum = new double[gradients.Length];
                    // In double, point after point: the order does not follow from how many run at once.
                    for (int i = 0; i < sum.Length; i++)
                        sum[i] += nodes.Weights[point] * gradients[i];
                    // Once a point, whichever of its inputs comes first.
                    if (point >= done && (done = point + 1) < nodes.Alphas.Length)
                        request.Report((sample + (point + 1.0) / nodes.Alphas.Length) * _rows, _inputs.Samples * _rows);
                }, request.Cancellation);
            foreach ((Node input, double[] sum) in sums)
                Finish(sample, input, sum, maps);
            request.Report((sample + 1) * _rows, _inputs.Samples * _rows);
        }

        return maps;
    }

    /// <summary>For each row, what the maps of all inputs add up to less what the target gains over the baseline.</summary>
    public double[] Deltas(Dictionary<Node, float[]> maps)
    {
        int size = targets.Shape.Count / targets.Shape.N;
        var start = new float[_inputs.Samples * size];
        using (var passes = new PointPasses(engine, targets.Node, _inputs.Shapes, _inputs.Samples, request.Options.MemoryBudget))
        {
            passes.Forward(
                _inputs.Samples, (sample, input, values) => Part(baselines[input], sample).CopyTo(values),
                (sample, values) => values.CopyTo(start.AsSpan(sample * size)), request.Cancellation);
        }

        var deltas = new double[_inputs.Samples * _rows];
        for (int row = 0; row < deltas.Length; row++)
        {
            int sample = row / _rows;
            ReadOnlySpan<float> end = targets.Values(sample), seed = targets.Seeds(sample).Slice(row % _rows * size, size);
            double gain = 0;
            for (int i = 0; i < size; i++)
                gain += seed[i] == 0 ? 0 : seed[i] * ((double)end[i] - start[sample * size + i]);
            foreach (float[] map in maps.Values)
            {
                foreach (float share in map.AsSpan(row * (map.Length / deltas.Length), map.Length / deltas.Length))
                    deltas[row] += share;
            }

            deltas[row] -= gain;
        }

        return deltas;
    }

    void Fill(int sample, double alpha, Node input, Span<float> values)
    {
        ReadOnlySpan<float> x = _inputs.Sample(input, sample), from = Part(baselines[input], sample);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(from[i] + alpha * ((double)x[i] - from[i]));
    }

    void Finish(int sample, Node input, double[] sum, Dictionary<Node, float[]> maps)
    {
        if (!maps.TryGetValue(input, out float[]? map))
            maps[input] = map = new float[checked(_inputs.Samples * sum.Length)];
        ReadOnlySpan<float> x = _inputs.Sample(input, sample), from = Part(baselines[input], sample);
        for (int i = 0; i < sum.Length; i++)
            map[sample * sum.Length + i] = (float)(((double)x[i % x.Length] - from[i % x.Length]) * sum[i]);
    }

    ReadOnlySpan<float> Part(float[] all, int sample) => all.AsSpan(sample * (all.Length / _inputs.Samples), all.Length / _inputs.Samples);
}
