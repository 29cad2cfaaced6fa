namespace Preimage.Algorithms.Attribution;

/// <summary>What one map of a result explains.</summary>
/// <param name="Sample">The sample of the batch, from 0.</param>
/// <param name="Node">The node.</param>
/// <param name="Unit">The unit's index in one sample's values; the strongest unit's for a feature map or a signal of several.</param>
/// <param name="Channel">The unit's channel.</param>
/// <param name="Y">The unit's row.</param>
/// <param name="X">The unit's column.</param>
/// <param name="Activation">The unit's value.</param>
/// <param name="Target">The target that chose it.</param>
public sealed record AttributedUnit(int Sample, string Node, int Unit, int Channel, int Y, int X, float Activation, Target Target);
