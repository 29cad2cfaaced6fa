using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>Convolutions through the wrappers: forward against loops, the gradients as adjoints of it, what algorithms are offered.</summary>
public sealed class DnnConvolutionTests : DnnTest
{
    const int N = 2, C = 4, H = 6, W = 7, K = 6, R = 3, S = 2, Groups = 2;
    const int PadH = 1, PadW = 2, StrideH = 2, StrideW = 1, DilationH = 1, DilationW = 2;
    const int OutH = (H + 2 * PadH - R) / StrideH + 1, OutW = (W + 2 * PadW - DilationW * (S - 1) - 1) / StrideW + 1;
    const int XCount = N * C * H * W, WCount = K * (C / Groups) * R * S, YCount = N * K * OutH * OutW;

    readonly TensorDescriptor _x, _y, _bias;
    readonly FilterDescriptor _w;
    readonly ConvolutionDescriptor _convolution;

    // Behind the base's constructor, which starts the machine.
    public DnnConvolutionTests()
    {
        _x = new TensorDescriptor(N, C, H, W);
        _y = new TensorDescriptor(N, K, OutH, OutW);
        _bias = new TensorDescriptor(1, K, 1, 1);
        _w = new FilterDescriptor(K, C / Groups, R, S);
        _convolution = new ConvolutionDescriptor(PadH, PadW, StrideH, StrideW, DilationH, DilationW, Groups);
    }

    public override void Dispose()
    {
        foreach (NativeHandle handle in (NativeHandle[])[_x, _y, _bias, _w, _convolution]) handle.Dispose();
        base.Dispose();
    }

    [Fact]
    public void Forward_IsThatOfTheLoops()
    {
        float[] x = Drawn(XCount), w = Drawn(WCount), y = Drawn(YCount);
        nint dy = On(y);
        var choice = Choose(Dnn.ForwardChoices(_x, _w, _convolution, _y), out nint workspace);
        Assert.Equal(choice.WorkspaceBytes, Dnn.ForwardWorkspace(_x, _w, _convolution, _y, choice.Algorithm));
        using var current = Context.MakeCurrent();
        Dnn.Convolve(_x, On(x), _w, On(w), _convolution, choice.Algorithm, workspace, choice.WorkspaceBytes, _y, dy, alpha: 2, beta: 3);
        double[] expected = Loops(x, w);
        float[] actual = Back(dy, YCount);
        for (int i = 0; i < YCount; i++) Assert.Equal(2 * expected[i] + 3 * y[i], actual[i], 2e-6);
    }

    [Fact]
    public void Fused_AddsBiasAndAddendAndCuts()
    {
        float[] x = Drawn(XCount), w = Drawn(WCount), bias = Drawn(K), z = Drawn(YCount);
        nint dy = On(new float[YCount]);
        using var relu = new ReluDescriptor();
        var choice = Choose(Dnn.ForwardChoices(_x, _w, _convolution, _y), out nint workspace);
        using var current = Context.MakeCurrent();
        Dnn.ConvolveBiasActivate(
            _x, On(x), _w, On(w), _convolution, choice.Algorithm, workspace, choice.WorkspaceBytes, _y, On(z), 0.5f, _bias, On(bias), relu, _y, dy);
        double[] expected = Loops(x, w);
        float[] actual = Back(dy, YCount);
        for (int i = 0; i < YCount; i++) Assert.Equal(Math.Max(0, expected[i] + 0.5 * z[i] + bias[i / (OutH * OutW) % K]), actual[i], 2e-6);
    }

    [Fact]
    public void Gradients_AreAdjoints()
    {
        float[] x = Drawn(XCount), w = Drawn(WCount), dy = Drawn(YCount);
        nint deviceX = On(x), deviceW = On(w), deviceDy = On(dy), dx = On(new float[XCount]), dw = On(new float[WCount]);
        double expected = Loops(x, w).Zip(dy, (a, b) => a * b).Sum();
        using var current = Context.MakeCurrent();
        var data = Choose(Dnn.BackDataChoices(_w, _y, _convolution, _x), out nint dataWorkspace);
        Assert.Equal(data.WorkspaceBytes, Dnn.BackDataWorkspace(_w, _y, _convolution, _x, data.Algorithm));
        Dnn.ConvolveBackData(_w, deviceW, _y, deviceDy, _convolution, data.Algorithm, dataWorkspace, data.WorkspaceBytes, _x, dx);
        Assert.Equal(expected, Dot(x, Back(dx, XCount)), 1e-4);
        var filter = Choose(Dnn.BackFilterChoices(_x, _y, _convolution, _w), out nint filterWorkspace);
        Assert.Equal(filter.WorkspaceBytes, Dnn.BackFilterWorkspace(_x, _y, _convolution, _w, filter.Algorithm));
        Dnn.ConvolveBackFilter(_x, deviceX, _y, deviceDy, _convolution, filter.Algorithm, filterWorkspace, filter.WorkspaceBytes, _w, dw);
        Assert.Equal(expected, Dot(w, Back(dw, WCount)), 1e-4);
    }

