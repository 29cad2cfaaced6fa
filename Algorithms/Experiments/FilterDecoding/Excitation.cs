using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Which images and classes excite the units of a layer, by the network and by its decoded filters.</summary>
/// <param name="Network">The images with the strongest responses of the network.</param>
/// <param name="Decoded">The image with the strongest response of the decoded filter.</param>
/// <param name="Means">Mean response of each unit to the images of each class: [class][unit]; NaN of a class without images.</param>
internal sealed record Excitation(StrongestImages Network, StrongestImages Decoded, double[][] Means)
{
    /// <summary>How many classes there are.</summary>
    public int Classes => Means.Length;

    /// <summary>Looks at test images.</summary>
    public static Excitation Of(DecodedSubject subject, DecodedFilters filters, int images, int kept, UnitWatch watch)
    {
        using var bank = new DecodedBank(subject.Engine, filters);
        int units = filters.Units.Count, places = bank.Rows * bank.Columns, classes = subject.Samples.Test.Classes.Count;
        var (network, decoded) = (new StrongestImages(units, kept), new StrongestImages(units, 1));
        double[][] sums = [.. Enumerable.Range(0, classes).Select(_ => new double[units])];
        var counts = new long[classes];
        foreach ((int first, int count, float[] inputs) in subject.Images(images, watch))
        {
            (float[] theirs, float[] ours) = bank.Respond(inputs, watch.Cancellation);
            int size = units * places;
            for (int n = 0; n < count; n++)
            {
                ReadOnlySpan<float> responses = theirs.AsSpan(n * size, size);
                network.Note(first + n, responses);
                decoded.Note(first + n, ours.AsSpan(n * size, size));
                int label = subject.Samples.Test.Label(first + n);
                counts[label] += places;
                for (int i = 0; i < size; i++)
                    sums[label][i / places] += responses[i];
            }
        }

        return new Excitation(network, decoded, [.. sums.Select((s, label) => Array.ConvertAll(s, v => v / counts[label]))]);
    }

    /// <summary>The units whose mean response to a class is furthest above the mean of those to the other classes.</summary>
    public int[] Preferring(int label, int most) =>
        [.. Enumerable.Range(0, Means[label].Length).OrderByDescending(u => Lead(u, label)).ThenBy(u => u).Take(most)];

    double Lead(int unit, int label)
    {
        double[] others = [.. Means.Where((_, l) => l != label).Select(m => m[unit]).Where(double.IsFinite)];
        return Means[label][unit] - (others.Length > 0 ? others.Sum() / others.Length : 0);
    }
}
