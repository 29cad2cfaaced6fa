using Preimage.Interop.Cuda;
using Preimage.Tests.Shared.Cuda;

namespace Preimage.Interop.Tests.Handles;

/// <summary>cuBLAS against loops over double, in every transposition and with odd leading extents.</summary>
public sealed class BlasTests : CudaTest
{
    const int M = 5, N = 7, K = 3, Batch = 2;

    readonly CudaContext _context;
    readonly CudaStream _stream;
    readonly BlasHandle _blas;
    readonly Random _random = new(7);

    public BlasTests()
    {
        _context = CudaContext.Primary();
        _stream = new CudaStream(_context);
        _blas = new BlasHandle(_stream, 1 << 16);
    }

    public override void Dispose()
    {
        _blas.Dispose();
        _stream.Dispose();
        _context.Dispose();
        base.Dispose();
    }

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public void Products_AreThoseOfTheLoops(bool transposeA, bool transposeB)
    {
        int lda = (transposeA ? K : M) + 1, ldb = (transposeB ? N : K) + 2, ldc = M + 3;
        int strideA = lda * (transposeA ? M : K), strideB = ldb * (transposeB ? K : N), strideC = ldc * N;
        float[] a = Drawn(strideA * Batch), b = Drawn(strideB * Batch), c = Drawn(strideC * Batch);
        using DeviceMemory da = On(a), db = On(b), dc = On(c);
        using var current = _context.MakeCurrent();
        for (int which = 0; which < 2; which++)
        {
            _stream.Upload<float>(dc.Handle, c);
            int matrices = which == 1 ? Batch : 1;
            if (which == 0) _blas.Multiply(transposeA, transposeB, M, N, K, 0.5f, da.Handle, lda, db.Handle, ldb, 2, dc.Handle, ldc);
            if (which == 1) _blas.MultiplyBatch(transposeA, transposeB, M, N, K, 0.5f, da.Handle, lda, strideA, db.Handle, ldb, strideB, 2, dc.Handle, ldc, strideC, Batch);
            float[] back = new float[c.Length];
            _stream.Download<float>(back, dc.Handle);
            for (int i = 0; i < c.Length; i++)
            {
                int matrix = i / strideC, row = i % ldc, column = i % strideC / ldc;
                double expected = c[i];
                if (row < M && matrix < matrices)
                {
                    expected *= 2;
                    for (int k = 0; k < K; k++)
                    {
                        expected += 0.5 * a[matrix * strideA + (transposeA ? row * lda + k : k * lda + row)]
                            * b[matrix * strideB + (transposeB ? k * ldb + column : column * ldb + k)];
                    }
                }
                Assert.Equal(expected, back[i], 5e-7);
            }
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Vectors_AreThoseOfTheLoops(bool transpose)
    {
        float[] a = Drawn(M * N), x = Drawn(2 * N);
        using DeviceMemory da = On(a), dx = On(x), dy = On(new float[M * N]);
        using var current = _context.MakeCurrent();
        _blas.MultiplyVector(transpose, M, N, 2, da.Handle, M, dx.Handle, 2, 0, dy.Handle, 1);
        float[] y = new float[transpose ? N : M];
        _stream.Download<float>(y, dy.Handle);
        for (int i = 0; i < y.Length; i++)
        {
            double expected = 0;
            for (int k = 0; k < (transpose ? M : N); k++) expected += 2.0 * x[2 * k] * (transpose ? a[i * M + k] : a[k * M + i]);
            Assert.Equal(expected, y[i], 1e-6);
        }
    }

    [Fact]
    public void Workspace_IsSetAgainBehindEveryStream()
    {
        using var other = new CudaStream(_context);
        _blas.SetStream(other);
        string[] log = [.. Simulator.Log().Split('\n').Select(l => l.Split(' ')[^1]).Where(e => e.StartsWith("cublasSet", StringComparison.Ordinal))];
        Assert.Equal(["cublasSetPointerMode_v2", "cublasSetAtomicsMode", "cublasSetStream_v2", "cublasSetWorkspace_v2", "cublasSetStream_v2", "cublasSetWorkspace_v2"], log);
        _blas.Math = BlasMath.Tf32;
        _blas.Math = BlasMath.Default;
        Assert.Equal(2, Simulator.Calls("cublasSetMathMode"));
    }

    [Theory, InlineData("cublasCreate_v2", 3), InlineData("cublasSetAtomicsMode", 1), InlineData("cublasSetWorkspace_v2", 7)]
    public void FailingCreation_LeavesNothing(string entry, int code)
    {
        int before = NativeHandle.Outstanding;
        Simulator.Fault(entry, code);
        var error = Assert.Throws<CudaException>(() => new BlasHandle(_stream));
        Assert.Equal(code, error.Code);
        Assert.StartsWith("CUBLAS_STATUS_", error.Name);
        Assert.StartsWith(entry, error.Call);
        Assert.Equal(before, NativeHandle.Outstanding);
    }

    [Fact]
    public void RefusedProduct_IsNamed()
    {
        using var memory = On(new float[4]);
        using var current = _context.MakeCurrent();
        var error = Assert.Throws<CudaException>(() => _blas.Multiply(false, false, 2, 2, 2, 1, memory.Handle, 1, memory.Handle, 2, 0, memory.Handle, 2));
        Assert.Equal("CUBLAS_STATUS_INVALID_VALUE", error.Name);
        Assert.Equal(7, error.Code);
    }

    [Fact]
    public void Products_AllocateNothing_AndMayBeCaptured()
    {
        using DeviceMemory a = On(Drawn(16)), c = On(new float[16]);
        using var current = _context.MakeCurrent();
        Product();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) Product();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        using var capture = CudaGraph.Capture(_stream);
        Product();
        using var graph = capture.Finish();
        Assert.Equal(1, graph.Nodes);

        void Product() => _blas.Multiply(false, false, 4, 4, 4, 1, a.Handle, 4, a.Handle, 4, 0, c.Handle, 4);
    }

    float[] Drawn(int count) => [.. Enumerable.Range(0, count).Select(_ => _random.NextSingle() - 0.5f)];

    DeviceMemory On(float[] values)
    {
        var memory = new DeviceMemory(_context, 4 * values.Length);
        _stream.Upload<float>(memory.Handle, values);
        return memory;
    }
}
