// The calls of cuBLAS and cuDNN as the tests use them.
#pragma once
#include <string>
#include <vector>
#include "selftest/driver.h"

struct Performance {
    int algorithm, status;
    float milliseconds;
    std::size_t memory;
    int determinism, math;
    int reserved[3];
};

extern "C" {
int cublasCreate_v2(Handle*);
int cublasDestroy_v2(Handle);
int cublasSetStream_v2(Handle, Handle);
int cublasSetWorkspace_v2(Handle, void*, std::size_t);
int cublasSetMathMode(Handle, int);
int cublasSetPointerMode_v2(Handle, int);
int cublasSetAtomicsMode(Handle, int);
const char* cublasGetStatusName(int);
int cublasSgemm_v2(Handle, int, int, int, int, int, const float*, const float*, int, const float*, int, const float*, float*, int);
int cublasSgemmStridedBatched(Handle, int, int, int, int, int, const float*, const float*, int, long long, const float*, int, long long,
    const float*, float*, int, long long, int);
int cublasSgemv_v2(Handle, int, int, int, const float*, const float*, int, const float*, int, const float*, float*, int);
int cudnnCreate(Handle*);
int cudnnDestroy(Handle);
int cudnnSetStream(Handle, Handle);
std::size_t cudnnGetVersion();
std::size_t cudnnGetCudartVersion();
const char* cudnnGetErrorString(int);
void cudnnGetLastErrorString(char*, std::size_t);
int cudnnCreateTensorDescriptor(Handle*);
int cudnnDestroyTensorDescriptor(Handle);
int cudnnSetTensor4dDescriptor(Handle, int, int, int, int, int, int);
int cudnnCreateFilterDescriptor(Handle*);
int cudnnSetFilter4dDescriptor(Handle, int, int, int, int, int, int);
int cudnnCreateConvolutionDescriptor(Handle*);
int cudnnSetConvolution2dDescriptor(Handle, int, int, int, int, int, int, int, int);
int cudnnSetConvolutionMathType(Handle, int);
int cudnnSetConvolutionGroupCount(Handle, int);
int cudnnGetConvolutionForwardWorkspaceSize(Handle, Handle, Handle, Handle, Handle, int, std::size_t*);
int cudnnGetConvolutionForwardAlgorithm_v7(Handle, Handle, Handle, Handle, Handle, int, int*, Performance*);
int cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle, Handle, Handle, Handle, Handle, int, int*, Performance*);
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle, Handle, Handle, Handle, Handle, int, int*, Performance*);
int cudnnFindConvolutionForwardAlgorithmEx(Handle, Handle, const void*, Handle, const void*, Handle, Handle, void*, int, int*, Performance*, void*, std::size_t);
int cudnnConvolutionForward(Handle, const void*, Handle, const void*, Handle, const void*, Handle, int, void*, std::size_t, const void*, Handle, void*);
int cudnnConvolutionBiasActivationForward(Handle, const void*, Handle, const void*, Handle, const void*, Handle, int, void*, std::size_t,
    const void*, Handle, const void*, Handle, const void*, Handle, Handle, void*);
int cudnnConvolutionBackwardData(Handle, const void*, Handle, const void*, Handle, const void*, Handle, int, void*, std::size_t, const void*, Handle, void*);
int cudnnConvolutionBackwardFilter(Handle, const void*, Handle, const void*, Handle, const void*, Handle, int, void*, std::size_t, const void*, Handle, void*);
int cudnnCreateActivationDescriptor(Handle*);
int cudnnSetActivationDescriptor(Handle, int, int, double);
}

using Floats = std::vector<float>;

// Device memory with these values.
inline float* on_device(const Floats& values) {
    const Address address = device_memory(values.size() * 4);
    OK(cuMemcpyHtoD_v2(address, values.data(), values.size() * 4));
    return reinterpret_cast<float*>(address);
}

// Device memory nobody has written: quiet NaN would hide in sums less well than in none, so NaN it is.
inline float* unread(std::size_t count) { return on_device(Floats(count, NAN)); }

// What the stream's work left there.
inline Floats result(const Machine& machine, const float* from, std::size_t count) {
    OK(cuStreamSynchronize(machine.stream));
    Floats values(count);
    OK(cuMemcpyDtoH_v2(values.data(), reinterpret_cast<Address>(from), count * 4));
    return values;
}

inline void same(const char* file, int line, const Floats& got, const Floats& expected, double tolerance) {
    if (got.size() != expected.size()) { fail(file, line, "count", static_cast<double>(got.size()), static_cast<double>(expected.size())); }
    for (std::size_t i = 0; i < got.size() && i < expected.size(); i++) {
        const bool both = std::isnan(got[i]) && std::isnan(expected[i]);
        if (!both && got[i] != expected[i] && !(std::fabs(got[i] - expected[i]) <= tolerance)) {
            fail(file, line, ("element " + std::to_string(i)).c_str(), got[i], expected[i]);
        }
    }
}

#define SAME(got, ...) same(__FILE__, __LINE__, got, Floats __VA_ARGS__, 0)
#define CLOSE(got, expected, tolerance) same(__FILE__, __LINE__, got, expected, tolerance)

struct Dnn : Machine {
    Dnn() {
        OK(cudnnCreate(&handle));
        OK(cudnnSetStream(handle, stream));
    }
    Handle handle = nullptr;
};

const float One = 1, Zero = 0, Two = 2, Half = 0.5f;

inline Handle tensor(int n, int c, int h, int w, int format = 0) {
    Handle descriptor = nullptr;
    OK(cudnnCreateTensorDescriptor(&descriptor));
    OK(cudnnSetTensor4dDescriptor(descriptor, format, 0, n, c, h, w));
    return descriptor;
}

inline Handle filter(int k, int c, int r, int s) {
    Handle descriptor = nullptr;
    OK(cudnnCreateFilterDescriptor(&descriptor));
    OK(cudnnSetFilter4dDescriptor(descriptor, 0, 0, k, c, r, s));
    return descriptor;
}

inline Handle convolution(int pad, int stride, int dilation, int groups = 1, int mode = 1) {
    Handle descriptor = nullptr;
    OK(cudnnCreateConvolutionDescriptor(&descriptor));
    OK(cudnnSetConvolution2dDescriptor(descriptor, pad, pad, stride, stride, dilation, dilation, mode, 0));
    OK(cudnnSetConvolutionGroupCount(descriptor, groups));
    return descriptor;
}

inline Handle activation(int mode, double coefficient = 0, int nan = 0) {
    Handle descriptor = nullptr;
    OK(cudnnCreateActivationDescriptor(&descriptor));
    OK(cudnnSetActivationDescriptor(descriptor, mode, nan, coefficient));
    return descriptor;
}

// Values in [-1, 1), the same each time.
inline Floats noise(std::size_t count, unsigned seed) {
    Floats values(count);
    for (float& value : values) {
        seed = seed * 1664525u + 1013904223u;
        value = static_cast<float>(seed >> 8) / 8388608.0f - 1;
    }
    return values;
}

inline double dot(const Floats& a, const Floats& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); i++) { sum += static_cast<double>(a[i]) * b[i]; }
    return sum;
}
