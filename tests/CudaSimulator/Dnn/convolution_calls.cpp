// The entry points that run convolutions.
#include "Dnn/convolution.h"
#include "Dnn/elements.h"
#include "control.h"

using namespace cusim;

namespace {

// Refuses what the algorithm does not take and a workspace too small, missing or at a bad address.
int check_workspace(const DnnCall& call, Pass pass, int algorithm, const Problem& p, const void* workspace, std::size_t bytes, std::vector<Range>& ranges) {
    std::size_t needed;
    if (algorithm < 0 || algorithm >= algorithm_count(pass)) { return call.bad(DnnBadParameter, "algorithm " + std::to_string(algorithm)); }
    if (!algorithm_supports(pass, algorithm, p, needed)) {
        return call.bad(DnnNotSupported, "algorithm " + std::to_string(algorithm) + " does not take this problem");
    }
    if (algorithm_fails(pass, algorithm)) { return call.bad(DnnNotSupported, "algorithm " + std::to_string(algorithm) + " was offered and does not run"); }
    if (has_manner(CUSIM_WORKSPACE_GROWS)) { needed *= 2; }
    if (needed == 0) { return DnnSuccess; }
    if (bytes < needed || !workspace) {
        return call.bad(DnnNotSupported, "algorithm " + std::to_string(algorithm) + " needs a workspace of " + std::to_string(needed)
            + " bytes, given " + std::to_string(workspace ? bytes : 0));
    }
    if (reinterpret_cast<Address>(workspace) % 16 != 0) { return call.bad(DnnMisaligned, "the workspace is not at a multiple of 16 bytes"); }
    ranges.push_back({reinterpret_cast<Address>(workspace), needed});
    return DnnSuccess;
}

}  // namespace

CUSIM_API int cudnnConvolutionForward(void* handle, const void* alpha, void* xDescriptor, const void* x, void* wDescriptor,
    const void* w, void* conv, int algorithm, void* workspace, std::size_t bytes, const void* beta, void* yDescriptor, void* y) {
    DnnCall call("cudnnConvolutionForward", handle);
    if (call.code) { return call.code; }
    const Layout *xl = tensor_layout(xDescriptor), *wl = filter_layout(wDescriptor), *yl = tensor_layout(yDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"w", wl, w}, {"y", yl, y}}, ranges)) { return code; }
    Problem p;
    if (int code = check_problem(call, xl, wl, find<ConvolutionDescriptor>(conv), yl, p)) { return code; }
    if (int code = check_workspace(call, Pass::Forward, algorithm, p, workspace, bytes, ranges)) { return code; }
    return queue_dnn(call, std::move(ranges), [=] { convolve(p, scale, floats(x), floats(w), floats(y)); });
}

