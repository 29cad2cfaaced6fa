using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

public class DiversityTests
{
    /// <summary>Three images at once: the energies of all as a function of all, in double.</summary>
    [Fact]
    public void Gradient_IsTheDerivativeOfTheEnergy()
    {
        using Network network = Searches.Smooth(6, 5);
        using Engine engine = network.On(Device.Cpu);
        SearchSettings settings = Searches.Settings(engine, 0.5 * Objective.Diversity("first"), Searches.Small with { C = 8, Restarts = 3, LambdaRange = 0, LambdaVariation = 0 });
        using ExecutionPlan plan = engine.Plan(settings.PlanFor(3));
        using var loop = new EnergyLoop(plan, settings, settings.Phases[0], new RestartGroup(0, 3));
        float[] canvas = Draw.Normal(51, loop.Image.Variables.Count, 40);
        loop.Image.Variables.Upload(canvas);
        loop.Loop.Run(loop.Evaluate);

        double[] at = Array.ConvertAll(canvas, v => (double)v);
        Shape one = settings.Image;
        PreImageOracle oracle = Searches.Oracle(network, settings.Options);
        double[] features = [];
        oracle.Terms.Add(new PreImageOracle.Term(network.Nodes["first"], f => { features = f; return 0; }, f => []));
        double[] Energies()
        {
            double[][] grams = [.. Enumerable.Range(0, 3).Select(row =>
            {
                oracle.Energies(new OracleArray(one, at[(row * one.Count)..((row + 1) * one.Count)]), (0, 0));
                return StyleTests.Gram(features, 5);
            })];
            double Dot(int a, int b) => grams[a].Zip(grams[b]).Sum(p => p.First * p.Second);
            return [.. Enumerable.Range(0, 3).Select(a => 4 * Enumerable.Range(0, 3).Where(b => b != a).Average(b => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b))))];
        }

        double[] expected = Energies();
        Assert.All(expected.Zip(loop.Energies.ToArray()), p => Assert.Equal(p.First, p.Second, 1e-5 * p.First));
        Quotients.Compare(loop.Image.Gradient.ToArray(), at, () => Energies().Sum(), 0.05);
    }

    [Fact]
    public void Restarts_move_apart()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        var search = new PreImageSearch(engine, Searches.Pixels);
        PreImageOptions options = Searches.Small with { C = 1, Restarts = 3 };
        PreImageResult apart = search.Find(Objective.Channel("last", 1) + 10 * Objective.Diversity("pool"), options);
        PreImageResult alone = search.Find(Objective.Channel("last", 1) + 1e-9 * Objective.Diversity("pool"), options);
        Assert.Equal("diversity pool", apart.Trace.Terms[1]);
        double far = apart.Energies.Sum(e => e["diversity pool"] / 10), near = alone.Energies.Sum(e => e["diversity pool"] / 1e-9);
        Assert.True(far < 0.9 * near, $"mean cosines of {far / 3} against {near / 3}");
    }

    [Fact]
    public void Restarts_must_run_together()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        var search = new PreImageSearch(engine, Searches.Pixels);
        foreach (PreImageOptions options in (PreImageOptions[])[Searches.Small, Searches.Small with { Restarts = 3, AtOnce = 2 }, Searches.Small with { Restarts = 2, Optimiser = Optimiser.LBfgs }])
            Assert.Contains("restarts which run together", Assert.Throws<PreimageException>(() => search.Find(Objective.Diversity("last"), options)).Message);
    }
}
