namespace Preimage.Algorithms.Training.Data;

/// <summary>Samples to learn from, and samples kept apart to test on.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Test">What is tested on; the same classes.</param>
public sealed record DataSplit(DataSet Train, DataSet Test);
