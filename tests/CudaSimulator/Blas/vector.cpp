// Products with vectors, and the small vector calls: sums in double, rounded once.
#include <cstdlib>
#include "Blas/handle.h"
#include "Core/capture.h"

using namespace cusim;

namespace {

// A vector with a step that may be negative: then its first element is the one with the highest address.
template <class T>
struct Strided {
    T* first;
    long long step;
    Strided(T* pointer, long long count, long long step)
        : first(step < 0 && count > 0 ? pointer + (1 - count) * step : pointer), step(step) {}
    T& operator[](long long i) const { return first[i * step]; }
};

Range vector(const float* first, long long count, long long step) { return matrix(first, 1, count, std::llabs(step)); }

}  // namespace

CUSIM_API int cublasSgemv_v2(void* handle, int op, int m, int n, const float* alpha, const float* a, int lda, const float* x,
    int incx, const float* beta, float* y, int incy) {
    BlasCall call("cublasSgemv_v2", handle);
    if (call.code) { return call.code; }
    if (!is_operation(op) || m < 0 || n < 0 || lda < (m > 1 ? m : 1) || incx == 0 || incy == 0) { return BlasInvalidValue; }
    std::vector<Range> ranges;
    Factor scale, keep;
    if (!take_factor(*call.handle, alpha, scale, ranges) || !take_factor(*call.handle, beta, keep, ranges)) { return BlasInvalidValue; }
    if (m == 0 || n == 0) { return BlasSuccess; }
    if (!a || !x || !y) { return BlasInvalidValue; }
    const long long outputs = op ? n : m, inputs = op ? m : n;
    ranges.push_back(matrix(a, m, n, lda));
    ranges.push_back(vector(x, inputs, incx));
    ranges.push_back(vector(y, outputs, incy));
    return queue_blas(*call.handle, "cublasSgemv_v2", std::move(ranges), [=] {
        const Strided<const float> from(x, inputs, incx);
        const Strided<float> to(y, outputs, incy);
        const long long stepOut = op ? lda : 1, stepIn = op ? 1 : lda;
        const double factor = scale.value(), rest = keep.value();
        for (long long i = 0; i < outputs; i++) {
            double sum = 0;
            for (long long j = 0; factor != 0 && j < inputs; j++) { sum += static_cast<double>(a[i * stepOut + j * stepIn]) * from[j]; }
            to[i] = static_cast<float>(rest == 0 ? factor * sum : factor * sum + rest * to[i]);
        }
    });
}
