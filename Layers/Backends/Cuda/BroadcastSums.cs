using Preimage.Cpu.Elementwise;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>The signal of one operand of an operation under broadcasting, summed over the axes along which it was repeated.</summary>
internal static class BroadcastSums
{
    /// <summary>The operation a where it is above 0, else a * b, for the way back to b (Native/Kernels/elementwise.cu).</summary>
    public const int Sloped = 6;

    /// <summary>Computes the signal of operand 0 or 1.</summary>
    public static void Run(CudaQueue q, BroadcastPlan p, int operation, int operand, Activation signal, nint a, nint b, int seeds, Activation result)
    {
        int[] strides = operand == 0 ? p.StridesA : p.StridesB;
        uint repeated = (operand == 0 ? p.RepeatsA : p.RepeatsB) ? 1u : 0;
        for (int axis = 0; axis < 3; axis++)
        {
            if (strides[axis] == 0 && p.Extents[axis] > 1)
                repeated |= 2u << axis;
        }

        LaunchShape shape = repeated == 0 ? LaunchShape.Over(result.Shape.Count) : CudaCalls.Lines(result.Shape.Count);
        ElementwiseKernels.BroadcastBackward(q.Kernels, q.Stream, shape, operation, operand, repeated, signal.Address, a, b, result.Address, seeds, signal.Shape.N,
            p.Extents[0], p.Extents[1], p.Extents[2], p.RepeatsA ? 0 : p.RowA, p.StridesA[0], p.StridesA[1], p.StridesA[2],
            p.RepeatsB ? 0 : p.RowB, p.StridesB[0], p.StridesB[1], p.StridesB[2]);
    }
}
