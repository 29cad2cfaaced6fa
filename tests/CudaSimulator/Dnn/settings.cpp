// The descriptors of operations: what they hold, and the ranges they allow.
#include "Dnn/descriptors.h"

using namespace cusim;

namespace {

int refuse(const char* name, const char* what) { return dnn_error(DnnBadParameter, std::string(name) + ": " + what); }
bool is_nan_option(int nan) { return nan == 0 || nan == 1; }

}  // namespace

CUSIM_API int cudnnCreateConvolutionDescriptor(void** d) { return create_descriptor<ConvolutionDescriptor>("cudnnCreateConvolutionDescriptor", d); }
CUSIM_API int cudnnDestroyConvolutionDescriptor(void* d) { return destroy_descriptor<ConvolutionDescriptor>("cudnnDestroyConvolutionDescriptor", d); }
CUSIM_API int cudnnCreatePoolingDescriptor(void** d) { return create_descriptor<PoolingDescriptor>("cudnnCreatePoolingDescriptor", d); }
CUSIM_API int cudnnDestroyPoolingDescriptor(void* d) { return destroy_descriptor<PoolingDescriptor>("cudnnDestroyPoolingDescriptor", d); }
CUSIM_API int cudnnCreateActivationDescriptor(void** d) { return create_descriptor<ActivationDescriptor>("cudnnCreateActivationDescriptor", d); }
CUSIM_API int cudnnDestroyActivationDescriptor(void* d) { return destroy_descriptor<ActivationDescriptor>("cudnnDestroyActivationDescriptor", d); }
CUSIM_API int cudnnCreateLRNDescriptor(void** d) { return create_descriptor<LrnDescriptor>("cudnnCreateLRNDescriptor", d); }
CUSIM_API int cudnnDestroyLRNDescriptor(void* d) { return destroy_descriptor<LrnDescriptor>("cudnnDestroyLRNDescriptor", d); }
CUSIM_API int cudnnCreateOpTensorDescriptor(void** d) { return create_descriptor<OpTensorDescriptor>("cudnnCreateOpTensorDescriptor", d); }
CUSIM_API int cudnnDestroyOpTensorDescriptor(void* d) { return destroy_descriptor<OpTensorDescriptor>("cudnnDestroyOpTensorDescriptor", d); }
CUSIM_API int cudnnCreateReduceTensorDescriptor(void** d) { return create_descriptor<ReductionDescriptor>("cudnnCreateReduceTensorDescriptor", d); }
CUSIM_API int cudnnDestroyReduceTensorDescriptor(void* d) { return destroy_descriptor<ReductionDescriptor>("cudnnDestroyReduceTensorDescriptor", d); }

CUSIM_API int cudnnSetConvolution2dDescriptor(void* descriptor, int padH, int padW, int strideH, int strideW, int dilationH,
    int dilationW, int mode, int computeType) {
    constexpr auto name = "cudnnSetConvolution2dDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own) { return refuse(name, "not a live descriptor"); }
    if (padH < 0 || padW < 0) { return refuse(name, "padding below 0"); }
    if (strideH <= 0 || strideW <= 0 || dilationH <= 0 || dilationW <= 0) { return refuse(name, "stride or dilation below 1"); }
    if (mode < 0 || mode > 1 || computeType < 0) { return refuse(name, "mode or compute type"); }
    ConvolutionSettings& s = own->settings;
    const int groups = s.set ? s.groups : 1, math = s.math;
    s = {{padH, padW}, {strideH, strideW}, {dilationH, dilationW}, mode == 0, groups, math, true};
    own->computeType = computeType;
    return DnnSuccess;
}

CUSIM_API int cudnnGetConvolution2dDescriptor(void* descriptor, int* padH, int* padW, int* strideH, int* strideW, int* dilationH,
    int* dilationW, int* mode, int* computeType) {
    constexpr auto name = "cudnnGetConvolution2dDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    const ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own || !own->settings.set) { return refuse(name, "no set descriptor"); }
    const ConvolutionSettings& s = own->settings;
    const int values[] = {s.pad[0], s.pad[1], s.stride[0], s.stride[1], s.dilation[0], s.dilation[1], s.flip ? 0 : 1, own->computeType};
    int* const to[] = {padH, padW, strideH, strideW, dilationH, dilationW, mode, computeType};
    for (int i = 0; i < 8; i++) {
        if (to[i]) { *to[i] = values[i]; }
    }
    return DnnSuccess;
}

CUSIM_API int cudnnSetConvolutionMathType(void* descriptor, int math) {
    constexpr auto name = "cudnnSetConvolutionMathType";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own || math < 0 || math > 3) { return refuse(name, "descriptor or math type"); }
    own->settings.math = math;
    return DnnSuccess;
}

