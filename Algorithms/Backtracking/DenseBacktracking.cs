using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Goes back from a class through the dense layers that end a network, to the units of the feature maps behind them (Fang 2017, "Backtracking").</summary>
/// <remarks>
/// A unit i counts as activated for a unit u of the next layer where its contribution a_i W_iu is above zero; from the class on, unions of these sets are
/// taken. The last step, to the feature maps, keeps the strongest contributions only unless the rule is literal (<see cref="BacktrackingOptions"/>).
/// Biases play no part. The dense layers may have element-wise functions, dropout and views between them; a convolution over its whole input counts as
/// dense. Holds no state beside weights it had to turn round; safe to use from several threads.
/// </remarks>
public sealed class DenseBacktracking
{
    readonly Engine _engine;
    readonly Lock _lock = new();
    (Shape Input, DenseChain Chain)? _last;

    /// <summary>Makes the method for a network on a device.</summary>
    /// <exception cref="PreimageException">The network has several inputs or outputs, or does not end in a dense layer.</exception>
    public DenseBacktracking(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _ = ChainFor(engine.Network.InputShape);
    }

    /// <summary>The engine the network runs on.</summary>
    public Engine Engine => _engine;

    /// <summary>The node whose units are traced to: what the first of the dense layers reads, at the declared input.</summary>
    public Node Features => ChainFor(_engine.Network.InputShape).Features;

    /// <summary>The dense layers, the first one first, at the declared input.</summary>
    public IReadOnlyList<Node> DenseLayers => [.. ChainFor(_engine.Network.InputShape).Steps.Select(s => s.Node)];

    /// <summary>How many classes the network tells apart.</summary>
    public int Classes => ChainFor(_engine.Network.InputShape).Classes;

    /// <summary>Traces a prepared picture back.</summary>
    /// <inheritdoc cref="Trace(Tensor{float}, BacktrackingOptions?, CancellationToken)"/>
    public BacktrackingResult Trace(PreparedInput input, BacktrackingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Trace(input.Tensor, options, cancellation)[0];
    }

    /// <summary>Traces every sample of the only input back, over one forward pass.</summary>
    /// <param name="input">NCHW values, any number of samples.</param>
    /// <param name="options">How, or null for the released program's rule.</param>
    /// <param name="cancellation">Stops the work between operators and samples.</param>
    /// <returns>A result per sample.</returns>
    /// <exception cref="PreimageException">The input does not fit the network, or an option is out of range.</exception>
    public IReadOnlyList<BacktrackingResult> Trace(Tensor<float> input, BacktrackingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new BacktrackingOptions();
        var shape = new Shape([.. input.Lengths.ToArray().Select(l => checked((int)l))]);
        DenseChain chain = ChainFor(shape);
        options.Validate(chain.Classes);
        Node[] nodes = [.. chain.Steps.Select(s => s.Source), chain.Logits];
        using PlanLoan loan = _engine.Rent(new PlanOptions
        {
            Observe = [.. nodes.Select(n => n.Name)], InputShapes = new Dictionary<string, Shape> { [_engine.Network.Input.Name] = shape },
        });
        loan.Plan.SetInput(_engine.Network.Input, TensorSpans.Dense(input));
        loan.Plan.Forward(cancellation);
        float[][] values = Array.ConvertAll(nodes, node =>
        {
            var all = new float[loan.Plan.ShapeOf(node).Count];
            loan.Plan.Read(node, all);
            return all;
        });
        var results = new BacktrackingResult[shape.N];
        for (int n = 0; n < results.Length; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            results[n] = Trace(chain, n, shape.N, values, options);
        }

        return results;
    }

    /// <summary>The dense layers at an input shape.</summary>
    internal DenseChain ChainFor(Shape input)
    {
        input = input.WithSamples(1);
        lock (_lock)
        {
            if (_last is not { } last || last.Input != input)
            {
                Network network = _engine.Network;
                _last = last = (input, DenseChain.Of(network, network.InferShapes(new Dictionary<string, Shape> { [network.Input.Name] = input })));
            }

            return last.Chain;
        }
    }

    static BacktrackingResult Trace(DenseChain chain, int sample, int samples, float[][] values, BacktrackingOptions options)
    {
        double[] probabilities = ClassProbabilities.Of(Of(values[^1]));
        int wanted = options.Class ?? TensorPrimitives.IndexOfMax(Of(values[^1]));
        int[] selected = [wanted];
        var sets = new List<UnitSet>();
        var notes = new List<string>();
        double limit = double.NaN;
        int pairs = 0;
        for (int layer = chain.Steps.Count - 1; layer >= 0; layer--)
        {
            DenseStep step = chain.Steps[layer];
            if (!step.IsRectified)
                notes.Add($"what '{step.Node.Name}' reads ('{step.Source.Name}') is not rectified: only its units above zero can be traced to");
            ReadOnlySpan<float> activations = Of(values[layer]);
            if (layer > 0 || options.Literal)
                selected = Contributions.Positive(step, activations, selected);
            else
                (selected, limit, pairs) = Contributions.Strongest(step, activations, selected, options.Threshold, options.Percentile);
            sets.Insert(0, UnitSet.Of(step.Source.Name, step.Shape, selected));
        }

        return new BacktrackingResult(options, wanted, probabilities, sets, Of(values[0]).ToArray(), limit, pairs, notes);

        ReadOnlySpan<float> Of(float[] all) => all.AsSpan(sample * (all.Length / samples), all.Length / samples);
    }
}
