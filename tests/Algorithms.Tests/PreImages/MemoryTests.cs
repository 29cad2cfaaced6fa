using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.PreImages;

public class MemoryTests
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
        long At(int iterations)
        {
            PreImageResult result = Searches.Match(engine, "last", Searches.Small with { Iterations = iterations });
            Assert.Equal(iterations, result.Iterations);
            return GC.GetTotalMemory(true);
        }

        At(16);
        long before = At(48), after = At(3000);
        // Other tests run beside this one; the trace of 3000 iterations is 72 kB and is gone with its result.
        Assert.True(after - before < 64L << 20, $"{before} bytes before, {after} after");
    }
}
