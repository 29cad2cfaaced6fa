namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-w2: z_ij = w_ij^2, whatever the inputs are (Montavon et al. 2017, section 4.1). For a first layer whose inputs have no bounds.</summary>
/// <remarks>zennit's WSquare, which counts the square of the bias; the paper has none: <see cref="RelevanceBias.LeftOut"/>.</remarks>
public sealed class WSquareRule : RelevanceRule
{
    internal override IReadOnlyList<RelevanceGroup> Groups
    {
        get
        {
            var square = new WeightPart(Square: 1);
            return [new(new RelevanceTerm(InputPart.Given, square, BiasLike(square)) { Values = [1] })];
        }
    }

    private protected override string Name => "w2";
}
