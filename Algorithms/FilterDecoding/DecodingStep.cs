using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>What becomes of a map on its way from a layer's output to its input. Layers that are the identity there have no step.</summary>
/// <param name="Node">The node that is passed.</param>
internal abstract record DecodingStep(Node Node)
{
    /// <summary>Each place stamps its filter, overlaps add up: the paper's subst, for all channels at once.</summary>
    public sealed record Stamp(Node Node, Convolution Layer) : DecodingStep(Node);

    /// <summary>Each unit weighs its row of the matrix.</summary>
    public sealed record Product(Node Node, Dense Layer) : DecodingStep(Node);

    /// <summary>The map grows to all that its windows covered.</summary>
    /// <param name="Node">The pool.</param>
    /// <param name="Span">Rows and columns from a window's first tap to its last.</param>
    /// <param name="Stride">Steps between windows.</param>
    public sealed record Unpool(Node Node, (int Y, int X) Span, (int Y, int X) Stride) : DecodingStep(Node);

    /// <summary>Each channel has a factor: the linear part of batch norm.</summary>
    public sealed record Scale(Node Node, float[] Factors) : DecodingStep(Node);

    /// <summary>A vector becomes the planes it was flattened from.</summary>
    public sealed record Unfold(Node Node, int Channels, int Height, int Width) : DecodingStep(Node);
}
