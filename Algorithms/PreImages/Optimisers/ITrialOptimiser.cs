namespace Preimage.Algorithms.PreImages.Optimisers;

/// <summary>An optimiser whose variables are points it tries: one image at a time, between bodies, by its energy.</summary>
internal interface ITrialOptimiser : IOptimiser
{
    /// <summary>What it keeps on the host from one iteration to the next: zeros at first.</summary>
    double[] Numbers { get; }

    /// <summary>Whether it knows no further point to try.</summary>
    bool IsAtEnd { get; }

    /// <summary>Outside of bodies, after an iteration: goes to the next point.</summary>
    /// <param name="energy">The energy where the variables are.</param>
    void Move(double energy);
}
