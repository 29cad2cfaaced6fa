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

CUSIM_API int cublasSger_v2(void* handle, int m, int n, const float* alpha, const float* x, int incx, const float* y, int incy,
    float* a, int lda) {
    BlasCall call("cublasSger_v2", handle);
    if (call.code) { return call.code; }
    if (m < 0 || n < 0 || lda < (m > 1 ? m : 1) || incx == 0 || incy == 0) { return BlasInvalidValue; }
    std::vector<Range> ranges;
    Factor scale;
    if (!take_factor(*call.handle, alpha, scale, ranges)) { return BlasInvalidValue; }
    if (m == 0 || n == 0) { return BlasSuccess; }
    if (!a || !x || !y) { return BlasInvalidValue; }
    ranges.push_back(matrix(a, m, n, lda));
    ranges.push_back(vector(x, m, incx));
    ranges.push_back(vector(y, n, incy));
    return queue_blas(*call.handle, "cublasSger_v2", std::move(ranges), [=] {
        const Strided<const float> rows(x, m, incx), columns(y, n, incy);
        for (long long j = 0; j < n; j++) {
            for (long long i = 0; i < m; i++) {
                float& to = a[j * lda + i];
                to = static_cast<float>(to + static_cast<double>(scale.value()) * rows[i] * columns[j]);
            }
        }
    });
}

// C = alpha op(A) + beta op(B); a factor of zero leaves its matrix unread. C may be A or B where neither is turned.
CUSIM_API int cublasSgeam(void* handle, int opA, int opB, int m, int n, const float* alpha, const float* a, int lda,
    const float* beta, const float* b, int ldb, float* c, int ldc) {
    BlasCall call("cublasSgeam", handle);
    if (call.code) { return call.code; }
    const auto at_least = [](int rows) { return rows > 1 ? rows : 1; };
    if (!is_operation(opA) || !is_operation(opB) || m < 0 || n < 0) { return BlasInvalidValue; }
    if (lda < at_least(opA ? n : m) || ldb < at_least(opB ? n : m) || ldc < at_least(m)) { return BlasInvalidValue; }
    if ((c == a && (opA || ldc != lda)) || (c == b && (opB || ldc != ldb))) { return BlasInvalidValue; }
    std::vector<Range> ranges;
    Factor first, second;
    if (!take_factor(*call.handle, alpha, first, ranges) || !take_factor(*call.handle, beta, second, ranges)) { return BlasInvalidValue; }
    if (m == 0 || n == 0) { return BlasSuccess; }
    if (!c) { return BlasInvalidValue; }
    if (a) { ranges.push_back(matrix(a, opA ? n : m, opA ? m : n, lda)); }
    if (b) { ranges.push_back(matrix(b, opB ? n : m, opB ? m : n, ldb)); }
    ranges.push_back(matrix(c, m, n, ldc));
    return queue_blas(*call.handle, "cublasSgeam", std::move(ranges), [=] {
        const double one = first.value(), two = second.value();
        for (long long j = 0; j < n; j++) {
            for (long long i = 0; i < m; i++) {
                const double left = one == 0 ? 0 : one * a[opA ? i * lda + j : j * lda + i];
                const double right = two == 0 ? 0 : two * b[opB ? i * ldb + j : j * ldb + i];
                c[j * ldc + i] = static_cast<float>(left + right);
            }
        }
    });
}

CUSIM_API int cublasSaxpy_v2(void* handle, int n, const float* alpha, const float* x, int incx, float* y, int incy) {
    BlasCall call("cublasSaxpy_v2", handle);
    if (call.code) { return call.code; }
    std::vector<Range> ranges;
    Factor scale;
    if (!take_factor(*call.handle, alpha, scale, ranges)) { return BlasInvalidValue; }
    if (n <= 0) { return BlasSuccess; }
    if (!x || !y) { return BlasInvalidValue; }
    ranges.push_back(vector(x, n, incx));
    ranges.push_back(vector(y, n, incy));
    return queue_blas(*call.handle, "cublasSaxpy_v2", std::move(ranges), [=] {
        const Strided<const float> from(x, n, incx);
        const Strided<float> to(y, n, incy);
        for (long long i = 0; i < n; i++) { to[i] = static_cast<float>(to[i] + static_cast<double>(scale.value()) * from[i]); }
    });
}

CUSIM_API int cublasSscal_v2(void* handle, int n, const float* alpha, float* x, int incx) {
    BlasCall call("cublasSscal_v2", handle);
    if (call.code) { return call.code; }
    std::vector<Range> ranges;
    Factor scale;
    if (!take_factor(*call.handle, alpha, scale, ranges)) { return BlasInvalidValue; }
    if (n <= 0 || incx <= 0) { return BlasSuccess; }
    if (!x) { return BlasInvalidValue; }
    ranges.push_back(vector(x, n, incx));
    return queue_blas(*call.handle, "cublasSscal_v2", std::move(ranges), [=] {
        for (long long i = 0; i < n; i++) { x[i * incx] *= scale.value(); }
    });
}

// The result goes where the pointer mode says; on the host the call waits for it.
CUSIM_API int cublasSdot_v2(void* handle, int n, const float* x, int incx, const float* y, int incy, float* result) {
    BlasCall call("cublasSdot_v2", handle);
    if (call.code) { return call.code; }
    if (!result) { return BlasInvalidValue; }
    std::vector<Range> ranges;
    const bool onDevice = call.handle->pointerMode == 1;
    if (onDevice) { ranges.push_back({reinterpret_cast<Address>(result), sizeof(float)}); }
    if (n > 0) {
        if (!x || !y) { return BlasInvalidValue; }
        ranges.push_back(vector(x, n, incx));
        ranges.push_back(vector(y, n, incy));
    }
    Stream* const stream = resolve_stream(call.handle->stream, *call.handle->context);
    if (!stream || (!onDevice && refuse_captured(*stream))) { return BlasExecutionFailed; }
    const int code = queue_blas(*call.handle, "cublasSdot_v2", std::move(ranges), [=] {
        const Strided<const float> left(x, n, incx), right(y, n, incy);
        double sum = 0;
        for (long long i = 0; i < n; i++) { sum += static_cast<double>(left[i]) * right[i]; }
        *result = static_cast<float>(sum);
    });
    if (code || onDevice) { return code; }
    return synchronize(*stream) ? BlasExecutionFailed : BlasSuccess;
}
