// Softmax over a sample's elements (instance) or over the channels at each position.
#include <cmath>
#include "Dnn/elements.h"

using namespace cusim;

namespace {

enum { Fast, Accurate, Log };

// Calls body with the offsets' function of one set after the other: at(i), i = 0..count-1, places in `layout`.
template <class Body>
void each_set(const Layout& layout, int mode, Body body) {
    const bool channels = mode == 1;
    const int C = layout.extent[1], H = layout.extent[2], W = layout.extent[3];
    for (int n = 0; n < layout.extent[0]; n++) {
        if (!channels) {
            body(C * H * W, [=](const Layout& of, int i) { return offset(of, n, i / (H * W), i / W % H, i % W); });
            continue;
        }
        for (int h = 0; h < H; h++) {
            for (int w = 0; w < W; w++) {
                body(C, [=](const Layout& of, int i) { return offset(of, n, i, h, w); });
            }
        }
    }
}

int check_modes(const DnnCall& call, int algorithm, int mode) {
    const bool known = algorithm >= Fast && algorithm <= Log && (mode == 0 || mode == 1);
    return known ? static_cast<int>(DnnSuccess) : call.bad(DnnBadParameter, "algorithm " + std::to_string(algorithm) + ", mode " + std::to_string(mode));
}

}  // namespace

// FAST takes the exponentials as they are, in single precision, and so overflows where the real one does.
CUSIM_API int cudnnSoftmaxForward(void* handle, int algorithm, int mode, const void* alpha, void* xDescriptor, const void* x, const void* beta,
    void* yDescriptor, void* y) {
    DnnCall call("cudnnSoftmaxForward", handle);
    if (call.code) { return call.code; }
    if (int code = check_modes(call, algorithm, mode)) { return code; }
    const Layout *xl = tensor_layout(xDescriptor), *yl = tensor_layout(yDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"y", yl, y}}, ranges)) { return code; }
    if (!xl->same_extents(*yl)) { return call.bad(DnnBadParameter, "x has other extents than y"); }
    const Layout from = *xl, to = *yl;
    return queue_dnn(call, std::move(ranges), [=] {
        each_set(from, mode, [&](int count, auto at) {
            double top = algorithm == Fast ? 0 : -HUGE_VAL, sum = 0;
            for (int i = 0; algorithm != Fast && i < count; i++) { top = std::fmax(top, floats(x)[at(from, i)]); }
            std::vector<double> powers(static_cast<std::size_t>(count));
            for (int i = 0; i < count; i++) {
                powers[i] = std::exp(floats(x)[at(from, i)] - top);
                if (algorithm == Fast) { powers[i] = static_cast<float>(powers[i]); }
                sum += powers[i];
            }
            std::vector<double> results(static_cast<std::size_t>(count));
            for (int i = 0; i < count; i++) {
                results[i] = algorithm == Log ? floats(x)[at(from, i)] - top - std::log(sum) : powers[i] / sum;
            }
            for (int i = 0; i < count; i++) { blend(floats(y)[at(to, i)], scale, results[i]); }
        });
    });
}

// dx = y (dy - sum y dy), or dy - e^y sum dy for the logarithm.
CUSIM_API int cudnnSoftmaxBackward(void* handle, int algorithm, int mode, const void* alpha, void* yDescriptor, const void* y,
    void* dyDescriptor, const void* dy, const void* beta, void* dxDescriptor, void* dx) {
    DnnCall call("cudnnSoftmaxBackward", handle);
    if (call.code) { return call.code; }
    if (int code = check_modes(call, algorithm, mode)) { return code; }
    const Layout *yl = tensor_layout(yDescriptor), *dyl = tensor_layout(dyDescriptor), *dxl = tensor_layout(dxDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"y", yl, y}, {"dy", dyl, dy}, {"dx", dxl, dx}}, ranges)) { return code; }
    if (!yl->same_extents(*dyl) || !yl->same_extents(*dxl)) { return call.bad(DnnBadParameter, "the three tensors have different extents"); }
    const Layout ys = *yl, dys = *dyl, dxs = *dxl;
    return queue_dnn(call, std::move(ranges), [=] {
        each_set(ys, mode, [&](int count, auto at) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                const double signal = floats(dy)[at(dys, i)];
                sum += algorithm == Log ? signal : signal * floats(y)[at(ys, i)];
            }
            for (int i = 0; i < count; i++) {
                const double value = floats(y)[at(ys, i)], signal = floats(dy)[at(dys, i)];
                blend(floats(dx)[at(dxs, i)], scale, algorithm == Log ? signal - std::exp(value) * sum : value * (signal - sum));
            }
        });
    });
}
