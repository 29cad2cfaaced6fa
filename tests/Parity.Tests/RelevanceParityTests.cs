using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>Relevance and DeepLIFT, whose rules run layers on values and weights of their own, on the device.</summary>
public class RelevanceParityTests
{
    // Shares divide by sums near zero: what roundings differ by counts more than in a gradient.
    const double Bound = 1e-8;

    [Theory]
    [InlineData("epsilon")]
    [InlineData("epsilon-plus")]
    [InlineData("epsilon-alpha2-beta1")]
    [InlineData("epsilon-gamma-box")]
    [InlineData("flat first")]
    [InlineData("deeplift")]
    public void Methods_give_the_same_maps(string name)
    {
        Gpu.Require();
        using Network network = SmallNetworks.Mixed();
        using (Engine cpu = network.On(Device.Cpu), gpu = Gpu.On(network))
        {
            Shape shape = network.InputShape.WithSamples(3);
            Tensor<float> x = Tensor.Create(Draw.Normal(5, shape), shape.ToLengths());
            Target[] targets = [Target.Class(1), Target.Class(4)];
            AttributionResult expected = Method(name, cpu).Attribute(x, targets), actual = Method(name, gpu).Attribute(x, targets);
            double nmse = Agreement.Nmse(TensorSpans.Dense(actual.Map), TensorSpans.Dense(expected.Map));
            ParityReport.Add("methods", $"relevance {name}", nmse);
            Assert.True(nmse <= Bound, $"{name}: NMSE {nmse:E2}, at most {Bound:E0}");
        }

        Gpu.LeavesNothing();
    }

    static AttributionMethod Method(string name, Engine engine) => name switch
    {
        "epsilon" => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonOnly()),
        "epsilon-plus" => new LayerwiseRelevance(engine),
        "epsilon-alpha2-beta1" => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonAlpha2Beta1()),
        "epsilon-gamma-box" => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonGammaBox(new ZBoxRule(-5, 5))),
        "flat first" => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonPlus().WithFirst(new FlatRule())),
        _ => new DeepLift(engine),
    };
}
