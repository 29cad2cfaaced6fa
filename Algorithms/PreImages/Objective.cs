using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages.Terms;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

/// <summary>What an image is to have much of: a number per image that a search makes grow. Objectives add up, and are multiplied with numbers.</summary>
/// <example><c>Objective.Channel("conv5", 12) - 0.1 * Objective.L2()</c></example>
public abstract partial record Objective
{
    private protected Objective() { }

    /// <summary>What it is the sum of: objectives that are no sums, with what each is multiplied with.</summary>
    internal virtual IReadOnlyList<(double Weight, Objective Objective)> Parts => [(1, this)];

    /// <summary>The node that it reads; null where it reads the image.</summary>
    internal abstract Node? NodeIn(Network network);

    /// <summary>The numbers it was given, which its name does not tell.</summary>
    internal virtual ReadOnlySpan<float> Data => [];

    /// <summary>Makes what adds its part of the energy, -weight times the value, in a loop.</summary>
    /// <exception cref="PreimageException">It does not fit the node.</exception>
    internal abstract ITerm Compile(TermPlace place, double weight);

    /// <summary>Both.</summary>
    public static Objective operator +(Objective a, Objective b) => new SumObjective(a, b);

    /// <summary>The first, and as little as possible of the second.</summary>
    public static Objective operator -(Objective a, Objective b) => a + (-1 * b);

    /// <summary>As little as possible.</summary>
    public static Objective operator -(Objective a) => -1 * a;

    /// <summary>So many times as important.</summary>
    public static Objective operator *(double factor, Objective a) => new ScaledObjective(factor, a);

    /// <summary>So many times as important.</summary>
    public static Objective operator *(Objective a, double factor) => factor * a;

    /// <summary>A node's values are those: -sum M (F - F0)^2 / sum (M F0)^2, M being the mask (Mahendran and Vedaldi 2016, equation 2).</summary>
    /// <param name="node">The node.</param>
    /// <param name="representation">F0: the values of one sample, or of one for each restart.</param>
    /// <param name="mask">The units that count; null for all.</param>
    public static Objective Match(string node, Tensor<float> representation, FeatureMask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(representation);
        var values = new float[representation.FlattenedLength];
        representation.FlattenTo(values);
        return new MatchObjective(node, values, mask);
    }

    /// <summary>The sum of a node's values, each multiplied with a weight.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weights">A weight for every unit of one sample, or of one sample for each restart.</param>
    public static Objective Inner(string node, Tensor<float> weights)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(weights);
        var values = new float[weights.FlattenedLength];
        weights.FlattenTo(values);
        return new InnerObjective(node, values, $"{node} along a direction");
    }

    /// <summary>The value of a unit by its index in one sample's values (c*H*W + y*W + x).</summary>
    public static Objective Unit(string node, int unit) => new UnitObjective(node, unit);

    /// <summary>The value of a unit by channel, row and column.</summary>
    public static Objective Unit(string node, int channel, int y, int x) => new PositionObjective(node, channel, y, x);

    /// <summary>The mean of a feature map.</summary>
    public static Objective Channel(string node, int channel) => Weighted(node, (channel, 1));

    /// <summary>Means of feature maps, each multiplied with a weight.</summary>
    public static Objective Weighted(string node, params (int Channel, double Weight)[] channels) => new ChannelsObjective(node, channels);

    /// <summary>A class's score: a logit, the softmax at the end stepped over.</summary>
    public static Objective Class(int index) => new UnitObjective(null, index);

    /// <summary>A node's channels vary together as in a picture, wherever in it: -sum (G - A)^2 / (4 N^2), G and A being the N x N means over all places of products of two channels of the
    /// image and of the picture (Gatys, Ecker and Bethge 2016, equations 3 and 4, for numbers of places that may differ). Equation 5, several nodes, is a sum of these.</summary>
    /// <param name="node">The node, of N channels.</param>
    /// <param name="values">Its values for a picture of any size: 1 x N x h x w.</param>
    /// <exception cref="ArgumentException">The values are of another rank, or of several samples.</exception>
    public static Objective Style(string node, Tensor<float> values)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank != 4 || values.Lengths[0] != 1 || values.FlattenedLength == 0)
            throw new ArgumentException($"values of {string.Join("x", values.Lengths.ToArray())}: a style is that of 1 x N x h x w values", nameof(values));
        var flat = new float[values.FlattenedLength];
        values.FlattenTo(flat);
        return new StyleObjective(node, flat, (int)values.Lengths[1]);
    }

    /// <summary>Images differ from restart to restart: minus the mean, over the other restarts, of the cosine between Gram matrices of a node's channels (as in <see cref="Style"/>; Olah,
    /// Mordvintsev and Schubert, Feature Visualization, 2017). All restarts must run together, and each then depends on the others.</summary>
    /// <param name="node">The node.</param>
    public static Objective Diversity(string node) => new DiversityObjective(node ?? throw new ArgumentNullException(nameof(node)));

    /// <summary>The mean of the squares of a node's values; take it with a minus.</summary>
    public static Objective L2(string node) => new SquareObjective(node ?? throw new ArgumentNullException(nameof(node)));

    /// <summary>The mean of the squares of the image's values, which are pixel units less the mean colour; take it with a minus.</summary>
    public static Objective L2() => new SquareObjective(null);

    private protected static string Number(double value) => value.ToString("g6", CultureInfo.InvariantCulture);

    sealed record SumObjective(Objective First, Objective Second) : Objective
    {
        internal override IReadOnlyList<(double Weight, Objective Objective)> Parts => [.. First.Parts, .. Second.Parts];

        internal override Node? NodeIn(Network network) => throw new InvalidOperationException("a sum reads what its parts read");

        internal override ITerm Compile(TermPlace place, double weight) => throw new InvalidOperationException("a sum is compiled part by part");

        public override string ToString() => $"{First} + {Second}";
    }

    sealed record ScaledObjective(double Factor, Objective Of) : Objective
    {
        internal override IReadOnlyList<(double Weight, Objective Objective)> Parts => [.. Of.Parts.Select(p => (Factor * p.Weight, p.Objective))];

        internal override Node? NodeIn(Network network) => throw new InvalidOperationException("a product reads what its parts read");

        internal override ITerm Compile(TermPlace place, double weight) => throw new InvalidOperationException("a product is compiled part by part");

        public override string ToString() => Of is SumObjective ? $"{Number(Factor)} * ({Of})" : $"{Number(Factor)} * {Of}";
    }
}
