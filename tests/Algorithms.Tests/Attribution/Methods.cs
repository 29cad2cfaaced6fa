using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>What the tests of methods share.</summary>
internal static class Methods
{
    public static readonly string[] Names = ["saliency", "deconvnet", "guided", "input-x-gradient"];

    public static AttributionMethod Make(string name, Engine engine) => name switch
    {
        "saliency" => new Saliency(engine),
        "deconvnet" => new DeconvNet(engine),
        "guided" => new GuidedBackprop(engine),
        "input-x-gradient" => new InputXGradient(engine),
        _ => throw new ArgumentException($"no method '{name}'", nameof(name)),
    };

    /// <summary>Random pictures for a network, sample n always the same whatever the number of samples.</summary>
    public static Tensor<float> Samples(Network network, int count, int first = 0)
    {
        Shape shape = network.InputShape.WithSamples(1);
        float[] values = [.. Enumerable.Range(first, count).SelectMany(n => Draw.Normal((ulong)n + 500, shape))];
        return Tensor.Create(values, shape.WithSamples(count).ToLengths());
    }

    /// <summary>The bytes of a run of one sample and one target.</summary>
    public static long LeastBudget(Engine engine) => engine.Measure(new PlanOptions { Batch = 1, Keep = Keep.ForBackward });
}
