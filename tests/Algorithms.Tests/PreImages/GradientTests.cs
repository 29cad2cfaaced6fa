using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>The gradient of the whole energy against difference quotients of the oracle's energy.</summary>
public class GradientTests
{
    /// <summary>Step of the quotient in pixel units: the five-point formula in double leaves 1e-8 of these gradients.</summary>
    const double Step = 0.05;

    [Theory]
    [InlineData(6, 2, 1)]
    [InlineData(6, 2, 3)]
    [InlineData(2, 1.5, 3)]
    [InlineData(4, 1, 2)]
    public void Gradient_IsTheDerivativeOfTheEnergy(double alpha, double beta, int jitter)
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        PreImageOptions options = Searches.Small with { C = 7, Alpha = alpha, Beta = beta, Jitter = jitter, B = 60, V = 9, LambdaRange = 0.7, LambdaVariation = 1.3 };
        float[] target = [.. Searches.Representation(engine, "last")], direction = Draw.Normal(5, 5 * 8 * 7);
        FeatureMask mask = FeatureMask.Of([.. Enumerable.Range(0, target.Length).Select(i => i % 3 * 0.5f)]);
        Objective objective = Objective.Match("last", Searches.Representation(engine, "last"), mask)
            + 0.02 * Objective.Inner("first", System.Numerics.Tensors.Tensor.Create(direction, [1, 5, 8, 7])) - 0.3 * Objective.L2("last") - 0.001 * Objective.L2()
            + Objective.Channel("pool", 2);
        SearchSettings settings = Searches.Settings(engine, objective, options);
        SearchPhase phase = settings.Phases[0];
        Shape canvas = settings.CanvasOf(phase, 1);
        var x = new float[canvas.Count];
        Draws.Noise(9, 0, options.B, x);

        using ExecutionPlan plan = engine.Plan(settings.PlanFor(1));
        using var loop = new EnergyLoop(plan, settings, phase, new RestartGroup(0, 1));
        loop.Image.Variables.Upload(x);
        loop.Loop.Run(loop.Evaluate);
        float[] gradient = loop.Image.Gradient.ToArray();

        PreImageOracle oracle = Searches.Oracle(network, options);
        oracle.Terms.Add(PreImageOracle.Match(network.Nodes["last"], 7, Array.ConvertAll(target, v => (double)v), [.. Enumerable.Range(0, target.Length).Select(i => i % 3 * 0.5)]));
        oracle.Terms.Add(PreImageOracle.Inner(network.Nodes["first"], 7 * 0.02, Array.ConvertAll(direction, v => (double)v)));
        oracle.Terms.Add(PreImageOracle.Square(network.Nodes["last"], 7 * 0.3));
        oracle.Terms.Add(PreImageOracle.Square(null, 7 * 0.001));
        oracle.Terms.Add(PreImageOracle.Inner(network.Nodes["pool"], 7, [.. Enumerable.Range(0, 5 * 4 * 3).Select(i => i / 12 == 2 ? 1 / 12.0 : 0)]));
        OracleArray at = OracleArray.From(canvas, x);
        int[] drawn = Draws.Offsets(options.Seed, 0, options.Iterations, jitter);
        (int, int) offset = jitter == 1 ? (0, 0) : (drawn[0], drawn[1]);

        double[] energies = loop.Energies.ToArray(), expected = oracle.Energies(at, offset);
        Assert.Equal(expected.Length, energies.Length);
        Assert.All(energies.Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-5 * Math.Abs(p.Second)));

        double error = 0, norm = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double own = at.Values[i];
            double At(double steps)
            {
                at.Values[i] = own + steps * Step;
                return oracle.Energies(at, offset).Sum();
            }

            double quotient = (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * Step);
            at.Values[i] = own;
            error += (gradient[i] - quotient) * (gradient[i] - quotient);
            norm += quotient * quotient;
        }

        Assert.True(Math.Sqrt(error / norm) <= 1e-4, $"relative error of the gradient {Math.Sqrt(error / norm)}");
    }
}
