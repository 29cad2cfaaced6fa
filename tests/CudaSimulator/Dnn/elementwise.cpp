// OpTensor, AddTensor, SetTensor, ScaleTensor, TransformTensor.
#include <cmath>
#include "Dnn/elements.h"

using namespace cusim;

int cusim::check_tensors(const DnnCall& call, std::initializer_list<Tensor> tensors, std::vector<Range>& ranges) {
    for (const Tensor& tensor : tensors) {
        if (int code = check_tensor(call, tensor.what, tensor.layout, tensor.data)) { return code; }
        ranges.push_back(range_of(*tensor.layout, tensor.data));
    }
    return DnnSuccess;
}

namespace {

enum { Add, Multiply, Minimum, Maximum, SquareRoot, Not };

double combine(int op, double a, double b, bool keepNan) {
    switch (op) {
        case Add: return a + b;
        case Multiply: return a * b;
        case Minimum: case Maximum:
            if (std::isnan(a) || std::isnan(b)) { return keepNan ? NAN : std::isnan(a) ? b : a; }
            return (op == Minimum) == (a < b) ? a : b;
        case SquareRoot: return std::sqrt(a);
        default: return 1 - a;
    }
}

}  // namespace

// C = op(alpha1 A, alpha2 B) + beta C; B may be broadcast; SQRT and NOT read A alone.
CUSIM_API int cudnnOpTensor(void* handle, void* descriptor, const void* alpha1, void* aDescriptor, const void* a, const void* alpha2,
    void* bDescriptor, const void* b, const void* beta, void* cDescriptor, void* c) {
    DnnCall call("cudnnOpTensor", handle);
    if (call.code) { return call.code; }
    const OpTensorDescriptor* const op = find<OpTensorDescriptor>(descriptor);
    if (!op || !op->set) { return call.bad(DnnBadParameter, "the operation's descriptor is none or was never set"); }
    const Layout *al = tensor_layout(aDescriptor), *bl = tensor_layout(bDescriptor), *cl = tensor_layout(cDescriptor);
    const bool two = op->op <= Maximum;
    Scale first, second;
    if (!take_scale(alpha1, beta, first) || (two && !take_scale(alpha2, beta, second))) { return call.null("alpha1, alpha2 or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"A", al, a}, {"C", cl, c}}, ranges)) { return code; }
    if (two) { if (int code = check_tensors(call, {{"B", bl, b}}, ranges)) { return code; } }
    if (!al->same_extents(*cl)) { return call.bad(DnnBadParameter, "A has other extents than C"); }
    if (two && !broadcasts(*bl, *al)) { return call.bad(DnnBadParameter, "an extent of B is neither 1 nor A's"); }
    const Layout left = *al, right = two ? *bl : *al, to = *cl;
    const int kind = op->op;
    const bool keepNan = op->nan == 1;
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(to, [&](int n, int k, int h, int w) {
            const double x = static_cast<double>(first.alpha) * floats(a)[offset(left, n, k, h, w)];
            const double y = two ? static_cast<double>(second.alpha) * floats(b)[broadcast_offset(right, n, k, h, w)] : 0;
            blend(floats(c)[offset(to, n, k, h, w)], {1, first.beta}, combine(kind, x, y, keepNan));
        });
    });
}

// C = alpha A + beta C, A broadcast.
CUSIM_API int cudnnAddTensor(void* handle, const void* alpha, void* aDescriptor, const void* a, const void* beta, void* cDescriptor, void* c) {
    DnnCall call("cudnnAddTensor", handle);
    if (call.code) { return call.code; }
    const Layout *al = tensor_layout(aDescriptor), *cl = tensor_layout(cDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"A", al, a}, {"C", cl, c}}, ranges)) { return code; }
    if (!broadcasts(*al, *cl)) { return call.bad(DnnBadParameter, "an extent of A is neither 1 nor C's"); }
    const Layout from = *al, to = *cl;
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(to, [&](int n, int k, int h, int w) {
            blend(floats(c)[offset(to, n, k, h, w)], scale, floats(a)[broadcast_offset(from, n, k, h, w)]);
        });
    });
}

CUSIM_API int cudnnSetTensor(void* handle, void* descriptor, void* y, const void* value) {
    DnnCall call("cudnnSetTensor", handle);
    if (call.code) { return call.code; }
    const Layout* const layout = tensor_layout(descriptor);
    if (!value) { return call.null("the value"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"y", layout, y}}, ranges)) { return code; }
    const Layout to = *layout;
    const float set = *floats(value);
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(to, [&](int n, int k, int h, int w) { floats(y)[offset(to, n, k, h, w)] = set; });
    });
}

CUSIM_API int cudnnScaleTensor(void* handle, void* descriptor, void* y, const void* alpha) {
    DnnCall call("cudnnScaleTensor", handle);
    if (call.code) { return call.code; }
    const Layout* const layout = tensor_layout(descriptor);
    if (!alpha) { return call.null("alpha"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"y", layout, y}}, ranges)) { return code; }
    const Layout to = *layout;
    const float factor = *floats(alpha);
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(to, [&](int n, int k, int h, int w) { floats(y)[offset(to, n, k, h, w)] *= factor; });
    });
}

// y = alpha x + beta y between any strides; the two may not overlap.
CUSIM_API int cudnnTransformTensor(void* handle, const void* alpha, void* xDescriptor, const void* x, const void* beta, void* yDescriptor, void* y) {
    DnnCall call("cudnnTransformTensor", handle);
    if (call.code) { return call.code; }
    const Layout *xl = tensor_layout(xDescriptor), *yl = tensor_layout(yDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"x", xl, x}, {"y", yl, y}}, ranges)) { return code; }
    if (!xl->same_extents(*yl)) { return call.bad(DnnBadParameter, "x has other extents than y"); }
    const Range from = ranges[0], to = ranges[1];
    if (from.address < to.address + to.bytes && to.address < from.address + from.bytes) { return call.bad(DnnBadParameter, "x and y overlap"); }
    const Layout source = *xl, target = *yl;
    return queue_dnn(call, std::move(ranges), [=] {
        each_element(target, [&](int n, int k, int h, int w) {
            blend(floats(y)[offset(target, n, k, h, w)], scale, floats(x)[offset(source, n, k, h, w)]);
        });
    });
}
