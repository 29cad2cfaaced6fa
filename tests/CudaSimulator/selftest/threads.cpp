#include <thread>
#include "selftest/libraries.h"

// Each thread has its context stack, stream, handle and memory; the results are its own.
TEST(threads_do_not_disturb_each_other) {
    Machine machine;
    std::vector<std::thread> threads;
    for (int number = 1; number <= 4; number++) {
        threads.emplace_back([&machine, number] {
            OK(cuCtxSetCurrent(machine.context));
            Handle stream, handle;
            OK(cuStreamCreate(&stream, 1));
            OK(cublasCreate_v2(&handle));
            OK(cublasSetStream_v2(handle, stream));
            for (int i = 0; i < 100; i++) {
                const float own = static_cast<float>(number * 1000 + i);
                float got = 0, source = own;
                Address a, c;
                OK(cuMemAllocAsync(&a, 4, stream));
                OK(cuMemAlloc_v2(&c, 4));
                OK(cuMemcpyHtoDAsync_v2(a, &source, 4, stream));
                const auto *from = reinterpret_cast<const float*>(a);
                OK(cublasSgemm_v2(handle, 0, 0, 1, 1, 1, &Two, from, 1, from, 1, &Zero, reinterpret_cast<float*>(c), 1));
                OK(cuMemFreeAsync(a, stream));
                OK(cuMemcpyDtoHAsync_v2(&got, c, 4, stream));
                OK(cuStreamSynchronize(stream));
                EQUAL(got, 2 * own * own);
                OK(cuMemFree_v2(c));
            }
            OK(cublasDestroy_v2(handle));
            OK(cuStreamDestroy_v2(stream));
        });
    }
    for (std::thread& thread : threads) { thread.join(); }
    EQUAL(cusim_live(CUSIM_DEVICE_MEMORY), 0);
    EQUAL(cusim_calls("cublasSgemm_v2"), 400);
}
