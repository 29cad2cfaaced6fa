using Preimage.Algorithms.Gallery.Building;

namespace Preimage.Algorithms.Tests.Gallery.Building;

public sealed class WorkClockTests
{
    [Fact]
    public void Steps_AreToldInTheirOrderWithTheTimeLeft()
    {
        var told = new List<GalleryProgress>();
        var clock = new WorkClock(new Told(told.Add), TestContext.Current.CancellationToken);
        WorkClock.Step first = clock.Plan("one", 10), second = clock.Plan("two", 30);
        Assert.Equal(5, clock.Do(first, parts => { parts.Report(0.05); return 5; }));
        clock.Do(second, parts => { parts.Report(0.05); return 0; });
        Assert.Equal(["one", "one", "two", "two"], told.Select(t => t.Doing));
        Assert.All(told, t => Assert.InRange(t.Part, 0, 1));
        // Nothing is known but what was planned.
        Assert.Equal(40, told[0].Left.TotalSeconds, 0.5);
        Assert.Equal(39.5, told[1].Left.TotalSeconds, 0.5);
        // The first step took no time at all, so that the second one is expected to take none.
        Assert.InRange(told[2].Left.TotalSeconds, 0, 1);
    }

    [Fact]
    public void Cancellation_EndsAStepThatEndedEarly()
    {
        using var cancel = new CancellationTokenSource();
        var clock = new WorkClock(null, cancel.Token);
        WorkClock.Step step = clock.Plan("search", 1);
        Assert.Throws<OperationCanceledException>(() => clock.Do(step, _ => { cancel.Cancel(); return 1; }));
        Assert.Throws<OperationCanceledException>(() => clock.Do<int>(step, _ => throw new InvalidOperationException("it must not be begun")));
    }

    sealed class Told(Action<GalleryProgress> tell) : IProgress<GalleryProgress>
    {
        public void Report(GalleryProgress value) => tell(value);
    }
}