    [Fact]
    public void Timing_OffersWhatRuns()
    {
        nint x = On(Drawn(XCount)), w = On(Drawn(WCount)), y = On(new float[YCount]), workspace = On(new float[1 << 16]);
        using var current = Context.MakeCurrent();
        Assert.NotEmpty(Dnn.TimeForward(_x, x, _w, w, _convolution, _y, y, workspace, 4 << 16));
        Assert.NotEmpty(Dnn.TimeBackData(_w, w, _y, y, _convolution, _x, x, workspace, 4 << 16));
        Assert.NotEmpty(Dnn.TimeBackFilter(_x, x, _y, y, _convolution, _w, w, workspace, 4 << 16));
    }

    [Fact]
    public void TooSmallAWorkspace_IsNamed()
    {
        var choice = Dnn.ForwardChoices(_x, _w, _convolution, _y).First(c => c.WorkspaceBytes > 0);
        nint x = On(Drawn(XCount)), w = On(Drawn(WCount)), y = On(new float[YCount]);
        using var current = Context.MakeCurrent();
        var error = Assert.Throws<CudaException>(() => Dnn.Convolve(_x, x, _w, w, _convolution, choice.Algorithm, 0, 0, _y, y));
        Assert.InRange(error.Code, 2000, 3999);
        Assert.StartsWith("CUDNN_STATUS_", error.Name);
        Assert.StartsWith("cudnnConvolutionForward(", error.Call);
    }

    [Fact]
    public void Convolution_AllocatesNothing_AndMayBeCaptured()
    {
        nint x = On(Drawn(XCount)), w = On(Drawn(WCount)), y = On(new float[YCount]);
        var choice = Choose(Dnn.ForwardChoices(_x, _w, _convolution, _y), out nint workspace);
        using var current = Context.MakeCurrent();
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Stream.Synchronize();
        using var capture = CudaGraph.Capture(Stream);
        Run();
        using var graph = capture.Finish();
        Assert.Equal(1, graph.Nodes);

        void Run() => Dnn.Convolve(_x, x, _w, w, _convolution, choice.Algorithm, workspace, choice.WorkspaceBytes, _y, y);
    }

    [Fact]
    public void RefusedDescriptor_IsNamedAndLeavesNothing()
    {
        int before = NativeHandle.Outstanding;
        var error = Assert.Throws<CudaException>(() => new TensorDescriptor(1, 0, 2, 3));
        Assert.Equal("cudnnSetTensor4dDescriptor(1, 0, 2, 3)", error.Call);
        Assert.InRange(error.Code, 2000, 2999);
        Assert.Throws<CudaException>(() => new ConvolutionDescriptor(0, 0, 0, 1));
        Simulator.Fault("cudnnCreate", 1001);
        Assert.Throws<CudaException>(() => new DnnHandle(Stream));
        Assert.Equal(before, NativeHandle.Outstanding);
        Assert.True(DnnHandle.Version >= 90000);
    }

    ConvolutionChoice Choose(List<ConvolutionChoice> choices, out nint workspace)
    {
        var choice = choices.First(c => c.IsDeterministic == true);
        _convolution.Math = choice.Math;
        workspace = choice.WorkspaceBytes == 0 ? 0 : On(new float[(choice.WorkspaceBytes + 3) / 4]);
        return choice;
    }

    static double[] Loops(float[] x, float[] w)
    {
        var y = new double[YCount];
        for (int i = 0; i < YCount; i++)
        {
            int column = i % OutW, row = i / OutW % OutH, k = i / (OutW * OutH) % K, n = i / (OutW * OutH * K);
            for (int c = 0; c < C / Groups; c++)
            {
                for (int tap = 0; tap < R * S; tap++)
                {
                    int at = row * StrideH - PadH + tap / S * DilationH, left = column * StrideW - PadW + tap % S * DilationW;
                    if (at is < 0 or >= H || left is < 0 or >= W) continue;
                    int channel = k / (K / Groups) * (C / Groups) + c;
                    y[i] += (double)x[((n * C + channel) * H + at) * W + left] * w[(k * (C / Groups) + c) * R * S + tap];
                }
            }
        }
        return y;
    }
}
