// Tensor and filter descriptors.
#include "Dnn/elements.h"

using namespace cusim;

namespace {

constexpr int Nchw = 0, Nhwc = 1;
constexpr long long MostElements = 2147483647;

bool is_type(int type) { return type >= 0 && type <= 19; }

Layout dense(int type, int format, int n, int c, int h, int w) {
    const long long C = c, H = h, W = w;
    Layout layout{type, {n, c, h, w}, {C * H * W, H * W, W, 1}};
    if (format == Nhwc) {
        layout.stride[1] = 1;
        layout.stride[2] = W * C;
        layout.stride[3] = C;
    }
    return layout;
}

int take(const char* name, Layout& to, const Layout& layout) {
    for (int i = 0; i < 4; i++) {
        if (layout.extent[i] <= 0) { return dnn_error(DnnBadParameter, std::string(name) + ": an extent below 1"); }
        if (layout.stride[i] <= 0) { return dnn_error(DnnBadParameter, std::string(name) + ": a stride below 1"); }
    }
    const long double elements = static_cast<long double>(layout.extent[0]) * layout.extent[1] * layout.extent[2] * layout.extent[3];
    if (elements > MostElements || layout.span() > MostElements) {
        return dnn_error(DnnNotSupported, std::string(name) + ": more than 2147483647 elements");
    }
    to = layout;
    return DnnSuccess;
}

}  // namespace

int cusim::check_tensor(const DnnCall& call, const char* what, const Layout* layout, const void* data) {
    if (!layout) { return call.bad(DnnBadParameter, std::string(what) + "'s descriptor is none or was never set"); }
    if (!data) { return call.null(what); }
    if (layout->type != 0) { return call.bad(DnnNotSupported, std::string(what) + " is not of 4-byte floats"); }
    if (reinterpret_cast<Address>(data) % sizeof(float) != 0) { return call.bad(DnnMisaligned, std::string(what) + " is not at a multiple of 4 bytes"); }
    return DnnSuccess;
}

int cusim::check_tensors(const DnnCall& call, std::initializer_list<Tensor> tensors, std::vector<Range>& ranges) {
    for (const Tensor& tensor : tensors) {
        if (int code = check_tensor(call, tensor.what, tensor.layout, tensor.data)) { return code; }
        ranges.push_back(range_of(*tensor.layout, tensor.data));
    }
    return DnnSuccess;
}

CUSIM_API int cudnnCreateTensorDescriptor(void** d) { return create_descriptor<TensorDescriptor>("cudnnCreateTensorDescriptor", d); }
CUSIM_API int cudnnDestroyTensorDescriptor(void* d) { return destroy_descriptor<TensorDescriptor>("cudnnDestroyTensorDescriptor", d); }
CUSIM_API int cudnnCreateFilterDescriptor(void** d) { return create_descriptor<FilterDescriptor>("cudnnCreateFilterDescriptor", d); }
CUSIM_API int cudnnDestroyFilterDescriptor(void* d) { return destroy_descriptor<FilterDescriptor>("cudnnDestroyFilterDescriptor", d); }

CUSIM_API int cudnnSetTensor4dDescriptor(void* descriptor, int format, int type, int n, int c, int h, int w) {
    DnnSetup setup("cudnnSetTensor4dDescriptor");
    if (setup.code) { return setup.code; }
    TensorDescriptor* const own = find<TensorDescriptor>(descriptor);
    if (!own || !is_type(type) || (format != Nchw && format != Nhwc)) {
        return dnn_error(DnnBadParameter, "cudnnSetTensor4dDescriptor: descriptor, type or format");
    }
    return take("cudnnSetTensor4dDescriptor", own->layout, dense(type, format, n, c, h, w));
}

// Type before format here, after it for tensors.
CUSIM_API int cudnnSetFilter4dDescriptor(void* descriptor, int type, int format, int k, int c, int h, int w) {
    DnnSetup setup("cudnnSetFilter4dDescriptor");
    if (setup.code) { return setup.code; }
    FilterDescriptor* const own = find<FilterDescriptor>(descriptor);
    if (!own || !is_type(type) || (format != Nchw && format != Nhwc)) {
        return dnn_error(DnnBadParameter, "cudnnSetFilter4dDescriptor: descriptor, type or format");
    }
    own->format = format;
    return take("cudnnSetFilter4dDescriptor", own->layout, dense(type, format, k, c, h, w));
}
