using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Imaging;

public sealed partial record Preprocessing
{
    /// <summary>Turns a picture into the input of a network, at the input's declared size.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="input">The network's input: <see cref="Network.Input"/>.</param>
    /// <param name="source">The picture's name, kept with the result.</param>
    /// <exception cref="PreimageException">The node is no input of pictures, or the picture does not fit the settings.</exception>
    public PreparedInput Apply(Picture picture, Node input, string source = "picture")
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Layer is Input { Shape: { Rank: 4 } shape }
            ? Apply(picture, shape.C, shape.H, shape.W, source)
            : throw new PreimageException($"node '{input.Name}' is not an input of pictures (N x C x H x W)");
    }
}
