using System.Diagnostics;

namespace Preimage.Algorithms.Training;

/// <summary>Tells how far a training is, and how long the rest will take.</summary>
/// <param name="progress">Who is told, or null.</param>
/// <param name="recipe">How many epochs.</param>
/// <param name="steps">Steps of an epoch.</param>
/// <param name="stepCost">What a step costs, in runs of a test batch.</param>
/// <param name="tests">Test batches of an epoch.</param>
/// <param name="state">Where the training stands.</param>
internal sealed class TrainingReport(IProgress<TrainingProgress>? progress, TrainingRecipe recipe, int steps, double stepCost, int tests, TrainingState state)
{
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly double _before = Work(state, steps, stepCost, tests);

    /// <summary>After a step.</summary>
    public void Stepped() => Tell(state.Epoch + 1, state.Step, state.Loss / Math.Max(1, state.Seen), state.Seconds > 0 ? state.Seen / state.Seconds : 0);

    /// <summary>After an epoch and its test.</summary>
    public void EpochEnded()
    {
        CurvePoint last = state.Curve[^1];
        Tell(last.Epoch, steps, last.TrainLoss, 0);
    }

    void Tell(int epoch, int step, double loss, double speed)
    {
        if (progress is null)
            return;
        double done = Work(state, steps, stepCost, tests), all = recipe.Epochs * (steps * stepCost + tests);
        TimeSpan left = done > _before ? _clock.Elapsed * ((all - done) / (done - _before)) : TimeSpan.Zero;
        progress.Report(new TrainingProgress(epoch, recipe.Epochs, step, steps, loss, speed, left, state.Curve.Count > 0 ? state.Curve[^1] : null));
    }

    static double Work(TrainingState state, int steps, double stepCost, int tests) => state.Epoch * (steps * stepCost + tests) + state.Step * stepCost;
}
