#include <cstring>
#include "selftest/libraries.h"

namespace {

struct Blas : Machine {
    Blas() {
        OK(cublasCreate_v2(&handle));
        OK(cublasSetStream_v2(handle, stream));
    }
    Handle handle = nullptr;
};

constexpr int N = 0, T = 1;

}  // namespace

TEST(blas_handles) {
    Handle handle;
    EQUAL(cublasCreate_v2(&handle), 1);
    Blas blas;
    EQUAL(cublasSetMathMode(blas.handle, 5), 7);
    OK(cublasSetMathMode(blas.handle, 2 | 16));
    OK(cublasSetAtomicsMode(blas.handle, 0));
    EQUAL(cublasSetStream_v2(blas.stream, blas.stream), 1);
    EQUAL(cublasSetStream_v2(blas.handle, blas.handle), 7);
    EQUAL(cublasSetWorkspace_v2(blas.handle, unread(64) + 1, 128), 7);
    OK(cublasSetWorkspace_v2(blas.handle, unread(64), 256));
    CHECK(std::strcmp(cublasGetStatusName(7), "CUBLAS_STATUS_INVALID_VALUE") == 0);
    EQUAL(cusim_live(CUSIM_BLAS_HANDLES), 1);
    OK(cublasDestroy_v2(blas.handle));
    EQUAL(cublasDestroy_v2(blas.handle), 1);
    EQUAL(cusim_live(CUSIM_BLAS_HANDLES), 0);
}

// A = [1 3; 2 4] (columns 1,2 and 3,4), B = [5 7; 6 8]: AB = [23 31; 34 46].
TEST(gemm_by_hand) {
    Blas blas;
    float *a = on_device({1, 2, 3, 4}), *b = on_device({5, 6, 7, 8}), *c = unread(4);
    OK(cublasSgemm_v2(blas.handle, N, N, 2, 2, 2, &One, a, 2, b, 2, &Zero, c, 2));
    EQUAL(cusim_pending(), 1);
    SAME(result(blas, c, 4), ({23, 34, 31, 46}));
    OK(cublasSgemm_v2(blas.handle, T, N, 2, 2, 2, &Two, a, 2, b, 2, &Half, c, 2));  // A'B = [17 23; 39 53]
    SAME(result(blas, c, 4), ({45.5f, 95, 61.5f, 129}));
    OK(cublasSgemm_v2(blas.handle, N, T, 2, 2, 2, &One, a, 2, b, 2, &Zero, c, 2));  // AB' = [26 30; 38 44]
    SAME(result(blas, c, 4), ({26, 38, 30, 44}));
    // alpha = 0 reads neither; k = 0 scales C.
    OK(cublasSgemm_v2(blas.handle, N, N, 2, 2, 2, &Zero, unread(4), 2, unread(4), 2, &Two, c, 2));
    SAME(result(blas, c, 4), ({52, 76, 60, 88}));
    OK(cublasSgemm_v2(blas.handle, N, N, 2, 2, 0, &One, nullptr, 2, nullptr, 1, &Half, c, 2));
    SAME(result(blas, c, 4), ({26, 38, 30, 44}));
}

TEST(gemm_arguments) {
    Blas blas;
    float* m = unread(16);
    const auto gemm = [&](int opA, int opB, int rows, int columns, int k, int lda, int ldb, int ldc) {
        return cublasSgemm_v2(blas.handle, opA, opB, rows, columns, k, &One, m, lda, m, ldb, &Zero, m, ldc);
    };
    EQUAL(gemm(N, N, 3, 2, 4, 2, 4, 3), 7);
    EQUAL(gemm(N, N, 3, 2, 4, 3, 3, 3), 7);
    EQUAL(gemm(N, N, 3, 2, 4, 3, 4, 2), 7);
    EQUAL(gemm(T, N, 3, 2, 4, 3, 4, 3), 7);
    EQUAL(gemm(3, N, 3, 2, 4, 3, 4, 3), 7);
    EQUAL(gemm(N, N, -1, 2, 4, 3, 4, 3), 7);
    OK(gemm(N, N, 0, 2, 4, 1, 4, 1));
    EQUAL(cublasSgemm_v2(nullptr, N, N, 1, 1, 1, &One, m, 1, m, 1, &Zero, m, 1), 1);
    EQUAL(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, nullptr, m, 1, m, 1, &Zero, m, 1), 7);
    // An address that is no device memory fails when it runs.
    float host[4] = {};
    OK(cublasSgemm_v2(blas.handle, N, N, 2, 2, 2, &One, host, 2, m, 2, &Zero, m, 2));
    EQUAL(cuStreamSynchronize(blas.stream), 700);
    EQUAL(gemm(N, N, 1, 1, 1, 1, 1, 1), 13);
}

