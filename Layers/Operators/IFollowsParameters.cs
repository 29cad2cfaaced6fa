namespace Preimage.Layers.Operators;

/// <summary>An operator that may have values of its own made of weights, and makes them again after these have changed.</summary>
internal interface IFollowsParameters
{
    /// <summary>Makes them of the weights as they are, in the order of a queue; nothing is allocated.</summary>
    void Follow(WorkQueue queue);
}
