using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution.Relevance;

/// <summary>Every rule on random networks against the definitions in double.</summary>
public class RelevanceOracleTests
{
    /// <summary>Of the largest magnitude. Shares divide by sums that may be small beside their terms.</summary>
    const double Tolerance = 1e-4;

    public static TheoryData<string> Rules => [.. RandomNets.Rules.Keys];

    /// <summary>Signed inputs, every rule at every layer with weights, three samples and two targets at once.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_is_its_definition(string name)
    {
        RelevanceRule rule = RandomNets.Rules[name];
        using Network network = RandomNets.Small();
        Check(network, network, RelevanceComposite.Of(name, _ => rule), _ => rule);
    }

    /// <summary>Pools, a fork joined again, a shortcut, normalisation left as it is, dense layers.</summary>
    [Fact]
    public void Composites_on_a_mixed_network()
    {
        using Network network = SmallNetworks.Mixed();
        RelevanceRule box = new ZBoxRule([-3, -2, -4], [3, 4, 2]), zplus = new ZPlusRule(), epsilon = new EpsilonRule(), alpha = new AlphaBetaRule();
        RelevanceRule gamma = new GammaRule { SplitsSigns = true, Bias = RelevanceBias.AsWeight };
        Check(network, network, RelevanceComposite.EpsilonOnly(), _ => epsilon);
        Check(network, network, RelevanceComposite.EpsilonPlus(), n => n.Layer is Dense ? epsilon : zplus);
        Check(network, network, RelevanceComposite.EpsilonAlpha2Beta1(), n => n.Layer is Dense ? epsilon : alpha);
        Check(network, network, RelevanceComposite.EpsilonGammaBox((ZBoxRule)box), n => n.Name == "conv" ? box : n.Layer is Dense ? epsilon : gamma);
        Check(network, network, RelevanceComposite.EpsilonPlus().WithFirst(new FlatRule()).With("left", epsilon),
            n => n.Name == "conv" ? new FlatRule() : n.Layer is Dense || n.Name == "left" ? epsilon : zplus);
    }

    /// <summary>The network as it is against the oracle on the one with its norms folded by hand.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void Norms_are_as_if_folded_by_hand(string name)
    {
        RelevanceRule rule = RandomNets.Rules[name];
        using Network network = RandomNets.Normed(folded: false), folded = RandomNets.Normed(folded: true);
        Check(network, folded, RelevanceComposite.Of(name, _ => rule), _ => rule);
    }

    static void Check(Network network, Network reference, RelevanceComposite composite, Func<Node, RelevanceRule> rules)
    {
        using Engine engine = network.On(Device.Cpu);
        var oracle = new RelevanceOracle(reference, rules);
        int size = network.InputShape.Count;
        var input = Methods.Samples(network, 3);
        AttributionResult result = new LayerwiseRelevance(engine, composite).Attribute(input, [Target.Class(2), Target.Class(0)]);
        float[] x = new float[3 * size];
        input.FlattenTo(x);
        for (int row = 0; row < 6; row++)
        {
            if (row % 2 == 0)
                oracle.Forward(x.AsSpan(row / 2 * size, size));
            (double[] map, double started) = oracle.Backward(row % 2 == 0 ? 2 : 0);
            Agreement.Close(map, result.Row(row), Tolerance, $"{composite.Name}, row {row}");
            double delta = map.Sum() - started, scale = Math.Max(map.Sum(Math.Abs), Math.Abs(started));
            Assert.True(Math.Abs(delta - result.ConvergenceDeltas![row]) <= Tolerance * scale, $"{composite.Name}, row {row}: {result.ConvergenceDeltas[row]}, not {delta}");
        }
    }
}
