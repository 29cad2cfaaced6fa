#include "selftest/driver.h"

TEST(the_nth_call_fails) {
    Machine machine;
    cusim_fault("cuMemAlloc_v2", 2, 2);
    Address first, second;
    OK(cuMemAlloc_v2(&first, 4));
    EQUAL(cuMemAlloc_v2(&second, 4), 2);
    OK(cuMemAlloc_v2(&second, 4));
    EQUAL(cusim_fault_fired("cuMemAlloc_v2"), 1);
    EQUAL(cusim_calls("cuMemAlloc_v2"), 3);
    cusim_fault("cuMemAlloc_v2", 0, 999);
    EQUAL(cuMemAlloc_v2(&second, 4), 999);
    EQUAL(cuMemAlloc_v2(&second, 4), 999);
    cusim_fault("cuMemAlloc_v2", 0, 0);
    EQUAL(cusim_fault_fired("cuMemAlloc_v2"), -1);
    OK(cuMemAlloc_v2(&second, 4));
}

TEST(a_sticky_fault_kills_its_context) {
    Machine machine;
    const Address address = device_memory(4);
    cusim_fault("cuMemsetD8Async", 1, 719);
    EQUAL(cuMemsetD8Async(address, 0, 4, machine.stream), 719);
    Address more;
    EQUAL(cuMemAlloc_v2(&more, 4), 719);
    EQUAL(cuStreamSynchronize(machine.stream), 719);
    // Releasing still releases.
    EQUAL(cuMemFree_v2(address), 719);
    EQUAL(cuStreamDestroy_v2(machine.stream), 719);
    EQUAL(cusim_live(CUSIM_DEVICE_MEMORY), 0);
    EQUAL(cusim_live(CUSIM_STREAMS), 0);
    OK(cuDevicePrimaryCtxRelease_v2(0));
    Handle fresh;
    OK(cuDevicePrimaryCtxRetain(&fresh, 0));
    OK(cuCtxSetCurrent(fresh));
    OK(cuMemAlloc_v2(&more, 4));
}

TEST(late_faults_come_with_the_wait) {
    Machine machine;
    const Address address = device_memory(4);
    cusim_fault_late("cuMemsetD8Async", 1, 999);
    OK(cuMemsetD8Async(address, 0, 4, machine.stream));
    Address more;
    OK(cuMemAlloc_v2(&more, 4));
    EQUAL(cuStreamSynchronize(machine.stream), 999);
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<unsigned>(address), 0xCDCDCDCDu);
    cusim_fault_late("cuMemsetD8Async", 1, 700);
    OK(cuMemsetD8Async(address, 0, 4, machine.stream));
    OK(cuMemAlloc_v2(&more, 4));
    EQUAL(cuStreamSynchronize(machine.stream), 700);
    EQUAL(cuMemAlloc_v2(&more, 4), 700);
}

TEST(the_log_names_threads) {
    Machine machine;
    char log[4096];
    CHECK(cusim_log(log, sizeof log) > 0);
    CHECK(cusim_calls(nullptr) >= 4);
    CHECK(cusim_calls("cuInit") == 1);
}

TEST(an_injected_error_of_capture_spoils_it) {
    Machine machine;
    const Address address = device_memory(4);
    Handle graph;
    cusim_fault("cuMemsetD32Async", 1, 900);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    EQUAL(cuMemsetD32Async(address, 3, 1, machine.stream), 900);
    EQUAL(cuMemsetD32Async(address, 3, 1, machine.stream), 901);
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);
    cusim_fault("cuStreamEndCapture", 1, 904);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 904);
    OK(cuMemsetD32Async(address, 3, 1, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<int>(address), 3);
}
