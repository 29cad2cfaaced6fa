using System.Diagnostics;
using Preimage.Interop.Cuda;
using Preimage.Layers.Backends.Cuda;

namespace Preimage.Perf.Gpu;

/// <summary>Prints what cuBLAS does that its manual leaves open: whether float32 stays float32 in each arithmetic, and what a dense layer of one row costs.</summary>
internal static class ProductProbe
{
    /// <summary>Large enough for tensor cores.</summary>
    const int Extent = 512;

    /// <summary>A dense layer of AlexNet.</summary>
    const int Inputs = 9216, Outputs = 4096, Runs = 50;

    public static void Print(StreamHandles handles)
    {
        using CurrentContext current = handles.Stream.Context.MakeCurrent();
        foreach (BlasMath math in Enum.GetValues<BlasMath>())
            Console.WriteLine($"- cuBLAS, {math}: {(Rounds(handles, math) ? "rounds factors of more than 10 bits of fraction" : "keeps float32")}");
        handles.Blas.Math = BlasMath.Default;
        if (CudaLibraries.IsSimulator)
            return;
        using DeviceMemory matrix = Filled(handles, (long)Inputs * Outputs, 0.5f), x = Filled(handles, Inputs, 0.5f), y = Filled(handles, Outputs, 0);
        double product = Milliseconds(handles, () => handles.Blas.Multiply(true, false, Outputs, 1, Inputs, 1, matrix.Handle, Inputs, x.Handle, Inputs, 0, y.Handle, Outputs));
        double vector = Milliseconds(handles, () => handles.Blas.MultiplyVector(true, Inputs, Outputs, 1, matrix.Handle, Inputs, x.Handle, 1, 0, y.Handle, 1));
        Console.WriteLine($"- one row through {Inputs} x {Outputs}: {product:F3} ms as a product of matrices, {vector:F3} ms as one with a vector; {matrix.Bytes / 1e6:F0} MB are read");
    }

    /// <summary>Whether the product of 1 + 2^-11 and 1 lost what 10 bits of fraction do not hold.</summary>
    static bool Rounds(StreamHandles handles, BlasMath math)
    {
        const float fine = 1 + 1f / 2048;
        using DeviceMemory a = Filled(handles, Extent * Extent, fine), b = Filled(handles, Extent * Extent, 1), c = Filled(handles, Extent * Extent, 0);
        handles.Blas.Math = math;
        handles.Blas.Multiply(false, false, Extent, Extent, Extent, 1, a.Handle, Extent, b.Handle, Extent, 0, c.Handle, Extent);
        Span<float> first = stackalloc float[1];
        handles.Stream.Download(first, c.Handle);
        return Math.Abs(first[0] - Extent * fine) > Extent / 8192f;
    }

    static DeviceMemory Filled(StreamHandles handles, long count, float value)
    {
        var memory = new DeviceMemory(handles.Stream.Context, count * sizeof(float));
        handles.Stream.Fill(memory.Handle, value, count);
        return memory;
    }

    static double Milliseconds(StreamHandles handles, Action once)
    {
        once();
        handles.Stream.Synchronize();
        var clock = Stopwatch.StartNew();
        for (int run = 0; run < Runs; run++)
            once();
        handles.Stream.Synchronize();
        return clock.Elapsed.TotalMilliseconds / Runs;
    }
}
