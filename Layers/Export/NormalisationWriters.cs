using Preimage.Layers.Kinds;

namespace Preimage.Layers.Export;

/// <summary>Normalisations.</summary>
internal static class NormalisationWriters
{
    public static void LocalResponse(GraphWriter w, Node n, LocalResponseNormalisation layer) => w.Add(n, "LRN", w.Input(n))
        .With("size", (long)layer.Size).With("alpha", layer.Alpha).With("beta", layer.Beta).With("bias", layer.Kappa);

    public static void Batch(GraphWriter w, Node n, BatchNormalisation layer) => w.Add(n, "BatchNormalization", w.Input(n),
        w.Weight(n, "scale", layer.Scale), w.Weight(n, "shift", layer.Shift), w.Weight(n, "mean", layer.Mean),
        w.Weight(n, "variance", layer.Variance)).With("epsilon", layer.Epsilon);

    public static void Instance(GraphWriter w, Node n, InstanceNormalisation layer) => w.Add(n, "InstanceNormalization", w.Input(n),
        w.Weight(n, "scale", layer.Scale), w.Weight(n, "shift", layer.Shift)).With("epsilon", layer.Epsilon);
}
