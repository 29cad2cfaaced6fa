using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Gemm;

/// <summary>Matrix products, both matrices row-major and packed on the way, beside OpenBLAS.</summary>
internal sealed class GemmSuite(SuiteOptions options)
{
    public IEnumerable<Row> Run()
    {
        foreach (int threads in options.Threads)
        {
            using PeerProcess blas = PeerProcess.StartOwn("OpenBLAS", threads, OpenBlasPeer.Command);
            foreach (GemmShape shape in GemmShape.All.Where(s => options.Cases.Count > 0 ? options.Wants(s.Name) : s.Quick || !options.Quick))
                yield return Measure(shape, threads, blas);
        }
    }

    unsafe Row Measure(GemmShape shape, int threads, PeerProcess blas)
    {
        var execution = new Execution(IsaChoice.Default, threads);
        using AlignedBuffer a = Values.Drawn(1, (long)shape.M * shape.K), b = Values.Drawn(2, (long)shape.K * shape.N);
        using var c = new AlignedBuffer(sizeof(float) * (long)shape.M * shape.N);
        using var scratch = new AlignedBuffer(MatrixMultiplication.ScratchBytes(execution));
        void Once() => MatrixMultiplication.Run(execution, shape.M, shape.N, shape.K, MatrixView.Rows(a.Floats, shape.K), MatrixView.Rows(b.Floats, shape.N),
            c.Floats, shape.N, 1, null, false, scratch.Address);
        if (blas.IsPresent)
            blas.Ask($"shape {shape.M} {shape.N} {shape.K}");
        Timing?[] times = Turns.Take(options, Turns.Of(Once), blas.Side);
        return Row.Of(options, "gemm", $"{shape}", 1, threads, (double)shape.M * shape.N * shape.K, times[0]!, blas.Name, blas.Version, times[1]);
    }
}
