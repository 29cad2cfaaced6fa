using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution;

/// <summary>Where a classifier's class scores are.</summary>
public static class Logits
{
    /// <summary>The node of the logits: the network's only output, or what a softmax at its end reads.</summary>
    /// <param name="network">The network.</param>
    /// <param name="softmax">The softmax that was stepped over, or null.</param>
    /// <exception cref="PreimageException">The network has several outputs.</exception>
    public static Node Of(Network network, out Node? softmax)
    {
        ArgumentNullException.ThrowIfNull(network);
        softmax = null;
        Node node = network.Output;
        for (Node at = node; at.Inputs.Count > 0; at = at.Inputs[0])
        {
            if (at.Layer is Softmax)
            {
                softmax = at;
                return at.Inputs[0];
            }

            if (at.Layer is not View)
                break;
        }

        return node;
    }
}
