using System.Numerics.Tensors;
using Preimage.Algorithms.PreImages;
using Preimage.Algorithms.PreImages.Search;
using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.PreImages;

/// <summary>Gram matrices of channels, against sums in double.</summary>
public class StyleTests
{
    /// <summary>Two images at once, two nodes, a picture of another size than the images.</summary>
    [Fact]
    public void Gradient_IsTheDerivativeOfTheEnergy()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        float[] first = Draw.Normal(41, 5 * 6 * 9), last = Draw.Normal(42, 4 * 4 * 3);
        Objective objective = Objective.Style("first", Tensor.Create(first, [1, 5, 6, 9])) + 3 * Objective.Style("last", Tensor.Create(last, [1, 4, 4, 3]));
        SearchSettings settings = Searches.Settings(engine, objective, Searches.Small with { C = 50, Restarts = 2 });
        SearchPhase phase = settings.Phases[0];
        using ExecutionPlan plan = engine.Plan(settings.PlanFor(2));
        using var loop = new EnergyLoop(plan, settings, phase, new RestartGroup(0, 2));
        float[] canvas = Draw.Normal(43, loop.Image.Variables.Count, 40);
        loop.Image.Variables.Upload(canvas);
        loop.Loop.Run(loop.Evaluate);
        float[] gradient = loop.Image.Gradient.ToArray();
        double[] energies = loop.Energies.ToArray();

        PreImageOracle oracle = Searches.Oracle(network, settings.Options);
        oracle.Terms.Add(Style(network.Nodes["first"], 50, first, 5));
        oracle.Terms.Add(Style(network.Nodes["last"], 150, last, 4));
        Shape one = settings.Image;
        for (int row = 0; row < 2; row++)
        {
            double[] at = [.. canvas[(row * one.Count)..((row + 1) * one.Count)].Select(v => (double)v)];
            double[] expected = oracle.Energies(new OracleArray(one, at), (0, 0));
            for (int term = 0; term < expected.Length; term++) Assert.Equal(expected[term], energies[2 * term + row], 1e-5 * Math.Abs(expected[term]));
            Quotients.Compare(gradient[(row * one.Count)..((row + 1) * one.Count)], at, () => oracle.Energies(new OracleArray(one, at), (0, 0)).Sum(), 0.05);
        }
    }

    /// <summary>At the picture itself there is nothing to gain; a search from noise gets closer.</summary>
    [Fact]
    public void A_picture_has_its_own_style()
    {
        using Network network = Searches.Rectified();
        using Engine engine = network.On(Device.Cpu);
        var search = new PreImageSearch(engine, Searches.Pixels);
        PreImageResult other = Searches.Match(engine, "last", Searches.Small);
        Tensor<float> values = Preimage.Algorithms.PreImages.Search.Representation.Of(engine, other.Inputs, "pool", default);
        PreImageOptions options = Searches.Small with { C = 100 };
        PreImageResult same = search.Find(Objective.Style("pool", values), options with { Initial = other.Images, Iterations = 1, LearningRate = 1e-12 });
        PreImageResult found = search.Find(Objective.Style("pool", values), options with { Optimiser = Optimiser.LBfgs, LearningRate = null, Iterations = 200, LambdaRange = 0, LambdaVariation = 0 });
        double before = found.Trace.Segments[0][0, 0, 0];
        Assert.Equal(["style pool"], found.Trace.Terms);
        Assert.True(same.Energies[0]["style pool"] < 1e-9 * before, $"{same.Energies[0]["style pool"]}");
        Assert.True(found.Energies[0]["style pool"] < 0.01 * before, $"from {before} to {found.Energies[0]["style pool"]}");
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using Network network = Searches.Smooth();
        using Engine engine = network.On(Device.Cpu);
        var search = new PreImageSearch(engine, Searches.Pixels);
        Assert.Contains("a style of 3 channels does not fit node 'last'", Assert.Throws<PreimageException>(() =>
            search.Find(Objective.Style("last", Tensor.Create(new float[12], [1, 3, 2, 2])), Searches.Small)).Message);
        Assert.Contains("values of 2x3x2x2", Assert.Throws<ArgumentException>(() => Objective.Style("last", Tensor.Create(new float[24], [2, 3, 2, 2]))).Message);
    }

    /// <summary>Equation 4, written with sums.</summary>
    static PreImageOracle.Term Style(Node node, double weight, float[] picture, int channels)
    {
        double[] target = Gram(Array.ConvertAll(picture, v => (double)v), channels);
        return new PreImageOracle.Term(node, f => weight * Gram(f, channels).Zip(target).Sum(p => Math.Pow(p.First - p.Second, 2)) / (4.0 * channels * channels), f => []);
    }

    internal static double[] Gram(double[] f, int channels)
    {
        int places = f.Length / channels;
        return [.. Enumerable.Range(0, channels * channels).Select(ij =>
            Enumerable.Range(0, places).Sum(k => f[ij / channels * places + k] * f[ij % channels * places + k]) / places)];
    }
}
