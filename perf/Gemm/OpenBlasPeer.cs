using System.Globalization;
using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Perf.Peers;

namespace Preimage.Perf.Gemm;

/// <summary>OpenBLAS as a peer: a process of its own, because its threads go on spinning after a call. Takes "shape M N K", then runs.</summary>
internal static unsafe class OpenBlasPeer
{
    /// <summary>The command that starts it.</summary>
    public const string Command = "openblas-peer";

    /// <summary>Serves until the input ends.</summary>
    public static int Run()
    {
        string version;
        try
        {
            // "OpenBLAS 0.3.21 DYNAMIC_ARCH ...": the second word; the core says which kernels it took.
            version = Marshal.PtrToStringUTF8((nint)OpenBlas.openblas_get_config())!.Split(' ')[1] + " " + Marshal.PtrToStringUTF8((nint)OpenBlas.openblas_get_corename());
        }
        catch (DllNotFoundException)
        {
            Console.Error.WriteLine("no libopenblas.so.0: perf/peers.sh installs it");
            return 1;
        }

        AlignedBuffer? a = null, b = null, c = null;
        int m = 0, n = 0, k = 0;
        PeerLoop.Serve(version, line =>
        {
            int[] sizes = [.. line.Split(' ')[1..].Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
            (m, n, k) = (sizes[0], sizes[1], sizes[2]);
            a?.Dispose();
            b?.Dispose();
            c?.Dispose();
            a = Values.Drawn(1, (long)m * k);
            b = Values.Drawn(2, (long)k * n);
            c = new AlignedBuffer((long)m * n * sizeof(float));
            return "ok";
        }, () => OpenBlas.cblas_sgemm(OpenBlas.RowMajor, OpenBlas.NoTrans, OpenBlas.NoTrans, m, n, k, 1, a!.Floats, k, b!.Floats, n, 0, c!.Floats, n));
        return 0;
    }
}
