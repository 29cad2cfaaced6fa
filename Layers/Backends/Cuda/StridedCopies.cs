using Preimage.Cpu.Copies;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Copies between two strided views of the device's memory.</summary>
internal static class StridedCopies
{
    /// <summary>to[i . toStrides] = from[i . fromStrides] over four axes; the addresses are those of the first elements.</summary>
    public static void Run(CudaQueue queue, in Axes4 e, nint from, in Axes4 f, nint to, in Axes4 t)
    {
        ArraysKernels.StridedCopy(queue.Kernels, queue.Stream, LaunchShape.Over((long)e[0] * e[1] * e[2] * e[3]), from, to, 0,
            (int)e[0], (int)e[1], (int)e[2], (int)e[3], f[0], f[1], f[2], f[3], t[0], t[1], t[2], t[3]);
    }
}
