using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Interop.Cuda;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>How a convolution's planes are laid out for cuDNN, which pads both sides alike: as they are, or copied into larger or smaller ones first.</summary>
internal sealed class ConvolutionPlanes
{
    readonly ConvolutionGeometry _g;

    public ConvolutionPlanes(in ConvolutionGeometry geometry)
    {
        _g = geometry;
        bool alike = Reaches(_g.H, _g.PadTop, _g.R, _g.StrideY, _g.DilationY) == _g.OutH && Reaches(_g.W, _g.PadLeft, _g.S, _g.StrideX, _g.DilationX) == _g.OutW
            && _g.PadTop >= 0 && _g.PadLeft >= 0;
        (PadH, PadW, H, W) = alike
            ? (_g.PadTop, _g.PadLeft, _g.H, _g.W)
            : (0, 0, Span(_g.OutH, _g.R, _g.StrideY, _g.DilationY), Span(_g.OutW, _g.S, _g.StrideX, _g.DilationX));
        AreCopied = !alike;
    }

    /// <summary>Whether planes are copied, padding included.</summary>
    public bool AreCopied { get; }

    /// <summary>Rows that cuDNN is to pad with above and below.</summary>
    public int PadH { get; }

    /// <summary>Columns that cuDNN is to pad with left and right.</summary>
    public int PadW { get; }

    /// <summary>Rows of what cuDNN sees.</summary>
    public int H { get; }

    /// <summary>Columns of what cuDNN sees.</summary>
    public int W { get; }

    /// <summary>Bytes of the copies for so many rows of the batch.</summary>
    public long Bytes(int rows) => AreCopied ? CudaBackend.RoundUp((long)rows * _g.C * H * W * sizeof(float)) : 0;

    /// <summary>Copies planes in between zeros.</summary>
    public void In(CudaQueue queue, int rows, nint planes, nint copies)
    {
        queue.Stream.Clear(copies, (long)rows * _g.C * H * W * sizeof(float));
        Move(queue, rows, planes, copies, inwards: true);
    }

    /// <summary>Copies signals of planes back out; pixels that no window sees get +0.</summary>
    public void Out(CudaQueue queue, int rows, nint copies, nint planes)
    {
        queue.Stream.Clear(planes, (long)rows * _g.C * _g.H * _g.W * sizeof(float));
        Move(queue, rows, planes, copies, inwards: false);
    }

    void Move(CudaQueue queue, int rows, nint planes, nint copies, bool inwards)
    {
        (int top, int left) = (Math.Max(0, -_g.PadTop), Math.Max(0, -_g.PadLeft));
        (int toTop, int toLeft) = (Math.Max(0, _g.PadTop), Math.Max(0, _g.PadLeft));
        (int high, int wide) = (Math.Min(_g.H - top, H - toTop), Math.Min(_g.W - left, W - toLeft));
        if (high < 1 || wide < 1)
            return;
        Axes4 extents = new(), plain = new(), copied = new();
        (extents[0], extents[1], extents[2], extents[3]) = (1, (nint)rows * _g.C, high, wide);
        (plain[1], plain[2], plain[3]) = ((nint)_g.H * _g.W, _g.W, 1);
        (copied[1], copied[2], copied[3]) = ((nint)H * W, W, 1);
        nint at = planes + ((nint)top * _g.W + left) * sizeof(float), there = copies + ((nint)toTop * W + toLeft) * sizeof(float);
        if (inwards)
            StridedCopies.Run(queue, extents, at, plain, there, copied);
        else
            StridedCopies.Run(queue, extents, there, copied, at, plain);
    }

    /// <summary>Outputs that cuDNN makes with the same padding on both sides.</summary>
    static int Reaches(int extent, int pad, int taps, int stride, int dilation) => Math.Max(-1, extent + 2 * pad - (dilation * (taps - 1) + 1)) / stride + 1;

    /// <summary>What so many windows see.</summary>
    static int Span(int outputs, int taps, int stride, int dilation) => (outputs - 1) * stride + dilation * (taps - 1) + 1;
}
