using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Optimisers;

/// <summary>Moves variables along their gradient, iteration by iteration.</summary>
internal interface IOptimiser
{
    /// <summary>What it keeps from one iteration to the next, by name: zeros at first.</summary>
    IReadOnlyList<(string Name, DeviceArray<float> Values)> State { get; }

    /// <summary>In a body: one step; of an <see cref="ITrialOptimiser"/> what it wants to know before it moves.</summary>
    void Step();
}
