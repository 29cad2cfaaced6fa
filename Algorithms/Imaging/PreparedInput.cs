using System.Numerics.Tensors;

namespace Preimage.Algorithms.Imaging;

/// <summary>A picture made ready for a network, with everything needed to make it again.</summary>
/// <param name="Tensor">The input, 1 x channels x height x width.</param>
/// <param name="Preprocessing">The settings that made it.</param>
/// <param name="Shown">The pixels the network sees, after resize and crop; overlays go on these.</param>
/// <param name="Source">Where the picture came from.</param>
public sealed record PreparedInput(Tensor<float> Tensor, Preprocessing Preprocessing, Picture Shown, string Source);
