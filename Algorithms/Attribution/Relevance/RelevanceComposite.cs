using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>Which rule each convolution and dense layer of a network has (Montavon et al. 2019; Kohlbrenner et al. 2020).</summary>
/// <remarks>First layers are those with weights that no other layer with weights lies below; a network with branches may have several.</remarks>
public sealed class RelevanceComposite
{
    readonly string _name;
    readonly Func<Node, RelevanceRule> _rule;
    readonly RelevanceRule? _first;
    readonly IReadOnlyList<KeyValuePair<string, RelevanceRule>> _named;

    RelevanceComposite(string name, Func<Node, RelevanceRule> rule, RelevanceRule? first = null, IReadOnlyList<KeyValuePair<string, RelevanceRule>>? named = null) =>
        (_name, _rule, _first, _named) = (name, rule, first, named ?? []);

    /// <summary>What it is called, with what was changed of it.</summary>
    public string Name => string.Join("; ", (IEnumerable<string>)[_name, .. _first is null ? [] : (string[])[$"first {_first}"], .. _named.Select(n => $"{n.Key} {n.Value}")]);

    /// <summary><see cref="EpsilonRule"/> everywhere.</summary>
    /// <param name="epsilon">Its epsilon.</param>
    public static RelevanceComposite EpsilonOnly(float epsilon = 1e-6f)
    {
        var rule = new EpsilonRule(epsilon);
        return new($"epsilon-only({Text(epsilon)})", _ => rule);
    }

    /// <summary><see cref="ZPlusRule"/> at convolutions, <see cref="EpsilonRule"/> at dense layers; zennit's EpsilonPlus.</summary>
    /// <param name="epsilon">The epsilon of dense layers.</param>
    public static RelevanceComposite EpsilonPlus(float epsilon = 1e-6f) => Of($"epsilon-plus({Text(epsilon)})", new ZPlusRule(), new EpsilonRule(epsilon));

    /// <summary><see cref="AlphaBetaRule"/> with 2 and 1 at convolutions, <see cref="EpsilonRule"/> at dense layers; zennit's EpsilonAlpha2Beta1.</summary>
    /// <param name="epsilon">The epsilon of dense layers.</param>
    public static RelevanceComposite EpsilonAlpha2Beta1(float epsilon = 1e-6f) => Of($"epsilon-alpha2-beta1({Text(epsilon)})", new AlphaBetaRule(), new EpsilonRule(epsilon));

    /// <summary>A box rule at first layers, <see cref="GammaRule"/> at other convolutions, <see cref="EpsilonRule"/> at dense layers; zennit's EpsilonGammaBox, whose
    /// gamma rule tells signs apart.</summary>
    /// <param name="box">The bounds of the inputs.</param>
    /// <param name="gamma">The gamma of convolutions.</param>
    /// <param name="epsilon">The epsilon of dense layers.</param>
    public static RelevanceComposite EpsilonGammaBox(ZBoxRule box, float gamma = 0.25f, float epsilon = 1e-6f) =>
        Of($"epsilon-gamma-box({Text(gamma)}, {Text(epsilon)})", new GammaRule(gamma) { SplitsSigns = true, Bias = RelevanceBias.AsWeight }, new EpsilonRule(epsilon)).WithFirst(box);

    /// <summary>A rule for each node with weights.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="rule">Asked once for every convolution, transposed convolution and dense layer of a network.</param>
    public static RelevanceComposite Of(string name, Func<Node, RelevanceRule> rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rule);
        return new(name, rule);
    }

    /// <summary>The same with another rule at first layers, as <see cref="FlatRule"/> or <see cref="WSquareRule"/>.</summary>
    public RelevanceComposite WithFirst(RelevanceRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(_name, _rule, rule, _named);
    }

    /// <summary>The same with another rule at a node, a first layer or not.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="rule">The rule.</param>
    public RelevanceComposite With(string node, RelevanceRule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        ArgumentNullException.ThrowIfNull(rule);
        return new(_name, _rule, _first, [.. _named.Where(n => n.Key != node), new(node, rule)]);
    }

    /// <summary>The rules of a network.</summary>
    /// <exception cref="PreimageException">A node that was named is not there or has no weights, or a node was given no rule.</exception>
    internal Dictionary<Node, RelevanceRule> For(Network network)
    {
        var rules = new Dictionary<Node, RelevanceRule>();
        var above = new HashSet<Node>();
        foreach (Node node in network.Nodes)
        {
            bool isAbove = node.Inputs.Any(above.Contains);
            if (IsWeighted(node))
                rules[node] = (isAbove ? null : _first) ?? _rule(node) ?? throw new PreimageException($"'{_name}' has no rule for node '{node.Name}'");
            if (isAbove || IsWeighted(node))
                above.Add(node);
        }

        foreach ((string name, RelevanceRule rule) in _named)
        {
            Node node = network.Nodes[name];
            rules[node] = IsWeighted(node) ? rule : throw new ModelException(node.Name, node.Layer.Operator, $"the rule {rule} is for convolutions and dense layers");
        }

        return rules;
    }

    /// <summary>Whether rules are for a node: it is a convolution or dense layer with weights that were learnt.</summary>
    internal static bool IsWeighted(Node node) => node.Layer is Convolution { Weights.Count: > 0 } or TransposedConvolution or Dense;

    static RelevanceComposite Of(string name, RelevanceRule convolution, RelevanceRule dense) => new(name, node => node.Layer is Dense ? dense : convolution);

    static string Text(float value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
