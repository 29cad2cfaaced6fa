using Preimage.Layers;

namespace Preimage.Algorithms.Training;

/// <summary>Where and how a training runs; the trained network does not depend on it beyond the device's rounding.</summary>
public sealed record TrainingOptions
{
    /// <summary>The file that the state of the training is kept in (.npz), at the end of each epoch and in between; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether to go on from the checkpoint where it is there; otherwise training begins anew and overwrites it.</summary>
    public bool Resume { get; init; }

    /// <summary>Time between checkpoints within an epoch.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Steps between checkpoints within an epoch, beside those by time; null for none.</summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Where to run.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>How the device runs it.</summary>
    public EngineOptions Engine { get; init; } = new();
}

/// <summary>How far a training is.</summary>
/// <param name="Epoch">The epoch that runs, from 1.</param>
/// <param name="Epochs">How many there are.</param>
/// <param name="Step">Steps of the epoch that are done.</param>
/// <param name="Steps">How many it has.</param>
/// <param name="Loss">The mean cross-entropy over the epoch so far.</param>
/// <param name="ImagesPerSecond">Samples learnt from per second, over the epoch so far.</param>
/// <param name="Left">Time left, by the time taken so far.</param>
/// <param name="Last">The epoch that ended last, or null in the first.</param>
public readonly record struct TrainingProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, double ImagesPerSecond, TimeSpan Left, CurvePoint? Last)
{
    /// <summary>The part of the whole that is done, 0 to 1.</summary>
    public double Part => (Epoch - 1 + (double)Step / Steps) / Epochs;
}
