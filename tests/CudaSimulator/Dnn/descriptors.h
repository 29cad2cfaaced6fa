// The descriptors. They belong to no context; a call copies what it needs of them before it queues its work.
#pragma once
#include "Dnn/call.h"

namespace cusim {

// N, C, H, W with any strides.
struct Layout {
    int type = -1;                       // cudnnDataType_t; -1 until set
    int extent[4] = {};
    long long stride[4] = {};
    bool set() const { return type >= 0; }
    bool same_extents(const Layout& other) const {
        for (int i = 0; i < 4; i++) { if (extent[i] != other.extent[i]) { return false; } }
        return true;
    }
    long long count() const { return static_cast<long long>(extent[0]) * extent[1] * extent[2] * extent[3]; }
    // Elements from the first to the last.
    long long span() const {
        long long last = 0;
        for (int i = 0; i < 4; i++) { last += (extent[i] - 1) * stride[i]; }
        return last + 1;
    }
};

struct TensorDescriptor : Object {
    static constexpr Kind kind_of = Kind::Tensor;
    TensorDescriptor() : Object(Kind::Tensor, nullptr) {}
    Layout layout;
};

struct FilterDescriptor : Object {
    static constexpr Kind kind_of = Kind::Filter;
    FilterDescriptor() : Object(Kind::Filter, nullptr) {}
    Layout layout;                       // K, C / groups, R, S
    int format = 0;
};

struct ConvolutionSettings {
    int pad[2], stride[2], dilation[2];  // vertical, horizontal
    bool flip;                           // true convolution
    int groups = 1, math = 0;
    bool set = false;
};

struct ConvolutionDescriptor : Object {
    static constexpr Kind kind_of = Kind::Convolution;
    ConvolutionDescriptor() : Object(Kind::Convolution, nullptr) {}
    ConvolutionSettings settings{};
    int computeType = 0;
};

struct ActivationSettings {
    int mode = 0, nan = 0;
    double coefficient = 0;
    bool set = false;
};

struct ActivationDescriptor : Object {
    static constexpr Kind kind_of = Kind::Activation;
    ActivationDescriptor() : Object(Kind::Activation, nullptr) {}
    ActivationSettings settings;
};

// Both floats of 4 bytes, dense or strided, at an address that fits them.
int check_tensor(const DnnCall& call, const char* what, const Layout* layout, const void* data);

// Bytes from the first to the last element.
inline Range range_of(const Layout& layout, const void* data) {
    return {reinterpret_cast<Address>(data), static_cast<std::size_t>(layout.span()) * sizeof(float)};
}

// Output extent of a window that steps over a padded extent; below 1 when it does not fit.
inline int output_extent(int extent, int pad, int window, int dilation, int stride) {
    const int reach = extent + 2 * pad - ((window - 1) * dilation + 1);
    return reach < 0 ? 0 : reach / stride + 1;
}

inline const Layout* layout_of(const TensorDescriptor* tensor) { return tensor && tensor->layout.set() ? &tensor->layout : nullptr; }
inline const Layout* layout_of(const FilterDescriptor* filter) { return filter && filter->layout.set() ? &filter->layout : nullptr; }
inline const Layout* tensor_layout(void* handle) { return layout_of(find<TensorDescriptor>(handle)); }
inline const Layout* filter_layout(void* handle) { return layout_of(find<FilterDescriptor>(handle)); }

// Makes or ends a descriptor of one kind.
template <class T>
int create_descriptor(const char* name, void** descriptor) {
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    if (!descriptor) { return dnn_error(DnnNullPointer, std::string(name) + ": the descriptor is null"); }
    *descriptor = create<T>();
    return DnnSuccess;
}

template <class T>
int destroy_descriptor(const char* name, void* descriptor) {
    DnnSetup setup(name);
    if (setup.code) { return setup.code; }
    T* const own = find<T>(descriptor);
    if (!own) { return dnn_error(DnnBadParameter, std::string(name) + ": not a live descriptor of this kind"); }
    own->alive = false;
    return DnnSuccess;
}

}  // namespace cusim
