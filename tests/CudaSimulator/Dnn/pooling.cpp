// Pooling. Windows are cut off at the border; the first maximum in row-major order has the gradient, NaN wins
// where it is propagated; the plain maximum's backward pass may round differently from call to call.
#include <cmath>
#include "Dnn/convolution.h"
#include "Dnn/elements.h"

using namespace cusim;

namespace {

enum { Max, AverageInclusive, AverageExclusive, MaxDeterministic };

struct Window {
    int top, bottom, left, right;   // inside the image, ends excluded
};

Window window_at(const PoolingSettings& pool, const Layout& x, int oh, int ow) {
    const int top = oh * pool.stride[0] - pool.pad[0], left = ow * pool.stride[1] - pool.pad[1];
    return {std::max(top, 0), std::min(top + pool.window[0], x.extent[2]), std::max(left, 0), std::min(left + pool.window[1], x.extent[3])};
}

bool is_max(const PoolingSettings& pool) { return pool.mode == Max || pool.mode == MaxDeterministic; }

double divisor(const PoolingSettings& pool, const Window& at) {
    return pool.mode == AverageInclusive ? pool.window[0] * pool.window[1] : (at.bottom - at.top) * (at.right - at.left);
}

// The element of the window that is its maximum, as an offset from the plane; -1 when all are NaN that do not count.
long long arg_max(const PoolingSettings& pool, const Layout& x, const float* plane, const Window& at) {
    long long best = -1;
    for (int h = at.top; h < at.bottom; h++) {
        for (int w = at.left; w < at.right; w++) {
            const long long here = h * x.stride[2] + w * x.stride[3];
            if (std::isnan(plane[here])) {
                if (pool.nan == 1) { return here; }
            } else if (best < 0 || plane[here] > plane[best]) {
                best = here;
            }
        }
    }
    return best;
}

int check_pooling(const DnnCall& call, const PoolingDescriptor* pool, const Layout& x, const Layout& y) {
    if (!pool || !pool->settings.set) { return call.bad(DnnBadParameter, "the pooling descriptor is none or was never set"); }
    const PoolingSettings& s = pool->settings;
    const int expected[] = {x.extent[0], x.extent[1], output_extent(x.extent[2], s.pad[0], s.window[0], 1, s.stride[0]),
        output_extent(x.extent[3], s.pad[1], s.window[1], 1, s.stride[1])};
    for (int i = 0; i < 4; i++) {
        if (y.extent[i] != expected[i]) {
            return call.bad(DnnBadParameter, "extent " + std::to_string(i) + " of y is " + std::to_string(y.extent[i]) + ", not " + std::to_string(expected[i]));
        }
    }
    return DnnSuccess;
}

}  // namespace

CUSIM_API int cudnnGetPooling2dForwardOutputDim(void* descriptor, void* x, int* n, int* c, int* h, int* w) {
    constexpr auto name = "cudnnGetPooling2dForwardOutputDim";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    const PoolingDescriptor* const pool = find<PoolingDescriptor>(descriptor);
    const Layout* const xl = tensor_layout(x);
    if (!pool || !pool->settings.set || !xl || !n || !c || !h || !w) { return dnn_error(DnnBadParameter, std::string(name) + ": a descriptor or pointer"); }
    const PoolingSettings& s = pool->settings;
    const int rows = output_extent(xl->extent[2], s.pad[0], s.window[0], 1, s.stride[0]);
    const int columns = output_extent(xl->extent[3], s.pad[1], s.window[1], 1, s.stride[1]);
    if (rows < 1 || columns < 1) { return dnn_error(DnnBadParameter, std::string(name) + ": the window does not fit"); }
    *n = xl->extent[0];
    *c = xl->extent[1];
    *h = rows;
    *w = columns;
    return DnnSuccess;
}

