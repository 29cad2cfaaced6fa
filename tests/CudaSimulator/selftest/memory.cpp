#include <cstring>
#include <vector>
#include "selftest/driver.h"

TEST(memory_is_poisoned_and_counted) {
    Machine machine;
    std::size_t before, after, total;
    OK(cuMemGetInfo_v2(&before, &total));
    EQUAL(total, std::size_t{8} << 30);
    const Address address = device_memory(1000);
    EQUAL(address % 256, 0);
    EQUAL(read_back<unsigned>(address + 996), 0xCDCDCDCDu);
    OK(cuMemGetInfo_v2(&after, &total));
    EQUAL(before - after, 1000);
    OK(cuMemFree_v2(address));
    EQUAL(cuMemFree_v2(address), 1);
    OK(cuMemFree_v2(0));
    Address none;
    EQUAL(cuMemAlloc_v2(&none, 0), 1);
    EQUAL(cusim_live(CUSIM_DEVICE_MEMORY), 0);
}

TEST(a_full_device_is_out_of_memory) {
    cusim_memory(1 << 20);
    Machine machine;
    Address first, second;
    OK(cuMemAlloc_v2(&first, 1 << 19));
    EQUAL(cuMemAlloc_v2(&second, (1 << 19) + 1), 2);
    OK(cuMemAlloc_v2(&second, 1 << 19));
    OK(cuMemFree_v2(first));
    OK(cuMemFree_v2(second));
}

TEST(copies_are_checked) {
    Machine machine;
    const Address address = device_memory(16);
    char host[32] = {};
    EQUAL(cuMemcpyHtoD_v2(address, host, 17), 1);
    EQUAL(cuMemcpyHtoD_v2(address + 8, host, 9), 1);
    EQUAL(cuMemcpyDtoH_v2(host, address + 16, 1), 1);
    EQUAL(cuMemcpyDtoH_v2(reinterpret_cast<void*>(address), reinterpret_cast<Address>(host), 4), 1);
    EQUAL(cuMemcpyHtoD_v2(address, nullptr, 4), 1);
    OK(cuMemcpyHtoD_v2(address, nullptr, 0));
    OK(cuMemFree_v2(address));
    EQUAL(cuMemcpyDtoH_v2(host, address, 1), 1);
    EQUAL(cuMemsetD32Async(device_memory(8) + 2, 0, 1, machine.stream), 1);
}

TEST(guard_bands) {
    Machine machine;
    const Address address = device_memory(10);
    EQUAL(cusim_check_guards(), 0);
    reinterpret_cast<char*>(address)[10] = 1;
    EQUAL(cusim_check_guards(), 1);
    CHECK(report_contains("written beyond its ends: 10 bytes of cuMemAlloc_v2"));
    EQUAL(cusim_check_guards(), 0);
    reinterpret_cast<char*>(address)[-1] = 1;
    EQUAL(cuStreamSynchronize(machine.stream), 700);
    EQUAL(cuStreamSynchronize(machine.stream), 700);
    EQUAL(cuMemFree_v2(address), 700);
    EQUAL(cusim_live(CUSIM_DEVICE_MEMORY), 0);
}