CUSIM_API int cudnnGetConvolutionMathType(void* descriptor, int* math) {
    constexpr auto name = "cudnnGetConvolutionMathType";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    const ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own || !math) { return refuse(name, "descriptor or pointer"); }
    *math = own->settings.math;
    return DnnSuccess;
}

CUSIM_API int cudnnSetConvolutionGroupCount(void* descriptor, int groups) {
    constexpr auto name = "cudnnSetConvolutionGroupCount";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own || groups <= 0) { return refuse(name, "descriptor, or groups below 1"); }
    own->settings.groups = groups;
    return DnnSuccess;
}

CUSIM_API int cudnnGetConvolutionGroupCount(void* descriptor, int* groups) {
    constexpr auto name = "cudnnGetConvolutionGroupCount";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    const ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own || !groups) { return refuse(name, "descriptor or pointer"); }
    *groups = own->settings.groups;
    return DnnSuccess;
}

CUSIM_API int cudnnSetPooling2dDescriptor(void* descriptor, int mode, int nan, int windowH, int windowW, int padH, int padW,
    int strideH, int strideW) {
    constexpr auto name = "cudnnSetPooling2dDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    PoolingDescriptor* const own = find<PoolingDescriptor>(descriptor);
    if (!own || mode < 0 || mode > 3 || !is_nan_option(nan)) { return refuse(name, "descriptor, mode or NaN option"); }
    if (windowH <= 0 || windowW <= 0 || strideH <= 0 || strideW <= 0 || padH < 0 || padW < 0) { return refuse(name, "window, stride or padding"); }
    if (padH >= windowH || padW >= windowW) { return refuse(name, "padding that a whole window fits in"); }
    own->settings = {mode, nan, {windowH, windowW}, {padH, padW}, {strideH, strideW}, true};
    return DnnSuccess;
}

CUSIM_API int cudnnSetActivationDescriptor(void* descriptor, int mode, int nan, double coefficient) {
    constexpr auto name = "cudnnSetActivationDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ActivationDescriptor* const own = find<ActivationDescriptor>(descriptor);
    if (!own || mode < 0 || mode > 6 || !is_nan_option(nan)) { return refuse(name, "descriptor, mode or NaN option"); }
    own->settings.mode = mode;
    own->settings.nan = nan;
    own->settings.coefficient = coefficient;
    own->settings.set = true;
    return DnnSuccess;
}

CUSIM_API int cudnnSetActivationDescriptorSwishBeta(void* descriptor, double beta) {
    constexpr auto name = "cudnnSetActivationDescriptorSwishBeta";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ActivationDescriptor* const own = find<ActivationDescriptor>(descriptor);
    if (!own) { return refuse(name, "not a live descriptor"); }
    own->settings.swishBeta = beta;
    return DnnSuccess;
}

CUSIM_API int cudnnSetLRNDescriptor(void* descriptor, unsigned n, double alpha, double beta, double k) {
    constexpr auto name = "cudnnSetLRNDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    LrnDescriptor* const own = find<LrnDescriptor>(descriptor);
    if (!own) { return refuse(name, "not a live descriptor"); }
    if (n < 1 || n > 16) { return refuse(name, "n outside 1..16"); }
    if (!(k >= 1e-5) || !(beta >= 0.01)) { return refuse(name, "k below 1e-5 or beta below 0.01"); }
    own->settings = {n, alpha, beta, k};
    return DnnSuccess;
}

CUSIM_API int cudnnSetOpTensorDescriptor(void* descriptor, int op, int type, int nan) {
    constexpr auto name = "cudnnSetOpTensorDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    OpTensorDescriptor* const own = find<OpTensorDescriptor>(descriptor);
    if (!own || op < 0 || op > 5 || !is_nan_option(nan)) { return refuse(name, "descriptor, operation or NaN option"); }
    own->op = op;
    own->type = type;
    own->nan = nan;
    own->set = true;
    return DnnSuccess;
}

CUSIM_API int cudnnSetReduceTensorDescriptor(void* descriptor, int op, int type, int nan, int indices, int indexType) {
    constexpr auto name = "cudnnSetReduceTensorDescriptor";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ReductionDescriptor* const own = find<ReductionDescriptor>(descriptor);
    if (!own || op < 0 || op > 8 || !is_nan_option(nan)) { return refuse(name, "descriptor, operation or NaN option"); }
    if (indices < 0 || indices > 1 || indexType < 0 || indexType > 3) { return refuse(name, "indices"); }
    own->op = op;
    own->type = type;
    own->nan = nan;
    own->indices = indices;
    own->indexType = indexType;
    own->set = true;
    return DnnSuccess;
}