TEST(gemm_batches_and_device_factors) {
    Blas blas;
    float *a = on_device({1, 2, 3}), *b = on_device({10}), *c = unread(3), *factors = on_device({2, 0});
    OK(cublasSgemmStridedBatched(blas.handle, N, N, 1, 1, 1, &One, a, 1, 1, b, 1, 0, &Zero, c, 1, 1, 3));
    SAME(result(blas, c, 3), ({10, 20, 30}));
    OK(cublasSetPointerMode_v2(blas.handle, 1));
    OK(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, factors, a, 1, b, 1, factors + 1, c, 1));
    SAME(result(blas, c, 1), ({20}));
}

TEST(gemv) {
    Blas blas;
    float *a = on_device({1, 2, 3, 4, 5, 6}), *x = on_device({1, 10, 100}), *y = unread(3);  // 2 x 3
    OK(cublasSgemv_v2(blas.handle, N, 2, 3, &One, a, 2, x, 1, &Zero, y, 1));
    SAME(result(blas, y, 2), ({531, 642}));
    OK(cublasSgemv_v2(blas.handle, T, 2, 3, &One, a, 2, x, -1, &Zero, y, 1));  // x = (10, 1)
    SAME(result(blas, y, 3), ({12, 34, 56}));
    EQUAL(cublasSgemv_v2(blas.handle, N, 2, 3, &One, a, 1, x, 1, &Zero, y, 1), 7);
    EQUAL(cublasSgemv_v2(blas.handle, N, 2, 3, &One, a, 2, x, 0, &Zero, y, 1), 7);
}

TEST(blas_is_captured_and_set_stream_forgets_the_workspace) {
    Blas blas;
    float *a = on_device({3}), *c = unread(1);
    OK(cublasSetWorkspace_v2(blas.handle, unread(64), 256));
    const auto capture = [&] {
        Handle graph = nullptr, exec = nullptr;
        OK(cuStreamBeginCapture_v2(blas.stream, 1));
        OK(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, &Two, a, 1, a, 1, &Zero, c, 1));
        OK(cuStreamEndCapture(blas.stream, &graph));
        OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
        return exec;
    };
    Handle exec = capture();
    CHECK(!report_contains("captured without a workspace"));
    write_now(reinterpret_cast<Address>(a), 4.0f);
    OK(cuGraphLaunch(exec, blas.stream));
    SAME(result(blas, c, 1), ({32}));
    OK(cublasSetStream_v2(blas.handle, blas.stream));
    capture();
    CHECK(report_contains("cublasSgemm_v2 was captured without a workspace"));
    OK(cuStreamBeginCapture_v2(blas.stream, 1));
    Handle second, graph;
    EQUAL(cublasCreate_v2(&second), 3);
    EQUAL(cuStreamEndCapture(blas.stream, &graph), 901);
}

TEST(blas_workspace_must_live) {
    Blas blas;
    float *m = on_device({1}), *workspace = unread(64);
    OK(cublasSetWorkspace_v2(blas.handle, workspace, 256));
    OK(cuMemFree_v2(reinterpret_cast<Address>(workspace)));
    OK(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, &One, m, 1, m, 1, &Zero, m, 1));
    EQUAL(cuStreamSynchronize(blas.stream), 700);
}

TEST(blas_faults_have_their_own_codes) {
    Blas blas;
    float* m = on_device({1});
    cusim_fault("cublasSgemm_v2", 1, 14);
    EQUAL(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, &One, m, 1, m, 1, &Zero, m, 1), 14);
    EQUAL(cusim_fault_fired("cublasSgemm_v2"), 1);
    OK(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, &One, m, 1, m, 1, &Zero, m, 1));
    cusim_fault_late("cublasSgemm_v2", 1, 719);
    OK(cublasSgemm_v2(blas.handle, N, N, 1, 1, 1, &One, m, 1, m, 1, &Zero, m, 1));
    EQUAL(cuStreamSynchronize(blas.stream), 719);
}