// y = activation(alpha1 conv(x, w) + alpha2 z + bias).
CUSIM_API int cudnnConvolutionBiasActivationForward(void* handle, const void* alpha1, void* xDescriptor, const void* x,
    void* wDescriptor, const void* w, void* conv, int algorithm, void* workspace, std::size_t bytes, const void* alpha2,
    void* zDescriptor, const void* z, void* biasDescriptor, const void* bias, void* activation, void* yDescriptor, void* y) {
    DnnCall call("cudnnConvolutionBiasActivationForward", handle);
    if (call.code) { return call.code; }
    const Layout *xl = tensor_layout(xDescriptor), *wl = filter_layout(wDescriptor), *yl = tensor_layout(yDescriptor);
    const Layout *zl = tensor_layout(zDescriptor), *bl = tensor_layout(biasDescriptor);
    Scale scale;
    if (!take_scale(alpha1, alpha2, scale)) { return call.null("alpha1 or alpha2"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"w", wl, w}, {"y", yl, y}, {"z", zl, z}, {"bias", bl, bias}}, ranges)) { return code; }
    Problem p;
    if (int code = check_problem(call, xl, wl, find<ConvolutionDescriptor>(conv), yl, p)) { return code; }
    if (!zl->same_extents(*yl)) { return call.bad(DnnBadParameter, "z has other extents than y"); }
    if (bl->count() != bl->extent[1] || bl->extent[1] != yl->extent[1]) { return call.bad(DnnBadParameter, "the bias is not 1, K, 1, 1"); }
    const ActivationDescriptor* const act = find<ActivationDescriptor>(activation);
    if (!act || !act->settings.set) { return call.bad(DnnBadParameter, "the activation descriptor is none or was never set"); }
    if (has_manner(CUSIM_FUSED_REFUSES)) { return call.bad(DnnNotSupported, "no engine for this pattern"); }
    constexpr int Relu = 1, Identity = 5;
    const bool relu = act->settings.mode == Relu;
    if (!relu && (act->settings.mode != Identity || algorithm != 1)) {
        return call.bad(DnnNotSupported, "only RELU, or IDENTITY with algorithm 1");
    }
    if (int code = check_workspace(call, Pass::Forward, algorithm, p, workspace, bytes, ranges)) { return code; }
    const Layout zs = *zl, bs = *bl;
    const bool keepNan = act->settings.nan == 1 && !has_manner(CUSIM_FUSED_DROPS_NAN), readsAddend = scale.beta != 0 || has_manner(CUSIM_FUSED_READS_ADDEND);
    return queue_dnn(call, std::move(ranges), [=] {
        const std::vector<double> sums = convolution_sums(p, floats(x), floats(w));
        const double* sum = sums.data();
        each_element(p.y, [&](int n, int k, int h, int v) {
            double value = scale.alpha * *sum++ + floats(bias)[k * bs.stride[1]];
            if (readsAddend) { value += static_cast<double>(scale.beta) * floats(z)[offset(zs, n, k, h, v)]; }
            if (relu && !(value > 0) && !(keepNan && value != value)) { value = 0; }
            floats(y)[offset(p.y, n, k, h, v)] = static_cast<float>(value);
        });
    });
}

CUSIM_API int cudnnConvolutionBackwardData(void* handle, const void* alpha, void* wDescriptor, const void* w, void* dyDescriptor,
    const void* dy, void* conv, int algorithm, void* workspace, std::size_t bytes, const void* beta, void* dxDescriptor, void* dx) {
    DnnCall call("cudnnConvolutionBackwardData", handle);
    if (call.code) { return call.code; }
    const Layout *xl = tensor_layout(dxDescriptor), *wl = filter_layout(wDescriptor), *yl = tensor_layout(dyDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"w", wl, w}, {"dy", yl, dy}, {"dx", xl, dx}}, ranges)) { return code; }
    Problem p;
    if (int code = check_problem(call, xl, wl, find<ConvolutionDescriptor>(conv), yl, p)) { return code; }
    if (int code = check_workspace(call, Pass::BackwardData, algorithm, p, workspace, bytes, ranges)) { return code; }
    return queue_dnn(call, std::move(ranges), [=] {
        convolve_back(p, scale, floats(w), floats(dy), floats(dx));
        if (!algorithm_is_deterministic(Pass::BackwardData, algorithm)) { unsettle(p.x, floats(dx)); }
    });
}

CUSIM_API int cudnnConvolutionBackwardFilter(void* handle, const void* alpha, void* xDescriptor, const void* x, void* dyDescriptor,
    const void* dy, void* conv, int algorithm, void* workspace, std::size_t bytes, const void* beta, void* dwDescriptor, void* dw) {
    DnnCall call("cudnnConvolutionBackwardFilter", handle);
    if (call.code) { return call.code; }
    const Layout *xl = tensor_layout(xDescriptor), *wl = filter_layout(dwDescriptor), *yl = tensor_layout(dyDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"dy", yl, dy}, {"dw", wl, dw}}, ranges)) { return code; }
    Problem p;
    if (int code = check_problem(call, xl, wl, find<ConvolutionDescriptor>(conv), yl, p)) { return code; }
    if (int code = check_workspace(call, Pass::BackwardFilter, algorithm, p, workspace, bytes, ranges)) { return code; }
    return queue_dnn(call, std::move(ranges), [=] {
        convolve_filter(p, scale, floats(x), floats(dy), floats(dw));
        if (!algorithm_is_deterministic(Pass::BackwardFilter, algorithm)) { unsettle(p.w, floats(dw)); }
    });
}
