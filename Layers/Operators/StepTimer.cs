using System.Diagnostics;

namespace Preimage.Layers.Operators;

/// <summary>Times the steps of a pass on a queue, each by itself.</summary>
/// <remarks>Times are there once the queue was waited for.</remarks>
internal abstract class StepTimer : IDisposable
{
    /// <summary>The step starts here.</summary>
    public abstract void Begin(int step);

    /// <summary>It ends here.</summary>
    public abstract void End(int step);

    /// <summary>What lay between, in milliseconds.</summary>
    public abstract double Milliseconds(int step);

    /// <summary>Frees what the device marks time with.</summary>
    public abstract void Dispose();
}

/// <summary>Wall time, for a queue whose calls return when their work is done.</summary>
/// <param name="steps">How many steps there are.</param>
internal sealed class WallTimer(int steps) : StepTimer
{
    readonly long[] _ticks = new long[steps];

    public override void Begin(int step) => _ticks[step] = Stopwatch.GetTimestamp();

    public override void End(int step) => _ticks[step] = Stopwatch.GetTimestamp() - _ticks[step];

    public override double Milliseconds(int step) => 1e3 * _ticks[step] / Stopwatch.Frequency;

    public override void Dispose()
    {
        // It owns nothing.
    }
}
