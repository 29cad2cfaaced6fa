using System.Numerics.Tensors;

namespace Preimage.Algorithms.PreImages;

/// <summary>Images on their way.</summary>
/// <param name="Phase">The phase, from 0.</param>
/// <param name="Iteration">Iterations of the phase that were done.</param>
/// <param name="FirstRow">The row of the result that the first image became: 0 unless restarts ran after each other.</param>
/// <param name="Images">The centres of the canvases, in pixel units, as in <see cref="PreImageResult.Images"/>.</param>
public sealed record PreImageFrame(int Phase, int Iteration, int FirstRow, Tensor<float> Images);
