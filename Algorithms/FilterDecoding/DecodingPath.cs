using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>The way from a layer's filters down to the picture: a stack of convolutions, dense layers and pools, and what is the identity between them.</summary>
/// <param name="Top">The convolution or dense layer whose filters are decoded.</param>
/// <param name="Factors">A factor per unit, from batch norms between <paramref name="Top"/> and the node that was asked for.</param>
/// <param name="Steps">What happens below <paramref name="Top"/>, the uppermost first.</param>
/// <param name="Source">The node whose values decoded filters are to be laid over: what the lowest step, or <paramref name="Top"/> itself, reads.</param>
internal sealed record DecodingPath(Node Top, float[] Factors, IReadOnlyList<DecodingStep> Steps, Node Source)
{
    /// <summary>How many filters there are.</summary>
    public int Units => Factors.Length;

    /// <summary>Finds the way.</summary>
    /// <exception cref="ModelException">There is none: a node joins branches, or is of a kind that has no decoding.</exception>
    public static DecodingPath Of(Network network, Node node)
    {
        IReadOnlyList<Shape> shapes = network.InferShapes();
        var varies = new bool[network.Nodes.Count];
        foreach (Node n in network.Nodes)
            varies[n.Index] = n.Layer is Input || n.Inputs.Any(i => varies[i.Index]);

        Node top = node;
        var above = new List<DecodingStep.Scale>();
        while (top.Layer is not (Convolution or Dense))
        {
            (Node below, DecodingStep? step) = Pass(top);
            if (step is DecodingStep.Scale scale)
                above.Add(scale);
            else if (step is not null)
                throw new ModelException(node.Name, node.Layer.Operator, $"its units are not those of a convolution or dense layer, '{top.Name}' ({top.Layer.Operator}) lies between: name a node below that");
            top = below;
        }

        var factors = new float[shapes[top.Index].C];
        for (int unit = 0; unit < factors.Length; unit++)
            factors[unit] = above.Aggregate(1f, (product, scale) => product * scale.Factors[unit]);

        var steps = new List<DecodingStep>();
        Node source = Only(top);
        for (Node at = source; at.Layer is not Input;)
        {
            (Node below, DecodingStep? step) = Pass(at);
            if (step is not null)
            {
                steps.Add(step);
                source = below;
            }

            at = below;
        }

        return new DecodingPath(top, factors, steps, source);

        (Node Below, DecodingStep? Step) Pass(Node at)
        {
            if (at.Layer is Input)
                throw new ModelException(node.Name, node.Layer.Operator, "there is no convolution or dense layer at or below it, whose filters could be decoded");
            Node below = Only(at);
            return (below, DecodingRules.StepOf(at, below, shapes[below.Index], shapes[at.Index]));
        }

        Node Only(Node at)
        {
            Node[] inputs = [.. at.Inputs.Where(i => varies[i.Index])];
            return inputs.Length == 1 ? inputs[0]
                : throw new ModelException(at.Name, at.Layer.Operator, $"it joins {inputs.Length} signals: filters are decoded through a stack of layers, without branches");
        }
    }
}
