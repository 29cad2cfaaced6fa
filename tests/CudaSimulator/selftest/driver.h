// The driver's calls as the tests use them, and what most tests begin with.
#pragma once
#include <cstddef>
#include <cstdint>
#include "control.h"
#include "selftest/check.h"

using Address = std::uint64_t;
using Handle = void*;

extern "C" {
int cuInit(unsigned);
int cuDriverGetVersion(int*);
int cuDeviceGetCount(int*);
int cuDeviceGet(int*, int);
int cuDeviceGetName(char*, int, int);
int cuDeviceGetAttribute(int*, int, int);
int cuDevicePrimaryCtxRetain(Handle*, int);
int cuDevicePrimaryCtxRelease_v2(int);
int cuDevicePrimaryCtxGetState(int, unsigned*, int*);
int cuCtxCreate_v2(Handle*, unsigned, int);
int cuCtxDestroy_v2(Handle);
int cuCtxSetCurrent(Handle);
int cuCtxGetCurrent(Handle*);
int cuCtxPushCurrent_v2(Handle);
int cuCtxPopCurrent_v2(Handle*);
int cuCtxGetDevice(int*);
int cuCtxSynchronize();
int cuMemGetInfo_v2(std::size_t*, std::size_t*);
int cuMemAlloc_v2(Address*, std::size_t);
int cuMemFree_v2(Address);
int cuMemAllocAsync(Address*, std::size_t, Handle);
int cuMemFreeAsync(Address, Handle);
int cuMemHostAlloc(void**, std::size_t, unsigned);
int cuMemFreeHost(void*);
int cuMemHostRegister_v2(void*, std::size_t, unsigned);
int cuMemHostUnregister(void*);
int cuMemcpyHtoD_v2(Address, const void*, std::size_t);
int cuMemcpyDtoH_v2(void*, Address, std::size_t);
int cuMemcpyDtoD_v2(Address, Address, std::size_t);
int cuMemcpyHtoDAsync_v2(Address, const void*, std::size_t, Handle);
int cuMemcpyDtoHAsync_v2(void*, Address, std::size_t, Handle);
int cuMemcpyDtoDAsync_v2(Address, Address, std::size_t, Handle);
int cuMemsetD8Async(Address, unsigned char, std::size_t, Handle);
int cuMemsetD32Async(Address, unsigned, std::size_t, Handle);
int cuPointerGetAttribute(void*, int, Address);
int cuDeviceGetDefaultMemPool(Handle*, int);
int cuMemPoolCreate(Handle*, const void*);
int cuMemPoolDestroy(Handle);
int cuMemPoolSetAttribute(Handle, int, const void*);
int cuMemPoolGetAttribute(Handle, int, void*);
int cuMemAllocFromPoolAsync(Address*, std::size_t, Handle, Handle);
int cuStreamCreate(Handle*, unsigned);
int cuStreamDestroy_v2(Handle);
int cuStreamSynchronize(Handle);
int cuStreamQuery(Handle);
int cuStreamWaitEvent(Handle, Handle, unsigned);
int cuStreamGetCtx(Handle, Handle*);
int cuLaunchHostFunc(Handle, void (*)(void*), void*);
int cuEventCreate(Handle*, unsigned);
int cuEventDestroy_v2(Handle);
int cuEventRecord(Handle, Handle);
int cuEventQuery(Handle);
int cuEventSynchronize(Handle);
int cuEventElapsedTime(float*, Handle, Handle);
int cuStreamBeginCapture_v2(Handle, int);
int cuStreamEndCapture(Handle, Handle*);
int cuStreamIsCapturing(Handle, int*);
int cuThreadExchangeStreamCaptureMode(int*);
int cuGraphInstantiateWithFlags(Handle*, Handle, unsigned long long);
int cuGraphLaunch(Handle, Handle);
int cuGraphExecUpdate_v2(Handle, Handle, void*);
int cuGraphExecDestroy(Handle);
int cuGraphDestroy(Handle);
int cuGraphGetNodes(Handle, Handle*, std::size_t*);
int cuModuleLoadDataEx(Handle*, const void*, unsigned, const int*, void**);
int cuModuleUnload(Handle);
int cuModuleGetFunction(Handle*, Handle, const char*);
int cuModuleGetGlobal_v2(Address*, std::size_t*, Handle, const char*);
int cuFuncGetAttribute(int*, int, Handle);
int cuFuncSetAttribute(Handle, int, int);
int cuOccupancyMaxActiveBlocksPerMultiprocessor(int*, Handle, int, std::size_t);
int cuLaunchKernel(Handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, Handle, void**, void**);
int cuGetErrorName(int, const char**);
int cuGetProcAddress_v2(const char*, void**, int, unsigned long long, int*);
}

// The primary context of device 0, current, and a stream that does not synchronise with the legacy one.
struct Machine {
    Machine() {
        OK(cuInit(0));
        OK(cuDevicePrimaryCtxRetain(&context, 0));
        OK(cuCtxSetCurrent(context));
        OK(cuStreamCreate(&stream, 1));
    }
    Handle context = nullptr, stream = nullptr;
};

inline Address device_memory(std::size_t bytes) {
    Address address = 0;
    OK(cuMemAlloc_v2(&address, bytes));
    return address;
}

template <class T>
T read_back(Address address) {
    T value{};
    OK(cuMemcpyDtoH_v2(&value, address, sizeof value));
    return value;
}

template <class T>
void write_now(Address address, T value) { OK(cuMemcpyHtoD_v2(address, &value, sizeof value)); }

inline Handle make_event() {
    Handle event = nullptr;
    OK(cuEventCreate(&event, 0));
    return event;
}

bool report_contains(const char* words);

// Two kernels of the tests: set(float* to, float value, int count), and spoil(float* to), which writes to[-1].
extern const char* const TestPtx;
Handle test_function(const char* name);
int launch_set(Handle function, Address to, float value, int count, Handle stream);
