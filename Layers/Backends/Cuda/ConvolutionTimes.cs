using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Times what cuDNN has for one computation of a convolution, in memory of its own that is given back at once.</summary>
internal static class ConvolutionTimes
{
    /// <summary>Algorithms by their time, the fastest first.</summary>
    /// <param name="stream">The stream of <paramref name="dnn"/>.</param>
    /// <param name="dnn">cuDNN.</param>
    /// <param name="g">The convolution.</param>
    /// <param name="planes">The planes as cuDNN sees them.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="kind">The computation.</param>
    /// <param name="x">The descriptor of what the convolution reads.</param>
    /// <param name="w">The descriptor of its filters.</param>
    /// <param name="convolution">Its geometry and arithmetic.</param>
    /// <param name="y">The descriptor of what it writes.</param>
    /// <param name="workspace">Bytes of workspace to grant.</param>
    public static List<ConvolutionChoice> Of(
        CudaStream stream, DnnHandle dnn, in ConvolutionGeometry g, ConvolutionPlanes planes, int rows, ConvolutionPassKind kind,
        TensorDescriptor x, FilterDescriptor w, ConvolutionDescriptor convolution, TensorDescriptor y, long workspace)
    {
        using DeviceMemory input = Filled(stream, (long)rows * g.C * planes.H * planes.W), filters = Filled(stream, (long)g.K * (g.C / g.Groups) * g.R * g.S),
            output = Filled(stream, (long)rows * g.K * g.OutH * g.OutW), scratch = new DeviceMemory(stream.Context, workspace);
        return kind switch
        {
            ConvolutionPassKind.Forward => dnn.TimeForward(x, input.Handle, w, filters.Handle, convolution, y, output.Handle, scratch.Handle, workspace),
            ConvolutionPassKind.Data => dnn.TimeBackData(w, filters.Handle, y, output.Handle, convolution, x, input.Handle, scratch.Handle, workspace),
            _ => dnn.TimeBackFilter(x, input.Handle, y, output.Handle, convolution, w, filters.Handle, scratch.Handle, workspace),
        };
    }

    // Ordinary numbers: zeros draw less power, and a clock that may rise for them would flatter.
    static DeviceMemory Filled(CudaStream stream, long count)
    {
        var memory = new DeviceMemory(stream.Context, count * sizeof(float));
        stream.Fill(memory.Handle, 0.71f, count);
        return memory;
    }
}
