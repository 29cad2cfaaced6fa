using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>How far guided backpropagation's map of a random three-layer network is from what Theorem 1 says it tends to; whole patches of a 64x64 picture, mean of eight seeds.</summary>
internal static class LimitErrors
{
    const int Side = 64, Seeds = 8;
    const double Deviation = 0.1;

    /// <summary>N.</summary>
    public static IReadOnlyList<int> Filters { get; } = [64, 256, 1024];

    /// <summary>What weights are drawn from.</summary>
    public static IReadOnlyList<string> Weights { get; } = ["normal", "truncated"];

    /// <summary>Notes |map - limit| / |limit| for each N.</summary>
    public static void Study(Picture photo, int stride, Device device, UnitResult result, CancellationToken cancellation)
    {
        foreach (string weights in Weights)
        {
            bool cut = weights == "truncated";
            result.Series[weights] = [.. Filters.Select(n =>
            {
                double sum = 0;
                for (ulong seed = 0; seed < Seeds; seed++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    using Network network = new RandomNetworks(seed, cut ? RandomWeights.TruncatedGaussian(Deviation) : RandomWeights.Gaussian(Deviation))
                        .ThreeLayer(Side, Side, n, stride, 1, padded: false);
                    using Engine engine = network.On(device);
                    PreparedInput input = RandomSubject.Prepare(photo, "photo", network);
                    double factor = cut ? LocalNormalisation.TruncatedFactor(n, Deviation) : LocalNormalisation.GaussianFactor(n, Deviation);
                    float[] limit = Array.ConvertAll(RandomSubject.Flat(LocalNormalisation.Of(network, input.Tensor)), v => (float)(v * factor));
                    sum += Math.Sqrt(NormalisedError.Squared(new GuidedBackprop(engine).Attribute(input, Target.Class(0)).Row(0), limit));
                }

                return sum / Seeds;
            })];
        }
    }
}
