using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Tests.Backends;

/// <summary>The backward rules, number by number.</summary>
public class RuleTests
{
    static readonly float[] s_x = [-2, -0.5f, 0, 0.5f, 2, -2, -0.5f, 0, 0.5f, 2];
    static readonly float[] s_signal = [1, 1, 1, 1, 1, -1, -1, -1, -1, -1];

    [Fact]
    public void Relu() => Check(b => b.CreateUnary(new UnaryFunction(UnaryKind.Relu), Row),
        [0, 0, 0, 1, 1, 0, 0, 0, -1, -1], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);

    [Fact]
    public void Leaky_relu_multiplies_by_its_slope_where_the_rule_asks() => Check(b => b.CreateUnary(new UnaryFunction(UnaryKind.LeakyRelu, 0.25f), Row),
        [0.25f, 0.25f, 0.25f, 1, 1, -0.25f, -0.25f, -0.25f, -1, -1], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0.25f, 0.25f, 0.25f, 1, 1, 0, 0, 0, 0, 0]);

    [Fact]
    public void Parametric_relu_may_have_a_negative_slope() => Check(b => b.CreateParametricRelu(Row, new MemoryWeights([-2], 1), new Shape(1)),
        [-2, -2, -2, 1, 1, 2, 2, 2, -1, -1], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [-2, -2, -2, 1, 1, 0, 0, 0, 0, 0]);

    [Fact]
    public void Clip_is_flat_at_its_ends() => Check(b => b.CreateUnary(new UnaryFunction(UnaryKind.Clip, -0.5f, 2), Row),
        [0, 0, 1, 1, 0, 0, 0, -1, -1, 0], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);

    [Theory]
    [InlineData(nameof(UnaryKind.Sigmoid), "sigmoid")]
    [InlineData(nameof(UnaryKind.Tanh), "tanh")]
    [InlineData(nameof(UnaryKind.Erf), "erf")]
    public void Smooth_functions_know_the_gradient_only(string kind, string name)
    {
        using var backend = new CpuBackend(new EngineOptions());
        using var bench = new OperatorBench(backend.CreateUnary(new UnaryFunction(Enum.Parse<UnaryKind>(kind)), Row), [Row], Row);
        bench.Run([s_x], s_signal, BackwardRule.Gradient);
        foreach (BackwardRule rule in new[] { BackwardRule.Guided, BackwardRule.Deconvnet })
        {
            var error = Assert.Throws<PreimageException>(() => bench.Run([s_x], s_signal, rule));
            Assert.Contains($"undefined for {name}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Normalisation_passes_the_signal_as_it_is_under_the_identity_rule()
    {
        using var backend = new CpuBackend(new EngineOptions());
        using var bench = new OperatorBench(backend.CreateLocalResponseNormalisation(new LrnSpecification(10, 1, 5, 1, 0.1f, 0.75f)), [Row], Row);
        Assert.Equal(s_signal, bench.Run([s_x], s_signal, BackwardRule.Guided)[1]);
        Assert.NotEqual(s_signal, bench.Run([s_x], s_signal, BackwardRule.Gradient)[1]);
    }

    [Fact]
    public void Not_a_number_stays_visible()
    {
        using var backend = new CpuBackend(new EngineOptions());
        var shape = new Shape(1, 3);
        foreach (UnaryKind kind in Enum.GetValues<UnaryKind>())
        {
            using var bench = new OperatorBench(backend.CreateUnary(new UnaryFunction(kind, 0, 1), shape), [shape], shape);
            float[] y = bench.Run([[1, float.NaN, -1]], [1, 1, 1], BackwardRule.Gradient)[0];
            Assert.Equal([false, true, kind == UnaryKind.Sqrt], y.Select(float.IsNaN));
        }
    }

    static Shape Row => new(1, 10);

    static void Check(Func<CpuBackend, IOperator> create, float[] gradient, float[] deconvnet, float[] guided)
    {
        foreach (EngineOptions options in OperatorBench.Options)
        {
            using var backend = new CpuBackend(options);
            using var bench = new OperatorBench(create(backend), [Row], Row);
            Assert.Equal(gradient, bench.Run([s_x], s_signal, BackwardRule.Gradient)[1]);
            Assert.Equal(deconvnet, bench.Run([s_x], s_signal, BackwardRule.Deconvnet)[1]);
            Assert.Equal(guided, bench.Run([s_x], s_signal, BackwardRule.Guided)[1]);
        }
    }
}
