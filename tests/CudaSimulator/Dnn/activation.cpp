// Element-wise activations and their derivatives.
#include <cmath>
#include "Dnn/elements.h"

using namespace cusim;

namespace {

enum { Sigmoid, Relu, Tanh, ClippedRelu, Elu, Identity, Swish };

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

double value(const ActivationSettings& a, double x) {
    const bool dropNan = a.nan == 0 && std::isnan(x);
    switch (a.mode) {
        case Sigmoid: return logistic(x);
        case Relu: return dropNan ? 0 : std::isnan(x) || x > 0 ? x : 0;
        case Tanh: return std::tanh(x);
        case ClippedRelu: return dropNan ? 0 : std::isnan(x) ? x : std::fmin(std::fmax(x, 0), a.coefficient);
        case Elu: return x > 0 || std::isnan(x) ? x : a.coefficient * std::expm1(x);
        default: return x * logistic(a.swishBeta * x);
    }
}

// dy times the derivative; strictly positive inputs pass through a ReLU.
double gradient(const ActivationSettings& a, double x, double y, double dy) {
    switch (a.mode) {
        case Sigmoid: return dy * y * (1 - y);
        case Relu: return x > 0 ? dy : 0;
        case Tanh: return dy * (1 - y * y);
        case ClippedRelu: return x > 0 && x < a.coefficient ? dy : 0;
        case Elu: return x > 0 ? dy : dy * (y + a.coefficient);
        default: {
            const double s = logistic(a.swishBeta * x);
            return dy * (s + a.swishBeta * x * s * (1 - s));
        }
    }
}

// IDENTITY is for the fused convolution only.
int check_activation(const DnnCall& call, const ActivationDescriptor* activation) {
    if (!activation || !activation->settings.set) { return call.bad(DnnBadParameter, "the activation descriptor is none or was never set"); }
    return activation->settings.mode == Identity ? call.bad(DnnBadParameter, "IDENTITY is for cudnnConvolutionBiasActivationForward only")
                                                 : static_cast<int>(DnnSuccess);
}

}  // namespace

CUSIM_API int cudnnActivationForward(void* handle, void* activation, const void* alpha, void* xDescriptor, const void* x, const void* beta,
    void* yDescriptor, void* y) {
    DnnCall call("cudnnActivationForward", handle);
    if (call.code) { return call.code; }
    const ActivationDescriptor* const act = find<ActivationDescriptor>(activation);
    if (int code = check_activation(call, act)) { return code; }
    const Layout *xl = tensor_layout(xDescriptor), *yl = tensor_layout(yDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"y", yl, y}}, ranges)) { return code; }
    if (!xl->same_extents(*yl)) { return call.bad(DnnBadParameter, "x has other extents than y"); }
    const Layout from = *xl, to = *yl;
    const ActivationSettings settings = act->settings;
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(to, [&](int n, int c, int h, int w) {
            blend(floats(y)[offset(to, n, c, h, w)], scale, value(settings, floats(x)[offset(from, n, c, h, w)]));
        });
    });
}

CUSIM_API int cudnnActivationBackward(void* handle, void* activation, const void* alpha, void* yDescriptor, const void* y,
    void* dyDescriptor, const void* dy, void* xDescriptor, const void* x, const void* beta, void* dxDescriptor, void* dx) {
    DnnCall call("cudnnActivationBackward", handle);
    if (call.code) { return call.code; }
    const ActivationDescriptor* const act = find<ActivationDescriptor>(activation);
    if (int code = check_activation(call, act)) { return code; }
    const Layout *yl = tensor_layout(yDescriptor), *dyl = tensor_layout(dyDescriptor), *xl = tensor_layout(xDescriptor), *dxl = tensor_layout(dxDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"y", yl, y}, {"dy", dyl, dy}, {"x", xl, x}, {"dx", dxl, dx}}, ranges)) { return code; }
    if (!yl->same_extents(*dyl) || !yl->same_extents(*xl) || !yl->same_extents(*dxl)) { return call.bad(DnnBadParameter, "the four tensors have different extents"); }
    const Layout ys = *yl, dys = *dyl, xs = *xl, dxs = *dxl;
    const ActivationSettings settings = act->settings;
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(dxs, [&](int n, int c, int h, int w) {
            const double result = gradient(settings, floats(x)[offset(xs, n, c, h, w)], floats(y)[offset(ys, n, c, h, w)],
                floats(dy)[offset(dys, n, c, h, w)]);
            blend(floats(dx)[offset(dxs, n, c, h, w)], scale, result);
        });
    });
}
