using Preimage.Layers;

namespace Preimage.Algorithms.Comparison;

/// <summary>How many decisions of a node two forward runs took differently.</summary>
/// <param name="Node">The node.</param>
/// <param name="AreSwitches">Whether they are the places of maxima, rather than which units are above zero.</param>
/// <param name="Differing">How many differ.</param>
/// <param name="Count">Of how many.</param>
public sealed record DecisionDifference(string Node, bool AreSwitches, long Differing, long Count);

/// <summary>How far the values of a node are apart on two engines.</summary>
/// <param name="Node">The node.</param>
/// <param name="Error">The normalised squared error of the values: sum (a-b)^2 / sum b^2.</param>
/// <param name="Decisions">What its masks or switches differ in, or null where it has none.</param>
public sealed record NodeDifference(Node Node, double Error, DecisionDifference? Decisions);

/// <summary>How far the maps of one method are apart on two engines, by their normalised squared error.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Input">The input that the map is of.</param>
/// <param name="Own">Each side over its own masks and switches.</param>
/// <param name="Same">Both sides over those of the expected one: rounding alone.</param>
/// <param name="HasSignal">Whether the expected map is not zero everywhere; one that is shows nothing.</param>
public sealed record MapDifference(string Method, string Input, double Own, double Same, bool HasSignal);
