using Preimage.Layers.Backends.Cpu;
using Preimage.Layers.Operators;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Backends;

/// <summary>Every operator, forward and back, in guarded memory: the same bits whatever computes it and whatever lies beside it.</summary>
public class BackendBitsTests
{
    static readonly EngineOptions s_plain = new() { Isa = "scalar", Threads = 1 };

    public static TheoryData<string> Names => [.. OperatorBench.Cases.Keys];

    public static IReadOnlyList<BackwardRule> RulesOf(Layer layer) => layer is Kinds.SmoothFunction
        ? [BackwardRule.Gradient]
        : [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided with { Pool = PoolRule.Centre }];

    [Theory]
    [MemberData(nameof(Names))]
    public void Isa_lanes_and_implementation_change_no_bit(string name)
    {
        Node node = OperatorBench.Cases[name];
        foreach (BackwardRule rule in RulesOf(node.Layer))
        {
            using var plain = new CpuBackend(s_plain);
            using var reference = new OperatorBench(plain, node, 2);
            float[][] x = reference.Draw(1);
            float[] signal = Draw.Normal(9, reference.Output);
            float[][] expected = reference.Run(x, signal, rule);
            Assert.All(expected, values => Assert.All(values, v => Assert.False(float.IsNaN(v))));
            foreach (EngineOptions options in OperatorBench.Options)
            {
                using var backend = new CpuBackend(options);
                using OperatorBench? bench = OperatorBench.Try(backend, node, 2);
                foreach (Layout ready in bench?.Ready ?? [])
                {
                    float[][] actual = bench!.Run(x, signal, rule, ready: ready);
                    for (int i = 0; i < expected.Length; i++)
                    {
                        Agreement.SameBits(expected[i], actual[i],
                            $"{name}, result {i}, {ready}, {options.Isa} x {options.Threads}, {options.Force.Values.Single()}");
                    }
                }
            }
        }
    }

    /// <summary>The comparison above leaves out what cannot run a case; no implementation may be left out of all.</summary>
    [Fact]
    public void Every_exact_implementation_runs_some_case()
    {
        foreach (ConvolutionImplementation implementation in ConvolutionList.All.Where(i => i.IsExact))
        {
            using var backend = new CpuBackend(new EngineOptions { Force = new Dictionary<string, string> { [ConvolutionList.Operator] = implementation.Name } });
            Assert.Contains(OperatorBench.Cases.Values, node =>
            {
                using OperatorBench? bench = node.Layer is Kinds.Convolution ? OperatorBench.Try(backend, node, 1) : null;
                return bench is not null;
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_of_a_batch_is_the_sample_alone(string name)
    {
        Node node = OperatorBench.Cases[name];
        using var backend = new CpuBackend(new EngineOptions());
        using var alone = new OperatorBench(backend, node, 1);
        foreach (int n in new[] { 1, 2, 3, 8, 17 })
        {
            using var batch = new OperatorBench(backend, node, n);
            float[][] x = batch.Draw((ulong)n);
            float[] signal = Draw.Normal(99, batch.Output);
            float[][] all = batch.Run(x, signal, BackwardRule.Gradient);
            for (int i = 0; i < n; i++)
            {
                float[][] own = alone.Run([.. x.Select(v => Part(v, n, i))], Part(signal, n, i), BackwardRule.Gradient);
                for (int r = 0; r < own.Length; r++)
                    Agreement.SameBits(own[r], Part(all[r], n, i), $"{name}: result {r}, sample {i} of {n}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_reads_the_state_of_its_sample(string name)
    {
        const int seeds = 3, samples = 2;
        Node node = OperatorBench.Cases[name];
        using var backend = new CpuBackend(new EngineOptions());
        using OperatorBench alone = new(backend, node, 1), both = new(backend, node, samples);
        float[][] x = both.Draw(4);
        float[] signal = Draw.Normal(98, both.Output.WithSamples(samples * seeds));
        foreach (BackwardRule rule in RulesOf(node.Layer))
        {
            float[][] all = both.Run(x, signal, rule, seeds);
            for (int row = 0; row < samples * seeds; row++)
            {
                float[][] own = alone.Run([.. x.Select(v => Part(v, samples, row / seeds))], Part(signal, samples * seeds, row), rule);
                for (int r = 1; r < own.Length; r++)
                    Agreement.SameBits(own[r], Part(all[r], samples * seeds, row), $"{name}, {rule.Relu}: signal {r}, row {row}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_signal_may_be_asked_for_alone(string name)
    {
        Node node = OperatorBench.Cases[name];
        using var backend = new CpuBackend(new EngineOptions());
        using var bench = new OperatorBench(backend, node, 2);
        float[][] x = bench.Draw(5);
        float[] signal = Draw.Normal(97, bench.Output);
        float[][] all = bench.Run(x, signal, BackwardRule.Gradient);
        for (int i = 0; i < x.Length; i++)
            Agreement.SameBits(all[i + 1], bench.Run(x, signal, BackwardRule.Gradient, only: i)[1], $"{name}: signal {i}");
    }

    static float[] Part(float[] all, int n, int i) => all[(all.Length / n * i)..(all.Length / n * (i + 1))];
}