TEST(work_after_free_is_illegal) {
    Machine machine;
    Address address;
    OK(cuMemAllocAsync(&address, 64, machine.stream));
    Handle other;
    OK(cuStreamCreate(&other, 1));
    OK(cuMemsetD8Async(address, 1, 64, other));
    OK(cuMemFreeAsync(address, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(cuStreamSynchronize(other), 700);
    CHECK(report_contains("freed: 64 bytes of cuMemAllocAsync"));
}

TEST(ordered_memory_is_not_there_before_its_stream) {
    Machine machine;
    Address address;
    OK(cuMemAllocAsync(&address, 64, machine.stream));
    Handle other;
    OK(cuStreamCreate(&other, 1));
    OK(cuMemsetD8Async(address, 1, 64, other));
    EQUAL(cuStreamSynchronize(other), 700);
}

TEST(pools_keep_to_their_threshold) {
    Machine machine;
    Handle pool;
    OK(cuDeviceGetDefaultMemPool(&pool, 0));
    Address address;
    std::uint64_t value = ~0ull;
    OK(cuMemPoolSetAttribute(pool, 4, &value));
    OK(cuMemAllocAsync(&address, 1000, machine.stream));
    OK(cuMemFreeAsync(address, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    OK(cuMemPoolGetAttribute(pool, 5, &value));
    EQUAL(value, 1000);
    OK(cuMemPoolGetAttribute(pool, 7, &value));
    EQUAL(value, 0);
    value = 0;
    OK(cuMemPoolSetAttribute(pool, 4, &value));
    OK(cuStreamSynchronize(machine.stream));
    OK(cuMemPoolGetAttribute(pool, 5, &value));
    EQUAL(value, 0);
    OK(cuMemPoolGetAttribute(pool, 8, &value));
    EQUAL(value, 1000);
    EQUAL(cuMemPoolDestroy(pool), 1);
    EQUAL(cuMemFreeAsync(address, machine.stream), 1);
}

TEST(own_pools) {
    Machine machine;
    unsigned char properties[88] = {};
    const int pinned = 1, device = 1;
    std::memcpy(properties, &pinned, 4);
    std::memcpy(properties + 8, &device, 4);
    Handle pool;
    OK(cuMemPoolCreate(&pool, properties));
    EQUAL(cusim_live(CUSIM_POOLS), 1);
    Address address;
    OK(cuMemAllocFromPoolAsync(&address, 64, pool, machine.stream));
    Handle of = nullptr;
    OK(cuPointerGetAttribute(&of, 17, address));
    CHECK(of == pool);
    OK(cuMemFreeAsync(address, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    OK(cuMemPoolDestroy(pool));
    EQUAL(cusim_live(CUSIM_POOLS), 0);
}

TEST(pinned_memory) {
    Machine machine;
    void* pinned;
    OK(cuMemHostAlloc(&pinned, 64, 0));
    EQUAL(cusim_live(CUSIM_HOST_MEMORY), 1);
    std::vector<char> own(64);
    OK(cuMemHostRegister_v2(own.data(), 64, 0));
    EQUAL(cuMemHostRegister_v2(own.data() + 32, 64, 0), 712);
    EQUAL(cuMemFreeHost(own.data()), 1);
    EQUAL(cuMemHostUnregister(pinned), 713);
    const Address address = device_memory(64);
    OK(cuMemcpyHtoDAsync_v2(address, pinned, 64, machine.stream));
    OK(cuMemcpyHtoDAsync_v2(address, own.data(), 64, machine.stream));
    EQUAL(cusim_pageable_copies(), 0);
    char pageable[4];
    OK(cuMemcpyDtoHAsync_v2(pageable, address, 4, machine.stream));
    EQUAL(cusim_pageable_copies(), 1);
    OK(cuStreamSynchronize(machine.stream));
    unsigned type = 0;
    OK(cuPointerGetAttribute(&type, 2, reinterpret_cast<Address>(pinned)));
    EQUAL(type, 1);
    OK(cuPointerGetAttribute(&type, 2, address + 63));
    EQUAL(type, 2);
    Address start = 0;
    OK(cuPointerGetAttribute(&start, 11, address + 63));
    EQUAL(start, address);
    OK(cuMemHostUnregister(own.data()));
    OK(cuMemFreeHost(pinned));
    EQUAL(cusim_live(CUSIM_HOST_MEMORY), 0);
}

TEST(free_waits_for_the_work_only_where_the_driver_is_lenient) {
    Machine machine;
    cusim_lenient(1);
    const Address first = device_memory(4), second = device_memory(4), kept = device_memory(4);
    OK(cuMemsetD32Async(first, 5, 1, machine.stream));
    OK(cuMemcpyDtoDAsync_v2(kept, first, 4, machine.stream));
    OK(cuMemFree_v2(first));
    EQUAL(read_back<int>(kept), 5);
    cusim_lenient(0);
    OK(cuMemcpyDtoDAsync_v2(kept, second, 4, machine.stream));
    OK(cuMemFree_v2(second));
    EQUAL(cuStreamSynchronize(machine.stream), 700);
}

TEST(devices_do_not_share_memory) {
    cusim_devices(2);
    Machine machine;
    const Address here = device_memory(4);
    Handle second;
    OK(cuDevicePrimaryCtxRetain(&second, 1));
    OK(cuCtxSetCurrent(second));
    const Address there = device_memory(4);
    OK(cuMemcpyDtoD_v2(there, here, 4));
    Handle set = test_function("set"), stream;
    OK(cuStreamCreate(&stream, 1));
    OK(launch_set(set, there, 1, 1, stream));
    OK(cuStreamSynchronize(stream));
    OK(launch_set(set, here, 1, 1, stream));
    EQUAL(cuStreamSynchronize(stream), 700);
    CHECK(report_contains("of 4 bytes of cuMemAlloc_v2, device 0"));
    // The other device's context lives on.
    OK(cuCtxSetCurrent(machine.context));
    OK(cuStreamSynchronize(machine.stream));
}
