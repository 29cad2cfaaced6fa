using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;

namespace Preimage.Algorithms.Metrics;

/// <summary>What an attack made of an image.</summary>
/// <param name="Input">The attacked image, as the network takes it: one sample.</param>
/// <param name="Step">Grey levels, of 0 to 255, that pixels moved by at most.</param>
/// <param name="Before">What the network saw first, with what it thought of that.</param>
/// <param name="After">What it sees now.</param>
public sealed record AdversarialPicture(Tensor<float> Input, double Step, ClassScore Before, ClassScore After)
{
    /// <summary>Whether the network was led astray; if not, the image is that of the longest step.</summary>
    public bool Changed => Before.Class != After.Class;
}
