using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Backtracking;

/// <summary>The dense layers of a network by themselves: what the network says of feature maps with units set to zero (Fang 2017, figures 9 and 10).</summary>
/// <remarks>It is a network of its own on the same device, which packs the dense weights once more. Dispose it before the engine. Safe to use from several
/// threads.</remarks>
public sealed class DenseTail : IDisposable
{
    /// <summary>Rows that run at once; more are run in several goes.</summary>
    const int MostRows = 64;

    readonly DenseChain _chain;
    readonly Network _network;
    readonly Engine _engine;

    /// <summary>Takes the dense layers of a network, at its declared input.</summary>
    public DenseTail(DenseBacktracking backtracking) : this(backtracking?.Engine ?? throw new ArgumentNullException(nameof(backtracking)), backtracking.ChainFor(backtracking.Engine.Network.InputShape))
    {
    }

    DenseTail(Engine engine, DenseChain chain)
    {
        _chain = chain;
        _network = Build(chain);
        _engine = _network.On(engine.Device, engine.Options);
    }

    /// <summary>The node whose values are the features.</summary>
    public Node Features => _chain.Features;

    /// <summary>The softmax of the class scores after each of some sets of units is set to zero, computed in double.</summary>
    /// <param name="features">The values of the feature maps of one image, C x H x W.</param>
    /// <param name="suppressed">The sets; an empty one gives the network's own answer.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>The probabilities of all classes, for each set.</returns>
    /// <exception cref="PreimageException">The features, or a set, are of another node or shape.</exception>
    public IReadOnlyList<double[]> Probabilities(ReadOnlySpan<float> features, IReadOnlyList<UnitSet> suppressed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(suppressed);
        Shape shape = _chain.Steps[0].Shape;
        if (features.Length != shape.SampleCount)
            throw new PreimageException($"{features.Length} features: node '{Features.Name}' has {shape.SampleCount} ({shape})");
        foreach (UnitSet set in suppressed)
        {
            if (set.Node != Features.Name || set.Shape != shape)
                throw new PreimageException($"suppressing {set} ({set.Shape}): units of '{Features.Name}' ({shape}) are wanted");
        }

        var results = new List<double[]>(suppressed.Count);
        for (int first = 0; first < suppressed.Count; first += MostRows)
            Run(features, [.. suppressed.Skip(first).Take(MostRows)], results, cancellation);
        return results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine.Dispose();
        _network.Dispose();
    }

    void Run(ReadOnlySpan<float> features, UnitSet[] sets, List<double[]> results, CancellationToken cancellation)
    {
        // Powers of two, so that a few plans serve all numbers of sets.
        int rows = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)sets.Length), size = features.Length;
        using PlanLoan loan = _engine.Rent(new PlanOptions { Batch = rows });
        var input = new float[rows * size];
        for (int row = 0; row < sets.Length; row++)
        {
            Span<float> own = input.AsSpan(row * size, size);
            features.CopyTo(own);
            sets[row].Suppress(own);
        }

        var logits = new float[rows * _chain.Classes];
        loan.Plan.SetInput(_network.Input, input);
        loan.Plan.Forward(cancellation);
        loan.Plan.Read(_network.Output, logits);
        for (int row = 0; row < sets.Length; row++)
            results.Add(ClassProbabilities.Of(logits.AsSpan(row * _chain.Classes, _chain.Classes)));
    }

    /// <summary>The same layers, with the same weights, behind an input for the features.</summary>
    static Network Build(DenseChain chain)
    {
        var builder = new NetworkBuilder();
        Shape shape = chain.Steps[0].Shape;
        Node at = builder.Input(chain.Features.Name, shape);
        int rank = shape.Rank;
        foreach (DenseStep step in chain.Steps)
        {
            if (step.Node.Layer is Convolution convolution && rank != 4)
            {
                IReadOnlyList<int> extents = convolution.Weight.Extents;
                at = builder.Add($"{step.Node.Name}_plane", new Reshape { Extents = [0, extents[1], extents[2], extents[3]] }, at);
            }
            else if (step.Node.Layer is Dense && rank != 2)
            {
                at = builder.Add($"{step.Node.Name}_flat", new Flatten(), at);
            }

            rank = step.Node.Layer is Convolution ? 4 : 2;
            at = builder.Add(step.Node.Name, step.Node.Layer, at);
            foreach (Node function in step.After)
                at = builder.Add(function.Name, function.Layer, at);
        }

        if (rank != 2)
            at = builder.Add($"{chain.Logits.Name}_row", new Flatten(), at);
        builder.Output(at);
        return builder.Build();
    }
}
