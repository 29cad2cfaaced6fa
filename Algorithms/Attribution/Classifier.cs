using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>One class as a network rates it.</summary>
/// <param name="Class">Its index among the logits.</param>
/// <param name="Logit">Its value before the softmax.</param>
/// <param name="Probability">Its share after the softmax, computed here in double from the logits, whether or not the network ends in one.</param>
public sealed record ClassScore(int Class, float Logit, double Probability);

/// <summary>Asks a network what it sees. Holds no state; safe to use from several threads.</summary>
public sealed class Classifier
{
    readonly Engine _engine;

    /// <summary>Makes a classifier of a network on a device.</summary>
    /// <exception cref="PreimageException">The network has several outputs.</exception>
    public Classifier(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        LogitsNode = Logits.Of(engine.Network, out Node? softmax);
        Softmax = softmax;
    }

    /// <summary>The node whose values are the logits.</summary>
    public Node LogitsNode { get; }

    /// <summary>The softmax at the network's end that was stepped over, or null.</summary>
    public Node? Softmax { get; }

    /// <summary>The strongest classes of every sample, the strongest first, the first of equals first.</summary>
    /// <param name="input">NCHW values, any number of samples.</param>
    /// <param name="top">How many classes are wanted; fewer come where there are fewer.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The input does not fit the network.</exception>
    public IReadOnlyList<IReadOnlyList<ClassScore>> Classify(Tensor<float> input, int top = 5, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        Node node = _engine.Network.Input;
        var shape = new Shape([.. input.Lengths.ToArray().Select(l => checked((int)l))]);
        using PlanLoan loan = _engine.Rent(new PlanOptions
        {
            Observe = [LogitsNode.Name],
            InputShapes = new Dictionary<string, Shape> { [node.Name] = shape },
        });
        var pixels = new float[shape.Count];
        input.FlattenTo(pixels);
        loan.Plan.SetInput(node, pixels);
        loan.Plan.Forward(cancellation);
        Shape logits = loan.Plan.ShapeOf(LogitsNode);
        var values = new float[logits.Count];
        loan.Plan.Read(LogitsNode, values);
        return [.. Enumerable.Range(0, logits.N).Select(n => Strongest(values.AsSpan(n * logits.SampleCount, logits.SampleCount), top))];
    }

    static ClassScore[] Strongest(ReadOnlySpan<float> logits, int top)
    {
        int[] order = [.. Enumerable.Range(0, logits.Length)];
        float[] keys = logits.ToArray();
        double[] probabilities = ClassProbabilities.Of(logits);
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return [.. order.Take(top).Select(i => new ClassScore(i, keys[i], probabilities[i]))];
    }
}
