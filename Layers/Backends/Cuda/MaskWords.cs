using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Masks on the device: one bit per unit in NCHW order over the whole batch, in words of 32, as Native/Kernels/relu.cu writes them.</summary>
internal static class MaskWords
{
    /// <summary>Bytes of the words of a mask.</summary>
    public static long Bytes(Shape sample, int samples) => (sample.SampleCount * (long)samples + 31) / 32 * sizeof(uint);

    /// <summary>Bytes of the shared form, which ends with the last bit's byte.</summary>
    public static int RecordBytes(Shape sample, int samples) => checked((int)((sample.SampleCount * (long)samples + 7) / 8));

    /// <summary>Puts the shared form in; bits behind the last unit are cleared by whole words.</summary>
    public static void Import(CudaQueue queue, ReadOnlySpan<byte> record, nint state)
    {
        if (record.Length % sizeof(uint) == 0)
        {
            queue.Upload(record, state);
            return;
        }

        var words = new byte[(record.Length + 3) / sizeof(uint) * sizeof(uint)];
        record.CopyTo(words);
        queue.Upload(words, state);
    }

    /// <summary>A rectifier's rule as Native/Kernels/rules.h numbers them: 1 clamps, 2 masks, 3 does both.</summary>
    public static int Code(BackwardRule rule) => rule.Relu switch { ReluRule.Deconvnet => 1, ReluRule.Gradient => 2, _ => 3 };

    /// <summary>Applies a rectifier's rule to a signal.</summary>
    public static void Gate(CudaQueue queue, Activation signal, nint result, nint mask, int seeds, BackwardRule rule, float lower = 0, nint slopes = 0, long slopeCount = 1)
    {
        ReluKernels.PiecewiseBackward(queue.Kernels, queue.Stream, LaunchShape.OverFours(signal.Shape.Count), signal.Address, result, mask, signal.Shape.N,
            signal.Shape.SampleCount, seeds, Code(rule), lower, slopes, 1, slopeCount);
    }
}
