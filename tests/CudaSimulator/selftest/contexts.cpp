#include <cstring>
#include <thread>
#include "selftest/driver.h"

TEST(nothing_before_init) {
    int count = 0;
    EQUAL(cuDeviceGetCount(&count), 3);
    EQUAL(cuInit(1), 1);
    OK(cuInit(0));
    OK(cuDeviceGetCount(&count));
    EQUAL(count, 1);
    int device;
    EQUAL(cuDeviceGet(&device, 1), 101);
    int version;
    OK(cuDriverGetVersion(&version));
    EQUAL(version, 13000);
}

TEST(two_devices_by_the_control) {
    cusim_devices(2);
    OK(cuInit(0));
    Handle first, second;
    OK(cuDevicePrimaryCtxRetain(&first, 0));
    OK(cuDevicePrimaryCtxRetain(&second, 1));
    CHECK(first != second);
    OK(cuCtxSetCurrent(second));
    int device = -1;
    OK(cuCtxGetDevice(&device));
    EQUAL(device, 1);
    EQUAL(cuDevicePrimaryCtxRetain(&first, 2), 101);
}

TEST(contexts_belong_to_threads) {
    Machine machine;
    std::thread([&] {
        Address address;
        EQUAL(cuMemAlloc_v2(&address, 16), 201);
        OK(cuCtxPushCurrent_v2(machine.context));
        OK(cuMemAlloc_v2(&address, 16));
        OK(cuMemFree_v2(address));
        Handle popped;
        OK(cuCtxPopCurrent_v2(&popped));
        CHECK(popped == machine.context);
        EQUAL(cuCtxPopCurrent_v2(&popped), 201);
    }).join();
    OK(cuCtxSetCurrent(nullptr));
    EQUAL(cuCtxSynchronize(), 201);
}

TEST(primary_context_is_counted) {
    Machine machine;
    Handle again;
    OK(cuDevicePrimaryCtxRetain(&again, 0));
    CHECK(again == machine.context);
    EQUAL(cusim_live(CUSIM_PRIMARY_CONTEXTS), 2);
    device_memory(64);
    OK(cuDevicePrimaryCtxRelease_v2(0));
    OK(cuCtxSynchronize());
    OK(cuDevicePrimaryCtxRelease_v2(0));
    EQUAL(cuCtxSynchronize(), 709);
    EQUAL(cuDevicePrimaryCtxRelease_v2(0), 201);
    EQUAL(cusim_live(CUSIM_DEVICE_MEMORY), 0);
    EQUAL(cusim_live(CUSIM_STREAMS), 0);
    EQUAL(cuCtxSetCurrent(machine.context), 201);
}

TEST(handles_have_kinds) {
    Machine machine;
    Handle event = make_event();
    EQUAL(cuEventDestroy_v2(machine.stream), 400);
    EQUAL(cuStreamSynchronize(event), 400);
    EQUAL(cuStreamDestroy_v2(nullptr), 400);
    EQUAL(cuCtxSetCurrent(event), 201);
    int onStack = 0;
    EQUAL(cuEventRecord(&onStack, machine.stream), 400);
    OK(cuEventDestroy_v2(event));
    EQUAL(cuEventDestroy_v2(event), 400);
    EQUAL(cusim_live(CUSIM_EVENTS), 0);
    EQUAL(cusim_live(CUSIM_STREAMS), 1);
}

TEST(own_context_refuses_foreign_streams) {
    Machine machine;
    Handle own;
    OK(cuCtxCreate_v2(&own, 0, 0));
    Handle of;
    OK(cuStreamGetCtx(machine.stream, &of));
    CHECK(of == machine.context);
    const Address here = device_memory(64);
    EQUAL(cuMemsetD8Async(here, 0, 64, machine.stream), 400);
    EQUAL(cuEventRecord(make_event(), machine.stream), 400);
    EQUAL(cusim_live(CUSIM_CONTEXTS), 1);
    OK(cuCtxDestroy_v2(own));
    Handle current;
    OK(cuCtxGetCurrent(&current));
    CHECK(current == machine.context);
    EQUAL(cusim_live(CUSIM_DEVICE_MEMORY), 0);
}

TEST(nothing_of_before_a_reset_is_known_after) {
    Handle oldStream;
    Address oldMemory;
    {
        Machine machine;
        oldStream = machine.stream;
        oldMemory = device_memory(64);
    }
    cusim_reset();
    Machine machine;
    for (int i = 0; i < 1000; i++) {
        Handle stream;
        OK(cuStreamCreate(&stream, 1));
        CHECK(stream != oldStream);
        CHECK(device_memory(64) != oldMemory);
    }
    EQUAL(cuStreamDestroy_v2(oldStream), 400);
    EQUAL(cuMemFree_v2(oldMemory), 1);
}

TEST(names_and_addresses) {
    const char* name = nullptr;
    OK(cuGetErrorName(700, &name));
    CHECK(std::strcmp(name, "CUDA_ERROR_ILLEGAL_ADDRESS") == 0);
    EQUAL(cuGetErrorName(12345, &name), 1);
    CHECK(name == nullptr);
    void* function = nullptr;
    int status = -1;
    OK(cuGetProcAddress_v2("cuMemAlloc", &function, 12000, 0, &status));
    CHECK(function == reinterpret_cast<void*>(&cuMemAlloc_v2));
    EQUAL(status, 0);
    OK(cuGetProcAddress_v2("cuNothing", &function, 12000, 0, &status));
    EQUAL(status, 1);
    EQUAL(cusim_is_simulator(), 1);
}