CUSIM_API int cudnnPoolingForward(void* handle, void* descriptor, const void* alpha, void* xDescriptor, const void* x, const void* beta,
    void* yDescriptor, void* y) {
    DnnCall call("cudnnPoolingForward", handle);
    if (call.code) { return call.code; }
    const Layout *xl = tensor_layout(xDescriptor), *yl = tensor_layout(yDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"y", yl, y}}, ranges)) { return code; }
    const PoolingDescriptor* const pool = find<PoolingDescriptor>(descriptor);
    if (int code = check_pooling(call, pool, *xl, *yl)) { return code; }
    const Layout from = *xl, to = *yl;
    const PoolingSettings s = pool->settings;
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(to, [&](int n, int c, int oh, int ow) {
            const float* const plane = floats(x) + offset(from, n, c, 0, 0);
            const Window at = window_at(s, from, oh, ow);
            double result = 0;
            if (is_max(s)) {
                const long long best = arg_max(s, from, plane, at);
                result = best < 0 ? -HUGE_VAL : plane[best];
            } else {
                for (int h = at.top; h < at.bottom; h++) {
                    for (int w = at.left; w < at.right; w++) { result += plane[h * from.stride[2] + w * from.stride[3]]; }
                }
                result /= divisor(s, at);
            }
            blend(floats(y)[offset(to, n, c, oh, ow)], scale, result);
        });
    });
}

CUSIM_API int cudnnPoolingBackward(void* handle, void* descriptor, const void* alpha, void* yDescriptor, const void* y, void* dyDescriptor,
    const void* dy, void* xDescriptor, const void* x, const void* beta, void* dxDescriptor, void* dx) {
    DnnCall call("cudnnPoolingBackward", handle);
    if (call.code) { return call.code; }
    const Layout *yl = tensor_layout(yDescriptor), *dyl = tensor_layout(dyDescriptor), *xl = tensor_layout(xDescriptor), *dxl = tensor_layout(dxDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"y", yl, y}, {"dy", dyl, dy}, {"x", xl, x}, {"dx", dxl, dx}}, ranges)) { return code; }
    if (!yl->same_extents(*dyl) || !xl->same_extents(*dxl)) { return call.bad(DnnBadParameter, "a gradient has other extents than its tensor"); }
    const PoolingDescriptor* const pool = find<PoolingDescriptor>(descriptor);
    if (int code = check_pooling(call, pool, *xl, *yl)) { return code; }
    const Layout from = *xl, top = *dyl, to = *dxl;
    const PoolingSettings s = pool->settings;
    return queue_dnn(call, std::move(ranges), [=] {
        const int H = from.extent[2], W = from.extent[3];
        std::vector<double> sums(static_cast<std::size_t>(H) * W);
        for (int n = 0; n < from.extent[0]; n++) {
            for (int c = 0; c < from.extent[1]; c++) {
                sums.assign(sums.size(), 0.0);
                const float* const plane = floats(x) + offset(from, n, c, 0, 0);
                for (int oh = 0; oh < top.extent[2]; oh++) {
                    for (int ow = 0; ow < top.extent[3]; ow++) {
                        const Window at = window_at(s, from, oh, ow);
                        const double signal = floats(dy)[offset(top, n, c, oh, ow)];
                        const long long best = is_max(s) ? arg_max(s, from, plane, at) : -1;
                        for (int h = at.top; h < at.bottom; h++) {
                            for (int w = at.left; w < at.right; w++) {
                                const bool chosen = h * from.stride[2] + w * from.stride[3] == best;
                                sums[static_cast<std::size_t>(h) * W + w] += !is_max(s) ? signal / divisor(s, at) : chosen ? signal : 0;
                            }
                        }
                    }
                }
                for (int h = 0; h < H; h++) {
                    for (int w = 0; w < W; w++) { blend(floats(dx)[offset(to, n, c, h, w)], scale, sums[static_cast<std::size_t>(h) * W + w]); }
                }
            }
        }
        // Only sums of several windows depend on their order.
        const bool overlaps = s.stride[0] < s.window[0] || s.stride[1] < s.window[1];
        if (s.mode == Max && overlaps) { unsettle(to, floats(dx)); }
    });
}
