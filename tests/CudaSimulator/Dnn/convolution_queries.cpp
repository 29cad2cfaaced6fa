// The questions about convolutions: output extents, workspaces, which algorithm.
#include <cstring>
#include "Core/capture.h"
#include "Dnn/convolution.h"
#include "Dnn/elements.h"
#include "control.h"

using namespace cusim;

namespace {

int workspace_size(DnnCall& call, Pass pass, void* x, void* w, void* conv, void* y, int algorithm, std::size_t* bytes) {
    if (call.code) { return call.code; }
    Problem p;
    if (int code = check_problem(call, tensor_layout(x), filter_layout(w), find<ConvolutionDescriptor>(conv), tensor_layout(y), p)) { return code; }
    if (!bytes) { return call.null("the size"); }
    if (algorithm < 0 || algorithm >= algorithm_count(pass)) { return call.bad(DnnBadParameter, "algorithm " + std::to_string(algorithm)); }
    std::size_t needed;
    if (!algorithm_supports(pass, algorithm, p, needed)) { return call.bad(DnnNotSupported, "algorithm " + std::to_string(algorithm)); }
    *bytes = has_manner(CUSIM_WORKSPACE_GROWS) ? 2 * needed : needed;
    return DnnSuccess;
}

int choose(DnnCall& call, Pass pass, void* x, void* w, void* conv, void* y, int requested, int* returned, Performance* results,
    std::size_t workspaceLimit = SIZE_MAX) {
    if (call.code) { return call.code; }
    Problem p;
    if (int code = check_problem(call, tensor_layout(x), filter_layout(w), find<ConvolutionDescriptor>(conv), tensor_layout(y), p)) { return code; }
    if (!returned || !results) { return call.null("the count or the results"); }
    if (requested < 1) { return call.bad(DnnBadParameter, "fewer than 1 result requested"); }
    const std::vector<Performance> ranked = rank_algorithms(pass, p, workspaceLimit);
    *returned = 0;
    for (const Performance& result : ranked) {
        if (*returned < requested) { results[(*returned)++] = result; }
    }
    return DnnSuccess;
}

// Find runs and times kernels: not while capturing, and what it writes is overwritten.
int find_algorithm(DnnCall& call, Pass pass, void* x, void* w, void* conv, void* y, void* output, const Layout* outputLayout,
    int requested, int* returned, Performance* results, const void* workspace, std::size_t bytes) {
    if (call.code) { return call.code; }
    Stream* const stream = resolve_stream(call.handle->stream, *call.handle->context);
    if (!stream || refuse_captured(*stream) || refuse_unsafe_call()) { return call.bad(DnnExecutionFailedDriver, "not while capturing"); }
    if (int code = choose(call, pass, x, w, conv, y, requested, returned, results, workspace ? bytes : 0)) { return code; }
    if (int code = check_tensor(call, "the output", outputLayout, output)) { return code; }
    const Layout layout = *outputLayout;
    const int code = queue_dnn(call, {range_of(layout, output)}, [layout, output] {
        each_element(layout, [&](int n, int c, int h, int v) { std::memset(floats(output) + offset(layout, n, c, h, v), FreshByte, sizeof(float)); });
    });
    if (code) { return code; }
    return synchronize(*stream) ? call.bad(DnnExecutionFailedDriver, "while timing") : static_cast<int>(DnnSuccess);
}

}  // namespace

CUSIM_API int cudnnGetConvolutionForwardWorkspaceSize(void* handle, void* x, void* w, void* conv, void* y, int algorithm, std::size_t* bytes) {
    DnnCall call("cudnnGetConvolutionForwardWorkspaceSize", handle);
    return workspace_size(call, Pass::Forward, x, w, conv, y, algorithm, bytes);
}

CUSIM_API int cudnnGetConvolutionBackwardDataWorkspaceSize(void* handle, void* w, void* dy, void* conv, void* dx, int algorithm, std::size_t* bytes) {
    DnnCall call("cudnnGetConvolutionBackwardDataWorkspaceSize", handle);
    return workspace_size(call, Pass::BackwardData, dx, w, conv, dy, algorithm, bytes);
}

CUSIM_API int cudnnGetConvolutionBackwardFilterWorkspaceSize(void* handle, void* x, void* dy, void* conv, void* dw, int algorithm, std::size_t* bytes) {
    DnnCall call("cudnnGetConvolutionBackwardFilterWorkspaceSize", handle);
    return workspace_size(call, Pass::BackwardFilter, x, dw, conv, dy, algorithm, bytes);
}

CUSIM_API int cudnnGetConvolutionForwardAlgorithm_v7(void* handle, void* x, void* w, void* conv, void* y, int requested, int* returned, Performance* results) {
    DnnCall call("cudnnGetConvolutionForwardAlgorithm_v7", handle);
    return choose(call, Pass::Forward, x, w, conv, y, requested, returned, results);
}

CUSIM_API int cudnnGetConvolutionBackwardDataAlgorithm_v7(void* handle, void* w, void* dy, void* conv, void* dx, int requested, int* returned, Performance* results) {
    DnnCall call("cudnnGetConvolutionBackwardDataAlgorithm_v7", handle);
    return choose(call, Pass::BackwardData, dx, w, conv, dy, requested, returned, results);
}

CUSIM_API int cudnnGetConvolutionBackwardFilterAlgorithm_v7(void* handle, void* x, void* dy, void* conv, void* dw, int requested, int* returned, Performance* results) {
    DnnCall call("cudnnGetConvolutionBackwardFilterAlgorithm_v7", handle);
    return choose(call, Pass::BackwardFilter, x, dw, conv, dy, requested, returned, results);
}

CUSIM_API int cudnnFindConvolutionForwardAlgorithmEx(void* handle, void* xDescriptor, const void*, void* wDescriptor, const void*,
    void* conv, void* yDescriptor, void* y, int requested, int* returned, Performance* results, void* workspace, std::size_t bytes) {
    DnnCall call("cudnnFindConvolutionForwardAlgorithmEx", handle);
    return find_algorithm(call, Pass::Forward, xDescriptor, wDescriptor, conv, yDescriptor, y, tensor_layout(yDescriptor), requested,
        returned, results, workspace, bytes);
}

CUSIM_API int cudnnFindConvolutionBackwardDataAlgorithmEx(void* handle, void* wDescriptor, const void*, void* dyDescriptor, const void*,
    void* conv, void* dxDescriptor, void* dx, int requested, int* returned, Performance* results, void* workspace, std::size_t bytes) {
    DnnCall call("cudnnFindConvolutionBackwardDataAlgorithmEx", handle);
    return find_algorithm(call, Pass::BackwardData, dxDescriptor, wDescriptor, conv, dyDescriptor, dx, tensor_layout(dxDescriptor),
        requested, returned, results, workspace, bytes);
}

CUSIM_API int cudnnFindConvolutionBackwardFilterAlgorithmEx(void* handle, void* xDescriptor, const void*, void* dyDescriptor, const void*,
    void* conv, void* dwDescriptor, void* dw, int requested, int* returned, Performance* results, void* workspace, std::size_t bytes) {
    DnnCall call("cudnnFindConvolutionBackwardFilterAlgorithmEx", handle);
    return find_algorithm(call, Pass::BackwardFilter, xDescriptor, dwDescriptor, conv, dyDescriptor, dw, filter_layout(dwDescriptor),
        requested, returned, results, workspace, bytes);
}
