using System.Diagnostics;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>The steps of a long piece of work with the time each is expected to take; tells how far it is.</summary>
/// <param name="progress">Told at the start of every step and on its way, or null.</param>
/// <param name="cancellation">Checked before every step.</param>
internal sealed class WorkClock(IProgress<GalleryProgress>? progress, CancellationToken cancellation)
{
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly List<Step> _steps = [];
    double _planned, _taken;

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Plans a step.</summary>
    /// <param name="doing">What it does, in a few words.</param>
    /// <param name="seconds">How long that takes, about.</param>
    public Step Plan(string doing, double seconds)
    {
        var step = new Step(doing) { Seconds = seconds };
        _steps.Add(step);
        return step;
    }

    /// <summary>Corrects what a step is expected to take by what was measured here.</summary>
    /// <param name="step">The step.</param>
    /// <param name="seconds">How long it takes on this machine.</param>
    public void Expect(Step step, double seconds) => step.Seconds = seconds / Speed;

    /// <summary>Does a step.</summary>
    /// <param name="step">The step; it is done with when this returns.</param>
    /// <param name="work">What to do; it reports the part of it that is done, 0 to 1.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public T Do<T>(Step step, Func<IProgress<double>, T> work)
    {
        cancellation.ThrowIfCancellationRequested();
        double begun = _clock.Elapsed.TotalSeconds;
        Report(step, begun, 0);
        T result = work(new Parts(part => Report(step, begun, part)));
        // Searches end early, with what they have, when they are cancelled.
        cancellation.ThrowIfCancellationRequested();
        _steps.Remove(step);
        _planned += step.Seconds;
        _taken += _clock.Elapsed.TotalSeconds - begun;
        return result;
    }

    /// <summary>Other machines are faster or slower throughout; the first moments say little.</summary>
    double Speed => _planned > 1 && _taken > 0 ? _taken / _planned : 1;

    void Report(Step step, double begun, double part)
    {
        if (progress is null)
            return;
        double speed = Speed, now = _clock.Elapsed.TotalSeconds, own = part > 0.1 ? (now - begun) / part * (1 - part) : step.Seconds * speed * (1 - part);
        double left = own + speed * _steps.Where(s => s != step).Sum(s => s.Seconds);
        progress.Report(new GalleryProgress(step.Doing, now + left > 0 ? now / (now + left) : 0, TimeSpan.FromSeconds(left)));
    }

    /// <summary>A step of the work.</summary>
    internal sealed class Step(string doing)
    {
        /// <summary>What it does.</summary>
        public string Doing => doing;

        /// <summary>How long that takes, about.</summary>
        public double Seconds { get; internal set; }
    }

    /// <summary>Reports at once, on the thread that works.</summary>
    sealed class Parts(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
