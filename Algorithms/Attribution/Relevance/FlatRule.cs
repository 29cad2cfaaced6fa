namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-flat: every input a unit sees gets as much as every other, whatever inputs and weights are (Lapuschkin et al. 2019). For a first layer.</summary>
/// <remarks>zennit's Flat; the bias never counts.</remarks>
public sealed class FlatRule : RelevanceRule
{
    internal override IReadOnlyList<RelevanceGroup> Groups =>
        [new(new RelevanceTerm(InputPart.Given, new WeightPart(Constant: 1), WeightPart.None) { Values = [1] })];

    private protected override string Name => "flat";
}
