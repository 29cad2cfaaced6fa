using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Carries feature maps back to the pixels through the mirrored network: unpooling by the switches of the forward pass, then transposed convolutions
/// (Fang 2017, "Deconvolution").</summary>
/// <remarks>
/// Not the network of Zeiler and Fergus: each transposed convolution adds the bias of the layer whose output is reconstructed and a rectifier follows, the
/// pixels included, so that the result is not proportional to the maps. Unpooling puts a value at the first maximum of its window. Works on any chain of
/// convolutions, rectifiers, pooling and added constants from the input on. Safe to use from several threads.
/// </remarks>
public sealed class MirroredDeconvolution
{
    readonly Engine _engine;
    readonly MirrorRule _rule;
    readonly BackwardRule _backward;

    /// <summary>Makes the mirrored network of the chain that ends in a node.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="node">The node whose maps are carried back.</param>
    /// <param name="options">What is done beside; null for Fang's network.</param>
    /// <exception cref="PreimageException">There is no such node, or a node between it and the input is of another kind; the message names it.</exception>
    public MirroredDeconvolution(Engine engine, string node, MirrorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(node);
        (_engine, Options) = (engine, options ?? MirrorOptions.Fang);
        Node = engine.Network.Nodes[node];
        _rule = new MirrorRule(Chain(Node), Options);
        _backward = new BackwardRule(ReluRule.Deconvnet, Node: _rule);
    }

    /// <summary>The node whose maps are carried back.</summary>
    public Node Node { get; }

    /// <summary>What is done beside transposed convolutions and unpooling.</summary>
    public MirrorOptions Options { get; }

    /// <summary>Reconstructs every sample of the only input from its own maps, and again with each of some sets of units at zero, by the same switches.</summary>
    /// <param name="input">NCHW values, any number of samples.</param>
    /// <param name="suppressed">Sets of units of the node; none for the reconstruction alone.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>Shaped like the input with N (1 + sets) rows: row n (1 + sets) is sample n from all its maps, those behind it with the sets at zero.</returns>
    /// <exception cref="PreimageException">The input does not fit the network, or a set the node.</exception>
    public Tensor<float> Reconstruct(Tensor<float> input, IReadOnlyList<UnitSet>? suppressed = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        IReadOnlyList<UnitSet> sets = suppressed ?? [];
        return Reconstruct(input, 1 + sets.Count, (_, maps, seeds) =>
        {
            for (int k = 0; k <= sets.Count; k++)
            {
                Span<float> row = seeds.Slice(k * maps.Length, maps.Length);
                maps.CopyTo(row);
                if (k > 0)
                    Checked(sets[k - 1], maps.Length).Suppress(row);
            }
        }, cancellation);
    }

    /// <summary>Reconstructs from rows of maps made of each sample's own.</summary>
    /// <param name="input">NCHW values.</param>
    /// <param name="rows">K: rows per sample.</param>
    /// <param name="fill">Takes a sample's number and maps, and makes its K rows.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    internal Tensor<float> Reconstruct(Tensor<float> input, int rows, MapFill fill, CancellationToken cancellation)
    {
        var shape = new Shape([.. input.Lengths.ToArray().Select(l => checked((int)l))]);
        Node pixels = _engine.Network.Input;
        using PlanLoan loan = _engine.Rent(new PlanOptions
        {
            InputShapes = new Dictionary<string, Shape> { [pixels.Name] = shape }, Observe = [Node.Name], SeedNode = Node.Name, Seeds = rows,
            Keep = Keep.ForBackward, NodeRule = _rule,
        });
        loan.Plan.SetInput(pixels, TensorSpans.Dense(input));
        loan.Plan.Backward((first, samples, values, seeds) =>
        {
            int size = values.Length / samples;
            for (int n = 0; n < samples; n++)
                fill(first + n, values.Slice(n * size, size), seeds.Slice(n * rows * size, rows * size));
        }, _backward, cancellation: cancellation);
        var result = new float[loan.Plan.GradientShape(pixels).Count];
        loan.Plan.ReadGradient(pixels, result);
        return Tensor.Create(result, loan.Plan.GradientShape(pixels).ToLengths());
    }

    /// <summary>The nodes from the seeded one down to the input, without it.</summary>
    static List<Node> Chain(Node top)
    {
        var nodes = new List<Node>();
        for (Node at = top; at.Layer is not Input; at = Varying(at, top))
        {
            if (at.Layer is not (Convolution or Relu or MaxPool or AveragePool or View or Arithmetic { Operation: ArithmeticOperation.Add or ArithmeticOperation.Sub }))
                throw new PreimageException($"no mirrored network for '{top.Name}': {at} on the way to the input is no convolution, rectifier or pooling layer");
            nodes.Add(at);
        }

        return nodes;
    }

    /// <summary>The one input of a node that is not a constant.</summary>
    static Node Varying(Node node, Node top)
    {
        Node[] varying = node.Layer is View ? [node.Inputs[0]] : [.. node.Inputs.Where(n => n.Layer is not Constant)];
        return varying.Length == 1 ? varying[0]
            : throw new PreimageException($"no mirrored network for '{top.Name}': {node} joins {varying.Length} branches");
    }

    UnitSet Checked(UnitSet set, int units) => set.Node == Node.Name && set.Units == units ? set
        : throw new PreimageException($"reconstructing from '{Node.Name}' of {units} units without {set}: a set of its own units is wanted");
}

/// <summary>Makes the rows of maps of one sample.</summary>
/// <param name="sample">Which.</param>
/// <param name="maps">Its own maps.</param>
/// <param name="rows">Receives as many rows of that length as the call asked for.</param>
internal delegate void MapFill(int sample, ReadOnlySpan<float> maps, Span<float> rows);
