namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>How a layer's bias counts in the sums that relevance is shared by. Its own share is absorbed: it reaches no input.</summary>
public enum RelevanceBias
{
    /// <summary>As a weight of a unit that is always 1, changed by the rule as weights are (Montavon et al. 2019, section 10.2; zennit).</summary>
    AsWeight,

    /// <summary>As it is, whatever the rule does to the weights (captum).</summary>
    Unchanged,

    /// <summary>Not at all, so that it absorbs nothing (zennit: <c>zero_params='bias'</c>; captum: <c>set_bias_to_zero</c>).</summary>
    LeftOut,
}
