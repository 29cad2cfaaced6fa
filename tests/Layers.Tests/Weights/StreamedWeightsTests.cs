using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Weights;

/// <summary>Dense layers whose random weights are drawn whenever they are used: the bits of the same weights in memory, and no memory for them.</summary>
public class StreamedWeightsTests
{
    const int Channels = 40, Hidden = 300, Classes = 21;

    static readonly SeededWeights s_second = new(6, 2, Distribution.Gaussian(0.1), Classes, Hidden) { MostKept = 0 };

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(true, 5, 2)]
    [InlineData(false, 1, 2)]
    [InlineData(false, 5, 1)]
    public void Both_directions_have_the_bits_of_weights_in_memory(bool outputMajor, int batch, int threads)
    {
        using Network drawn = Build(outputMajor, w => w), kept = Build(outputMajor, w => new MemoryWeights(w.ToArray(), [.. w.Extents]));
        foreach (BackwardRule rule in new[] { BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided })
        {
            (float[] logits, float[] gradient) = Run(kept, batch, threads, rule);
            (float[] drawnLogits, float[] drawnGradient) = Run(drawn, batch, threads, rule);
            Agreement.SameBits(logits, drawnLogits, "forward");
            Agreement.SameBits(gradient, drawnGradient, $"backward, {rule}");
            Assert.Contains(gradient, g => g != 0);
        }
    }

    /// <summary>Twelve million weights with a limit of 65536: nothing is packed, and a seeded logit's gradient is its row.</summary>
    [Fact]
    public void Weights_are_never_in_memory_as_a_whole()
    {
        const int Inputs = 1 << 17, Outputs = 96;
        var builder = new NetworkBuilder();
        Node input = builder.Input("x", new Shape(1, Inputs));
        var weights = new SeededWeights(5, 1, Distribution.Gaussian(0.1), Outputs, Inputs) { MostKept = 1 << 16 };
        builder.Output(builder.Add("logits", new Dense { Weight = weights, OutputMajor = true }, input));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        float[] x = Draw.Normal(1, Inputs), logits = new float[Outputs], signal = new float[Outputs], gradient = new float[Inputs];
        signal[7] = 1;
        Assert.Equal(0, engine.PackedBytes);
        plan.Forward(x, logits);
        plan.Backward(signal, BackwardRule.Gradient, gradient);
        Assert.Equal(0, engine.PackedBytes);
        var row = new float[Inputs];
        weights.Read(7L * Inputs, row);
        Agreement.SameBits(row, gradient, "a seeded logit's gradient is its row");
    }

    [Fact]
    public void Few_weights_are_kept()
    {
        Assert.Null(new SeededWeights(1, 1, Distribution.Gaussian(1), 100).Streamed);
        Assert.NotNull(new SeededWeights(1, 1, Distribution.Gaussian(1), 101) { MostKept = 100 }.Streamed);
        Assert.NotNull(new SeededWeights(1, 1, Distribution.Gaussian(1), 1000, 112 * 112 * 256).Streamed);
        Assert.Equal(0, s_second.MostKept);
    }

    static Network Build(bool outputMajor, Func<SeededWeights, WeightSource> source)
    {
        var builder = new NetworkBuilder();
        Node node = builder.Input("x", new Shape(1, Channels), [true]);
        SeededWeights first = new(6, 1, Distribution.TruncatedGaussian(0.1), outputMajor ? [Hidden, Channels] : [Channels, Hidden]) { MostKept = 100 };
        var bias = new SeededWeights(6, 3, Distribution.Gaussian(1), Hidden);
        node = builder.Add("hidden", new Dense { Weight = source(first), Bias = bias, OutputMajor = outputMajor, Alpha = 0.5f, Beta = 2 }, node);
        node = builder.Add("relu", new Relu(), node);
        builder.Output(builder.Add("logits", new Dense { Weight = source(s_second), OutputMajor = true }, node));
        return builder.Build();
    }

    static (float[] Logits, float[] Gradient) Run(Network network, int batch, int threads, BackwardRule rule)
    {
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Threads = threads });
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Keep = Keep.ForBackward });
        var logits = new float[batch * Classes];
        plan.Forward(Draw.Normal(1, batch * Channels), logits);
        var signal = new float[batch * Classes];
        for (int sample = 0; sample < batch; sample++)
            signal[sample * Classes + sample * 3] = 1 + sample;
        var gradient = new float[batch * Channels];
        plan.Backward(signal, rule, gradient);
        return (logits, gradient);
    }
}
