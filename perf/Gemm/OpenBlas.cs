using System.Runtime.InteropServices;

namespace Preimage.Perf.Gemm;

/// <summary>The functions of OpenBLAS that are measured, as Debian's libopenblas0 exports them.</summary>
internal static unsafe partial class OpenBlas
{
    const string Library = "libopenblas.so.0";

    public const int RowMajor = 101, NoTrans = 111;

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial void cblas_sgemm(
        int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial byte* openblas_get_config();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial byte* openblas_get_corename();
}
