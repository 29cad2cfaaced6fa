using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Rules;

/// <summary>The gradient rule of every layer kind against differences of the double forward pass.</summary>
public class FiniteDifferenceTests
{
    /// <summary>Central differences: f'''h^2/6 is near 1e-11 and the rounding 1e-16/h near 1e-11, far below the tolerance of float32.</summary>
    const double Step = 1e-5;

    /// <summary>
    /// Of the largest magnitude: one operator sums at most 108 products, 6e-8 * sqrt(108) = 6e-7, and exp, pow and tanh of the library are
    /// within a few units in the last place; 5e-6 is eight times that.
    /// </summary>
    const double Tolerance = 5e-6;

    /// <summary>All but the bins whose angle goes in steps of a float, which OrientationTests holds to their formula; their way back is that of bilinear ones.</summary>
    public static TheoryData<string> Names =>
        [.. OperatorCases.All.Where(c => c.Value.Output.Layer is not OrientationBinning { Kind: BinningKind.BilinearByCosine }).Select(c => c.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_is_the_difference_quotient(string name)
    {
        Network network = OperatorCases.All[name];
        Shape[] shapes = [.. network.Inputs.Select(i => ((Input)i.Layer).Shape)];
        float[][] x = Inputs(network, shapes);
        OracleArray[] moved = [.. x.Zip(shapes, (v, s) => OracleArray.From(s, v))];
        var oracle = new NetworkOracle(network, moved);

        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        for (int i = 0; i < x.Length; i++) plan.SetInput(network.Inputs[i], x[i]);
        plan.Forward();
        var y = new float[plan.ShapeOf(network.Output).Count];
        plan.Read(network.Output, y);
        Agreement.Close(oracle[network.Output].Values, y, Tolerance, "forward");

        // Weights of the outputs that tell all of them apart.
        float[] seed = Draw.Normal(99, y.Length);
        plan.Backward(seed, BackwardRule.Gradient);
        IReadOnlyDictionary<Node, double[]> adjoint = oracle.Backward(network.Output, Array.ConvertAll(seed, v => (double)v), BackwardRule.Gradient);
        for (int i = 0; i < x.Length; i++)
        {
            double[] expected = Differences(network, moved, i, seed);
            var actual = new float[x[i].Length];
            plan.ReadGradient(network.Inputs[i], actual);
            Agreement.Close(expected, actual, Tolerance, $"gradient of {network.Inputs[i].Name}");
            // The other tests trust the oracle's adjoints: hold them to the same differences, as far as float32 can state them.
            Agreement.Close(expected, Array.ConvertAll(adjoint[network.Inputs[i]], v => (float)v), 1e-6, "the oracle's own adjoint");
        }
    }

    [Fact]
    public void Every_layer_kind_has_a_case()
    {
        IEnumerable<Type> kinds = typeof(Layer).Assembly.GetTypes()
            .Where(t => t.IsPublic && !t.IsAbstract && t.IsSubclassOf(typeof(Layer)) && t != typeof(Input));
        HashSet<Type> covered = [.. OperatorCases.All.Values.SelectMany(n => n.Nodes).Select(n => n.Layer.GetType())];
        Assert.Empty(kinds.Where(t => !covered.Contains(t)).Select(t => t.Name));
    }

    /// <summary>Values away from kinks, ties and, for divisors, zero, by far more than the step.</summary>
    static float[][] Inputs(Network network, Shape[] shapes)
    {
        bool divides = network.Nodes.Any(n => n.Layer is Arithmetic { Operation: ArithmeticOperation.Div });
        for (ulong attempt = 0; attempt < 100; attempt++)
        {
            float[][] x = [.. shapes.Select((s, i) => Draw.Normal(attempt * 10 + (ulong)i, s))];
            if (divides) x = [.. x.Select(v => Array.ConvertAll(v, e => e + MathF.CopySign(0.5f, e)))];
            var oracle = new NetworkOracle(network, [.. x.Zip(shapes, (v, s) => OracleArray.From(s, v))]);
            if (oracle.Margin > 1e-4) return x;
        }

        throw new InvalidOperationException("no input of 100 keeps away from ties");
    }

    static double[] Differences(Network network, OracleArray[] inputs, int input, float[] seed)
    {
        double[] values = inputs[input].Values;
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double at = values[i];
            values[i] = at + Step;
            double above = Total();
            values[i] = at - Step;
            result[i] = (above - Total()) / (2 * Step);
            values[i] = at;
        }

        return result;

        double Total()
        {
            double[] y = new NetworkOracle(network, inputs)[network.Output].Values;
            double sum = 0;
            for (int o = 0; o < y.Length; o++) sum += seed[o] * y[o];
            return sum;
        }
    }
}
