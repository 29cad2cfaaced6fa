// The descriptors of operations: what they hold, and the ranges they allow.
#include "Dnn/descriptors.h"

using namespace cusim;

namespace {

int refuse(const char* name, const char* what) { return dnn_error(DnnBadParameter, std::string(name) + ": " + what); }
bool is_nan_option(int nan) { return nan == 0 || nan == 1; }

}  // namespace

CUSIM_API int cudnnCreateConvolutionDescriptor(void** d) { return create_descriptor<ConvolutionDescriptor>("cudnnCreateConvolutionDescriptor", d); }
CUSIM_API int cudnnDestroyConvolutionDescriptor(void* d) { return destroy_descriptor<ConvolutionDescriptor>("cudnnDestroyConvolutionDescriptor", d); }
CUSIM_API int cudnnCreateActivationDescriptor(void** d) { return create_descriptor<ActivationDescriptor>("cudnnCreateActivationDescriptor", d); }
CUSIM_API int cudnnDestroyActivationDescriptor(void* d) { return destroy_descriptor<ActivationDescriptor>("cudnnDestroyActivationDescriptor", d); }

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

CUSIM_API int cudnnSetConvolutionMathType(void* descriptor, int math) {
    constexpr auto name = "cudnnSetConvolutionMathType";
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    ConvolutionDescriptor* const own = find<ConvolutionDescriptor>(descriptor);
    if (!own || math < 0 || math > 3) { return refuse(name, "descriptor or math type"); }
    own->settings.math = math;
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
