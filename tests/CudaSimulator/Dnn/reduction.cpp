// Reductions over the axes where the output has extent 1.
#include <cmath>
#include <cstring>
#include "Dnn/elements.h"

using namespace cusim;

namespace {

enum { Add, Multiply, Minimum, Maximum, LargestMagnitude, Average, Norm1, Norm2, MultiplyNonZero };

bool has_indices(const ReductionDescriptor& d) {
    return d.indices == 1 && (d.op == Minimum || d.op == Maximum || d.op == LargestMagnitude);
}

// One output's reduction under way.
struct Running {
    double value;
    unsigned index = 0;
    bool empty = true;
};

void take(Running& running, int op, double value, unsigned index, bool keepNan) {
    if (op == Minimum || op == Maximum || op == LargestMagnitude) {
        const double size = op == LargestMagnitude ? std::fabs(value) : value;
        if (std::isnan(size) && !keepNan) { return; }
        const bool wins = running.empty || std::isnan(size) || (op == Minimum ? size < running.value : size > running.value);
        if (!wins || std::isnan(running.value)) { return; }
        running = {size, index, false};
        return;
    }
    switch (op) {
        case Multiply: running.value *= value; break;
        case MultiplyNonZero: running.value *= value == 0 ? 1 : value; break;
        case Norm1: running.value += std::fabs(value); break;
        case Norm2: running.value += value * value; break;
        default: running.value += value;
    }
}

std::size_t workspace_of(const Layout& a, const Layout& c) {
    return a.same_extents(c) ? 0 : (static_cast<std::size_t>(c.count()) * sizeof(double) + 255) / 256 * 256;
}

// Checks both layouts; the output's extents are 1 or the input's.
int check_reduction(const DnnCall& call, const ReductionDescriptor* d, const Layout* a, const Layout* c) {
    if (!d || !d->set || !a || !c) { return call.bad(DnnBadParameter, "a descriptor is none or was never set"); }
    return broadcasts(*c, *a) ? static_cast<int>(DnnSuccess) : call.bad(DnnBadParameter, "an extent of C is neither 1 nor A's");
}

}  // namespace

CUSIM_API int cudnnGetReductionWorkspaceSize(void* handle, void* descriptor, void* a, void* c, std::size_t* bytes) {
    DnnCall call("cudnnGetReductionWorkspaceSize", handle);
    if (call.code) { return call.code; }
    const Layout *al = tensor_layout(a), *cl = tensor_layout(c);
    if (int code = check_reduction(call, find<ReductionDescriptor>(descriptor), al, cl)) { return code; }
    if (!bytes) { return call.null("the size"); }
    *bytes = workspace_of(*al, *cl);
    return DnnSuccess;
}

CUSIM_API int cudnnGetReductionIndicesSize(void* handle, void* descriptor, void* a, void* c, std::size_t* bytes) {
    DnnCall call("cudnnGetReductionIndicesSize", handle);
    if (call.code) { return call.code; }
    const ReductionDescriptor* const d = find<ReductionDescriptor>(descriptor);
    const Layout *al = tensor_layout(a), *cl = tensor_layout(c);
    if (int code = check_reduction(call, d, al, cl)) { return code; }
    if (!bytes) { return call.null("the size"); }
    *bytes = has_indices(*d) ? static_cast<std::size_t>(cl->count()) * sizeof(unsigned) : 0;
    return DnnSuccess;
}

CUSIM_API int cudnnReduceTensor(void* handle, void* descriptor, void* indices, std::size_t indexBytes, void* workspace, std::size_t bytes,
    const void* alpha, void* aDescriptor, const void* a, const void* beta, void* cDescriptor, void* c) {
    DnnCall call("cudnnReduceTensor", handle);
    if (call.code) { return call.code; }
    const ReductionDescriptor* const d = find<ReductionDescriptor>(descriptor);
    const Layout *al = tensor_layout(aDescriptor), *cl = tensor_layout(cDescriptor);
    Scale scale;
    if (!take_scale(alpha, beta, scale)) { return call.null("alpha or beta"); }
    std::vector<Range> ranges;
    if (int code = check_tensors(call, {{"A", al, a}, {"C", cl, c}}, ranges)) { return code; }
    if (int code = check_reduction(call, d, al, cl)) { return code; }
    const bool indexed = has_indices(*d);
    if (indexed && d->indexType != 0) { return call.bad(DnnNotSupported, "only 32-bit indices"); }
    const std::size_t needed = workspace_of(*al, *cl), indexNeeded = indexed ? static_cast<std::size_t>(cl->count()) * sizeof(unsigned) : 0;
    if (needed && (bytes < needed || !workspace)) { return call.bad(DnnInvalidValue, "the workspace is below " + std::to_string(needed) + " bytes"); }
    if (indexed && (indexBytes < indexNeeded || !indices)) { return call.bad(DnnInvalidValue, "the indices are below " + std::to_string(indexNeeded) + " bytes"); }
    if (needed) { ranges.push_back({reinterpret_cast<Address>(workspace), needed}); }
    if (indexed) { ranges.push_back({reinterpret_cast<Address>(indices), indexNeeded}); }
    const Layout from = *al, to = *cl;
    const int op = d->op;
    const bool keepNan = d->nan == 1;
    return queue_dnn(call, std::move(ranges), [=] {
        const bool product = op == Multiply || op == MultiplyNonZero;
        std::vector<Running> running(static_cast<std::size_t>(to.count()), Running{product ? 1.0 : 0.0});
        const auto place = [&](int n, int k, int h, int w) {
            const int index[] = {n, k, h, w};
            std::size_t at = 0;
            for (int i = 0; i < 4; i++) { at = at * to.extent[i] + (to.extent[i] == 1 ? 0 : index[i]); }
            return at;
        };
        // The index counts along the reduced axes alone, row-major.
        each_element(from, [&](int n, int k, int h, int w) {
            const int index[] = {n, k, h, w};
            unsigned flat = 0;
            for (int i = 0; i < 4; i++) { if (to.extent[i] == 1) { flat = flat * from.extent[i] + index[i]; } }
            take(running[place(n, k, h, w)], op, floats(a)[offset(from, n, k, h, w)], flat, keepNan);
        });
        const double count = static_cast<double>(from.count()) / static_cast<double>(to.count());
        each_element(to, [&](int n, int k, int h, int w) {
            const Running& result = running[place(n, k, h, w)];
            const double value = op == Average ? result.value / count : op == Norm2 ? std::sqrt(result.value) : result.value;
            blend(floats(c)[offset(to, n, k, h, w)], scale, value);
            if (indexed) { static_cast<unsigned*>(indices)[place(n, k, h, w)] = result.index; }
        });
    });
}
