// Matrix products: column-major, summed in double in order of k, rounded once.
#include "Blas/handle.h"

using namespace cusim;

namespace {

struct Gemm {
    bool transA, transB;
    long long m, n, k;
    const float* a;
    long long lda, strideA;
    const float* b;
    long long ldb, strideB;
    float* c;
    long long ldc, strideC;
    int batch;
    Factor alpha, beta;
};

// Columns of op(A) are walked contiguously and their multiples added to one column of C, kept in double.
void run(const Gemm& g, const float* a, const float* b, float* c) {
    const double alpha = g.alpha.value(), beta = g.beta.value();
    const long long stepRow = g.transA ? g.lda : 1, stepK = g.transA ? 1 : g.lda;
    std::vector<double> sums(static_cast<std::size_t>(g.m));
    for (long long j = 0; j < g.n; j++) {
        const float* const bj = g.transB ? b + j : b + j * g.ldb;
        const long long stepB = g.transB ? g.ldb : 1;
        if (alpha == 0) {
            sums.assign(sums.size(), 0.0);
        } else if (g.transA) {
            for (long long i = 0; i < g.m; i++) {
                double sum = 0;
                for (long long p = 0; p < g.k; p++) { sum += static_cast<double>(a[i * stepRow + p]) * bj[p * stepB]; }
                sums[i] = sum;
            }
        } else {
            sums.assign(sums.size(), 0.0);
            for (long long p = 0; p < g.k; p++) {
                const double factor = bj[p * stepB];
                const float* const column = a + p * stepK;
                for (long long i = 0; i < g.m; i++) { sums[i] += column[i] * factor; }
            }
        }
        float* const cj = c + j * g.ldc;
        for (long long i = 0; i < g.m; i++) {
            cj[i] = static_cast<float>(beta == 0 ? alpha * sums[i] : alpha * sums[i] + beta * cj[i]);
        }
    }
}

int gemm(BlasCall& call, const char* name, int opA, int opB, Gemm g, const float* alpha, const float* beta) {
    if (!is_operation(opA) || !is_operation(opB) || g.m < 0 || g.n < 0 || g.k < 0 || g.batch < 0) { return BlasInvalidValue; }
    g.transA = opA != 0;
    g.transB = opB != 0;
    const long long rowsA = g.transA ? g.k : g.m, rowsB = g.transB ? g.n : g.k;
    const auto at_least = [](long long rows) { return rows > 1 ? rows : 1; };
    if (g.lda < at_least(rowsA) || g.ldb < at_least(rowsB) || g.ldc < at_least(g.m)) { return BlasInvalidValue; }
    std::vector<Range> ranges;
    if (!take_factor(*call.handle, alpha, g.alpha, ranges) || !take_factor(*call.handle, beta, g.beta, ranges)) { return BlasInvalidValue; }
    if (g.m == 0 || g.n == 0 || g.batch == 0) { return BlasSuccess; }
    if (!g.c || (g.k > 0 && (!g.a || !g.b))) { return BlasInvalidValue; }
    for (int i = 0; i < g.batch; i++) {
        if (g.k > 0) {
            ranges.push_back(matrix(g.a + i * g.strideA, rowsA, g.transA ? g.m : g.k, g.lda));
            ranges.push_back(matrix(g.b + i * g.strideB, rowsB, g.transB ? g.k : g.n, g.ldb));
        }
        ranges.push_back(matrix(g.c + i * g.strideC, g.m, g.n, g.ldc));
    }
    return queue_blas(*call.handle, name, std::move(ranges), [g] {
        for (int i = 0; i < g.batch; i++) { run(g, g.a + i * g.strideA, g.b + i * g.strideB, g.c + i * g.strideC); }
    });
}

}  // namespace

CUSIM_API int cublasSgemm_v2(void* handle, int opA, int opB, int m, int n, int k, const float* alpha, const float* a, int lda,
    const float* b, int ldb, const float* beta, float* c, int ldc) {
    BlasCall call("cublasSgemm_v2", handle);
    if (call.code) { return call.code; }
    return gemm(call, "cublasSgemm_v2", opA, opB, Gemm{false, false, m, n, k, a, lda, 0, b, ldb, 0, c, ldc, 0, 1, {}, {}}, alpha, beta);
}

CUSIM_API int cublasSgemmStridedBatched(void* handle, int opA, int opB, int m, int n, int k, const float* alpha, const float* a,
    int lda, long long strideA, const float* b, int ldb, long long strideB, const float* beta, float* c, int ldc,
    long long strideC, int batch) {
    BlasCall call("cublasSgemmStridedBatched", handle);
    if (call.code) { return call.code; }
    return gemm(call, "cublasSgemmStridedBatched", opA, opB,
        Gemm{false, false, m, n, k, a, lda, strideA, b, ldb, strideB, c, ldc, strideC, batch, {}, {}}, alpha, beta);
}
