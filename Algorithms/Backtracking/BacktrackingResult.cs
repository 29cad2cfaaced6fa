using Preimage.Layers;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Which units a class of one image goes back to.</summary>
public sealed class BacktrackingResult
{
    readonly float[] _features;
    readonly double[] _probabilities;

    internal BacktrackingResult(
        BacktrackingOptions options, int wanted, double[] probabilities, IReadOnlyList<UnitSet> sets, float[] features, double limit, int pairs, IReadOnlyList<string> notes)
    {
        (Options, Class, _probabilities, Sets, _features, Limit, Pairs, Notes) = (options, wanted, probabilities, sets, features, limit, pairs, notes);
        Predicted = Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>How it was traced.</summary>
    public BacktrackingOptions Options { get; }

    /// <summary>The class the trace starts from.</summary>
    public int Class { get; }

    /// <summary>The class with the highest score, the first of equals.</summary>
    public int Predicted { get; }

    /// <summary>The softmax of the class scores, computed in double whether or not the network ends in one.</summary>
    public IReadOnlyList<double> Probabilities => _probabilities;

    /// <summary>The sets of units, from what the first dense layer reads to what the last one reads.</summary>
    public IReadOnlyList<UnitSet> Sets { get; }

    /// <summary>The units of the feature maps that the class goes back to: L.</summary>
    public UnitSet Traced => Sets[0];

    /// <summary>The values of the feature maps, C x H x W.</summary>
    public ReadOnlySpan<float> Features => _features;

    /// <summary>The units of the feature maps that are above zero.</summary>
    public UnitSet Positive => field ??= UnitSet.Above(Traced.Node, Traced.Shape, _features);

    /// <summary>The contribution that units of <see cref="Traced"/> exceed; NaN where the rule is literal, or no contribution was above the threshold.</summary>
    public double Limit { get; }

    /// <summary>How many pairs of a unit and a dense unit contribute more than the threshold; 0 where the rule is literal.</summary>
    public int Pairs { get; }

    /// <summary>What the user should know: inputs that are not rectified.</summary>
    public IReadOnlyList<string> Notes { get; }
}
