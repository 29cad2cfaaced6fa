using Preimage.Cpu;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Training;

/// <summary>A few steps of descent with momentum on a network of every kind of parameter, against the loops of the layers in double.</summary>
public sealed class TrainingOracleTests
{
    const int Batch = 3, Steps = 4;

    /// <summary>Of the largest weight of a parameter: gradients are right to 1e-5 (see the tests of their own), and a step moves weights by less than they are.</summary>
    const double Tolerance = 2e-5;

    static readonly float[] s_rates = [0.05f, 0.04f, 0.03f, 0.02f];

    [Theory]
    [InlineData(null)]
    [InlineData("Gemm")]
    public void Weights_go_where_doubles_go(string? forced)
    {
        using Network network = SmallNetworks.Learnt();
        using var parameters = Parameters.Of(network);
        var options = new EngineOptions { Force = forced is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Conv"] = forced } };
        using var training = new SmallTraining(parameters, Device.Cpu, Batch, s_rates, options);
        double[][] weights = [.. parameters.All.Select(p => Array.ConvertAll(Values(parameters, p), v => (double)v))], momenta = [.. weights.Select(w => new double[w.Length])];
        for (int step = 0; step < Steps; step++)
        {
            double loss = OracleStep(network, parameters, weights, momenta, training, s_rates[step]);
            training.Steps(1);
            Assert.Equal(loss, training.Losses.ToArray().Average(), 1e-5 * Math.Abs(loss));
            for (int i = 0; i < weights.Length; i++)
                Agreement.Close(weights[i], Values(parameters, parameters.All[i]), Tolerance, $"{parameters.All[i]} after step {step}");
        }
    }

    [Fact]
    public void Bits_depend_on_neither_instruction_set_nor_threads()
    {
        float[]? first = null;
        foreach (Isa isa in IsaChoice.Supported)
        {
            foreach (int threads in (int[])[1, 2])
            {
                using Network network = SmallNetworks.Learnt();
                using var parameters = Parameters.Of(network);
                using var training = new SmallTraining(parameters, Device.Cpu, Batch, s_rates, new EngineOptions { Isa = $"{isa}", Threads = threads, Precision = Precision.Strict });
                training.Steps(Steps);
                first ??= training.State();
                Agreement.SameBits(first, training.State(), $"{isa}, {threads} threads");
            }
        }
    }

    /// <summary>Advances the weights in double; the mean loss before.</summary>
    static double OracleStep(Network network, Parameters parameters, double[][] weights, double[][] momenta, SmallTraining training, double rate)
    {
        using Network now = Made(network, weights);
        Shape shape = now.InputShape.WithSamples(Batch);
        var oracle = new NetworkOracle(now, shape, training.Input);
        // As elsewhere: float and double go the same way at every kink and tie.
        Assert.True(oracle.Margin > 2e-6, $"a kink or a tie is within {oracle.Margin}");
        double[] logits = oracle[now.Output].Values, signal = new double[logits.Length];
        int classes = logits.Length / Batch;
        double loss = 0;
        for (int n = 0; n < Batch; n++)
        {
            double max = logits.AsSpan(n * classes, classes).ToArray().Max(), sum = logits.Skip(n * classes).Take(classes).Sum(v => Math.Exp(v - max));
            for (int c = 0; c < classes; c++)
                signal[n * classes + c] = (Math.Exp(logits[n * classes + c] - max) / sum - (c == training.Labels[n] ? 1 : 0)) / Batch;
            loss += (Math.Log(sum) + max - logits[n * classes + training.Labels[n]]) / Batch;
        }

        IReadOnlyDictionary<Node, double[]> signals = oracle.Backward(now.Output, signal, BackwardRule.Gradient);
        for (int i = 0; i < weights.Length; i++)
        {
            (string role, Layer layer) = (parameters.All[i].Role, now.Nodes[parameters.All[i].Node.Name].Layer);
            var gradient = new double[weights[i].Length];
            foreach (Node node in now.Nodes.Where(n => n.Layer == layer))
            {
                double[] own = ParameterOracle.Gradient(layer, role, oracle[node].Shape, oracle[node.Inputs[0]], signals[node], 1);
                for (int j = 0; j < own.Length; j++)
                    gradient[j] += own[j];
            }

            for (int j = 0; j < gradient.Length; j++)
            {
                momenta[i][j] = SmallTraining.Rho * momenta[i][j] - SmallTraining.Decay * weights[i][j] - gradient[j];
                weights[i][j] += rate * momenta[i][j];
            }
        }

        return loss;
    }

    static Network Made(Network network, double[][] weights)
    {
        using var copy = Parameters.Of(network);
        for (int i = 0; i < weights.Length; i++)
            copy.Write(copy.All[i], Array.ConvertAll(weights[i], w => (float)w));
        return copy.ToNetwork();
    }

    static float[] Values(Parameters parameters, Parameter parameter)
    {
        var values = new float[parameter.Count];
        parameters.Read(parameter, values);
        return values;
    }
}
