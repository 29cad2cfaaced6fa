using System.Diagnostics;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Cpu;
using Preimage.Cpu.Draws;
using Preimage.Cpu.Gemm;
using Preimage.Layers;

namespace Preimage.Perf.RandomWeights;

/// <summary>Drawing by itself, products with drawn matrices beside it, and the two networks of Nie, Zhang and Patel (2018) that no memory holds.</summary>
/// <remarks>Peak memory is what the system says of this process (VmHWM): for a network's own, ask for that case alone.</remarks>
internal sealed class RandomSuite(SuiteOptions options)
{
    const int Inputs = 1 << 16, Outputs = 256;

    static readonly (string Name, DrawRule Rule)[] s_rules =
    [
        ("truncated normal", new(0.954499736103642 * DrawRule.WordScale, 0.1, 0)), ("normal", new(DrawRule.WordScale, 0.1, 0)), ("uniform", new(0, DrawRule.WordScale, 0.5)),
    ];

    public IEnumerable<RandomRow> Run()
    {
        foreach ((string name, DrawRule rule) in s_rules)
        {
            if (!options.Wants(name))
                continue;
            foreach (Isa isa in IsaChoice.Supported)
                yield return Draws(name, rule, isa);
        }

        foreach (int threads in options.Threads)
        {
            if (options.Wants("product"))
            {
                yield return Product(threads, along: true);
                yield return Product(threads, along: false);
            }
        }

        if (options.Wants("fcn-70000"))
        {
            foreach (RandomRow row in Network("fcn-70000", () => new RandomNetworks(1).FullyConnected(64, 64, 70_000), 64))
                yield return row;
        }

        if (options.Wants("cnn-256x1000"))
        {
            foreach (RandomRow row in Network("cnn-256x1000", () => new RandomNetworks(1).ThreeLayer(224, 224, classes: 1000), 224))
                yield return row;
        }
    }

    unsafe RandomRow Draws(string name, DrawRule rule, Isa isa)
    {
        using var to = new AlignedBuffer((long)Inputs * sizeof(float));
        Timing timing = Time(() =>
        {
            for (int row = 0; row < 16; row++)
                RandomDraws.Fill(isa, new DrawnArray(rule, 1, 2), row * (long)Inputs, to.Floats, Inputs);
        });
        return new RandomRow("random", name, 1, $"{isa}", timing.Median, timing.Best, 16.0 * Inputs / timing.Best / 1000, null);
    }

    /// <summary>One sample times 256 x 65536 drawn weights.</summary>
    unsafe RandomRow Product(int threads, bool along)
    {
        var execution = new Execution(IsaChoice.Default, threads);
        DrawnArray weights = new(s_rules[0].Rule, 1, 2);
        using var scratch = new AlignedBuffer(Math.Max(DotProduct.DrawnScratchBytes(execution), DrawnProduct.ScratchBytes(execution)));
        using AlignedBuffer x = new((long)Inputs * sizeof(float)), y = new((long)Inputs * sizeof(float));
        new Span<float>(x.Floats, Inputs).Fill(1);
        Timing timing = Time(() =>
        {
            if (along)
                DotProduct.Run(execution, 1, Outputs, Inputs, x.Floats, weights, y.Floats, 1, null, scratch.Address);
            else
                DrawnProduct.Run(execution, 1, Inputs, Outputs, x.Floats, weights, y.Floats, 1, null, scratch.Address);
        });
        return new RandomRow("random", along ? "product along rows" : "product across rows", threads, $"{execution.Isa}", timing.Median, timing.Best,
            (double)Outputs * Inputs / timing.Best / 1000, null);
    }

    /// <summary>Forward and back from the arg-max logit, a method at a time.</summary>
    static IEnumerable<RandomRow> Network(string name, Func<Network> make, int side)
    {
        using Network network = make();
        using Engine engine = network.On(Device.Cpu);
        PreparedInput input = Preprocessing.Unit.Apply(DrawnPicture.House(side, side), network.Input);
        foreach (AttributionMethod method in new AttributionMethod[] { new Saliency(engine), new DeconvNet(engine), new GuidedBackprop(engine) })
        {
            long start = Stopwatch.GetTimestamp();
            method.Attribute(input, Target.Argmax);
            double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            yield return new RandomRow("random", $"{name}, {method.Name}", Processor.Threads, $"{IsaChoice.Default}", ms, ms, null, PeakMegabytes());
        }
    }

    Timing Time(Action action) => Turns.Take(options, [runs =>
    {
        var times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return times;
    }])[0]!;

    static double PeakMegabytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
