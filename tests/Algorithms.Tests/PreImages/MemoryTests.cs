using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>Runs with nothing beside it in the process, so that its memory is the search's.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public class MemoryTests(ITestOutputHelper output)
{
    /// <summary>Sixteen iterations and the reading of their energies.</summary>
    [Theory]
    [InlineData(Parameterisation.Pixels)]
    [InlineData(Parameterisation.Fourier)]
    public void Iterations_AllocateNothing(Parameterisation parameterisation)
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        bool extras = parameterisation == Parameterisation.Fourier;
        PreImageOptions options = Searches.Small with
        {
            Jitter = 3, Restarts = 2, Iterations = 200000, Parameterisation = parameterisation,
            Transforms = extras ? new ImageTransforms { Padding = 1, MaximumScale = 1.1, Rotation = 5 } : null,
        };
        Objective objective = Objective.Match("last", Searches.Representation(engine, "last")) - 0.1 * Objective.L2();
        if (extras) objective += Objective.Style("pool", Tensor.Create(Draw.Normal(1, 6 * 4), [1, 6, 2, 2])) + Objective.Diversity("pool");
        SearchSettings settings = Searches.Settings(engine, objective, options);
        using ExecutionPlan plan = engine.Plan(settings.PlanFor(2));
        SearchPhase phase = settings.Phases[0];
        using var loop = new PhaseLoop(plan, settings, phase, new RestartGroup(0, 2), new float[settings.CanvasOf(phase, 2).Count]);
        PreImageTrace.Segment segment = new PreImageTrace(loop.Terms).Begin(phase, 0, 2);
        int done = 0;
        void Run()
        {
            loop.Advance(16, default);
            loop.ReadEnergies(segment, done += 16);
        }

        for (int i = 0; i < 40; i++) Run();
        // The counter is the whole process's: one round in which nothing else happens must be clean.
        long least = long.MaxValue;
        for (int round = 0; round < 500 && least > 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(true);
            for (int i = 0; i < 10; i++) Run();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(done, segment.Iterations);
        Assert.Equal(done, loop.Iteration);
    }

    [Fact]
    public void Memory_is_flat_over_thousands_of_iterations()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        (long Managed, long Resident) After(int iterations)
        {
            PreImageResult result = Searches.Match(engine, "last", Searches.Small with { Iterations = iterations });
            Assert.Equal(iterations, result.Iterations);
            return (GC.GetTotalMemory(true), Environment.WorkingSet);
        }

        // The same trace's room each time, so that what the first run makes is there.
        After(3000);
        (long managed, long resident) = After(3000);
        (long managedLater, long residentLater) = (0, 0);
        for (int i = 0; i < 4; i++)
            (managedLater, residentLater) = After(3000);
        output.WriteLine($"12000 iterations later {managedLater - managed} managed and {residentLater - resident} resident bytes more");
        // A few bytes an iteration managed, for what the platform itself keeps meanwhile (8 kB seen); half a kilobyte of anything else.
        Assert.True(managedLater - managed < 64 << 10, $"{managed} managed bytes before, {managedLater} after");
        Assert.True(residentLater - resident < 12000 * 512, $"{resident} resident bytes before, {residentLater} after");
    }
}
