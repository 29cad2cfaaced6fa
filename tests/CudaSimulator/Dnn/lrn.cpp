// Local response normalisation across channels: y = x / (k + alpha/n sum x^2)^beta over n channels around.
#include <cmath>
#include "Dnn/elements.h"

using namespace cusim;

namespace {

// s and x at each channel of one position.
struct Column {
    std::vector<double> x, s;
    Column(const LrnSettings& lrn, const Layout& layout, const float* data, int n, int h, int w) {
        const int C = layout.extent[1], before = (static_cast<int>(lrn.n) - 1) / 2;
        for (int c = 0; c < C; c++) { x.push_back(data[offset(layout, n, c, h, w)]); }
        for (int c = 0; c < C; c++) {
            double sum = 0;
            for (int i = std::max(c - before, 0); i <= std::min(c - before + static_cast<int>(lrn.n) - 1, C - 1); i++) { sum += x[i] * x[i]; }
            s.push_back(lrn.k + lrn.alpha / lrn.n * sum);
        }
    }
};

template <class Body>
void each_position(const Layout& layout, Body body) {
    for (int n = 0; n < layout.extent[0]; n++) {
        for (int h = 0; h < layout.extent[2]; h++) {
            for (int w = 0; w < layout.extent[3]; w++) { body(n, h, w); }
        }
    }
}

int check_lrn(const DnnCall& call, const LrnDescriptor* lrn, int mode) {
    if (!lrn) { return call.bad(DnnBadParameter, "not a live LRN descriptor"); }
    return mode == 0 ? static_cast<int>(DnnSuccess) : call.bad(DnnBadParameter, "mode " + std::to_string(mode) + ", only 0");
}

}  // namespace

CUSIM_API int cudnnLRNCrossChannelForward(void* handle, void* descriptor, int mode, const void* alpha, void* xDescriptor, const void* x,
    const void* beta, void* yDescriptor, void* y) {
    DnnCall call("cudnnLRNCrossChannelForward", handle);
    if (call.code) { return call.code; }
    const LrnDescriptor* const lrn = find<LrnDescriptor>(descriptor);
    if (int code = check_lrn(call, lrn, mode)) { return code; }
    const Layout *xl = tensor_layout(xDescriptor), *yl = tensor_layout(yDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"y", yl, y}}, ranges)) { return code; }
    if (!xl->same_extents(*yl)) { return call.bad(DnnBadParameter, "x has other extents than y"); }
    const Layout from = *xl, to = *yl;
    const LrnSettings s = lrn->settings;
    return queue_dnn(call, std::move(ranges), [=] {
        each_position(from, [&](int n, int h, int w) {
            const Column column(s, from, floats(x), n, h, w);
            for (int c = 0; c < from.extent[1]; c++) {
                blend(floats(y)[offset(to, n, c, h, w)], scale, column.x[c] * std::pow(column.s[c], -s.beta));
            }
        });
    });
}

// dx_j = dy_j s_j^-beta - 2 alpha beta / n x_j sum over the windows that hold j of dy_i x_i s_i^(-beta - 1).
CUSIM_API int cudnnLRNCrossChannelBackward(void* handle, void* descriptor, int mode, const void* alpha, void* yDescriptor, const void* y,
    void* dyDescriptor, const void* dy, void* xDescriptor, const void* x, const void* beta, void* dxDescriptor, void* dx) {
    DnnCall call("cudnnLRNCrossChannelBackward", handle);
    if (call.code) { return call.code; }
    const LrnDescriptor* const lrn = find<LrnDescriptor>(descriptor);
    if (int code = check_lrn(call, lrn, mode)) { return code; }
    const Layout *yl = tensor_layout(yDescriptor), *dyl = tensor_layout(dyDescriptor), *xl = tensor_layout(xDescriptor), *dxl = tensor_layout(dxDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"y", yl, y}, {"dy", dyl, dy}, {"x", xl, x}, {"dx", dxl, dx}}, ranges)) { return code; }
    if (!yl->same_extents(*dyl) || !yl->same_extents(*xl) || !yl->same_extents(*dxl)) { return call.bad(DnnBadParameter, "the four tensors have different extents"); }
    const Layout dys = *dyl, xs = *xl, dxs = *dxl;
    const LrnSettings s = lrn->settings;
    return queue_dnn(call, std::move(ranges), [=] {
        const int C = xs.extent[1], before = (static_cast<int>(s.n) - 1) / 2, after = static_cast<int>(s.n) - 1 - before;
        each_position(xs, [&](int n, int h, int w) {
            const Column column(s, xs, floats(x), n, h, w);
            std::vector<double> results;
            for (int j = 0; j < C; j++) {
                double sum = 0;
                // j lies in the window of i when i - before <= j <= i + after.
                for (int i = std::max(j - after, 0); i <= std::min(j + before, C - 1); i++) {
                    sum += floats(dy)[offset(dys, n, i, h, w)] * column.x[i] * std::pow(column.s[i], -s.beta - 1);
                }
                results.push_back(floats(dy)[offset(dys, n, j, h, w)] * std::pow(column.s[j], -s.beta)
                    - 2 * s.alpha * s.beta / s.n * column.x[j] * sum);
            }
            for (int j = 0; j < C; j++) { blend(floats(dx)[offset(dxs, n, j, h, w)], scale, results[j]); }
        });
    });
}
