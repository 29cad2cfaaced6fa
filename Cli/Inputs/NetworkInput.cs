using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;

namespace Preimage.Cli.Inputs;

/// <summary>One sample for a network, from a picture or an array.</summary>
/// <param name="Source">The file's name; with the sample's number behind where an array holds several.</param>
/// <param name="Tensor">The values, one sample.</param>
/// <param name="Shown">The pixels the network sees, or null where the input is no picture.</param>
/// <param name="Preprocessing">How the picture became the input, or null for an array.</param>
internal sealed record NetworkInput(string Source, Tensor<float> Tensor, Picture? Shown, Preprocessing? Preprocessing)
{
    /// <summary>The prepared picture, or null for an array.</summary>
    public PreparedInput? Prepared => Preprocessing is not null && Shown is not null ? new PreparedInput(Tensor, Preprocessing, Shown, Source) : null;
}
