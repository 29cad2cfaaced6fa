#include <thread>
#include "selftest/driver.h"

TEST(work_waits_for_somebody_to_wait) {
    Machine machine;
    const Address address = device_memory(4);
    int source = 1, seen = 0;
    OK(cuMemcpyHtoDAsync_v2(address, &source, 4, machine.stream));
    // Neither ran: the source is read late, and the blocking copy does not wait for a non-blocking stream.
    EQUAL(read_back<unsigned>(address), 0xCDCDCDCDu);
    source = 2;
    OK(cuMemcpyDtoHAsync_v2(&seen, address, 4, machine.stream));
    EQUAL(seen, 0);
    EQUAL(cusim_pending(), 2);
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(seen, 2);
    EQUAL(cusim_pending(), 0);
}

TEST(eager_work_runs_at_once) {
    Machine machine;
    cusim_eager(1);
    const Address address = device_memory(4);
    OK(cuMemsetD32Async(address, 7, 1, machine.stream));
    EQUAL(read_back<int>(address), 7);
}

TEST(legacy_stream_orders_blocking_streams) {
    Machine machine;
    Handle blocking;
    OK(cuStreamCreate(&blocking, 0));
    const Address address = device_memory(4);
    OK(cuMemsetD32Async(address, 1, 1, blocking));
    OK(cuMemsetD32Async(address, 2, 1, nullptr));
    OK(cuMemsetD32Async(address, 3, 1, blocking));
    EQUAL(read_back<int>(address), 3);
    OK(cuMemsetD32Async(address, 4, 1, nullptr));
    Address copy = device_memory(4);
    OK(cuMemcpyDtoDAsync_v2(copy, address, 4, blocking));
    OK(cuStreamSynchronize(blocking));
    EQUAL(read_back<int>(copy), 4);
}

TEST(query_is_not_ready_once) {
    Machine machine;
    OK(cuStreamQuery(machine.stream));
    OK(cuMemsetD32Async(device_memory(4), 1, 1, machine.stream));
    EQUAL(cuStreamQuery(machine.stream), 600);
    OK(cuStreamQuery(machine.stream));
}

TEST(events_order_streams) {
    Machine machine;
    Handle other, event = make_event();
    OK(cuStreamCreate(&other, 1));
    const Address address = device_memory(8);
    OK(cuMemsetD32Async(address, 5, 1, machine.stream));
    OK(cuEventRecord(event, machine.stream));
    OK(cuMemsetD32Async(address, 6, 1, machine.stream));
    OK(cuStreamWaitEvent(other, event, 0));
    OK(cuMemcpyDtoDAsync_v2(address + 4, address, 4, other));
    OK(cuStreamSynchronize(other));
    // Only what the event stands for ran.
    EQUAL(read_back<int>(address + 4), 5);
    EQUAL(read_back<int>(address), 5);
    OK(cuEventSynchronize(event));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<int>(address), 6);
}

TEST(without_the_event_poison_is_read) {
    Machine machine;
    Handle other;
    OK(cuStreamCreate(&other, 1));
    const Address address = device_memory(8);
    OK(cuMemsetD32Async(address, 5, 1, machine.stream));
    OK(cuMemcpyDtoDAsync_v2(address + 4, address, 4, other));
    OK(cuStreamSynchronize(other));
    EQUAL(read_back<unsigned>(address + 4), 0xCDCDCDCDu);
}

TEST(event_times) {
    Machine machine;
    Handle start = make_event(), end = make_event(), untimed;
    OK(cuEventCreate(&untimed, 2));
    float milliseconds = -1;
    EQUAL(cuEventElapsedTime(&milliseconds, start, end), 400);
    OK(cuEventRecord(start, machine.stream));
    OK(cuEventRecord(end, machine.stream));
    EQUAL(cuEventElapsedTime(&milliseconds, start, end), 600);
    EQUAL(cuEventQuery(end), 600);
    OK(cuEventQuery(end));
    OK(cuEventElapsedTime(&milliseconds, start, end));
    CHECK(milliseconds >= 0);
    OK(cuEventRecord(untimed, machine.stream));
    OK(cuCtxSynchronize());
    EQUAL(cuEventElapsedTime(&milliseconds, start, untimed), 400);
    OK(cuEventQuery(make_event()));
}

TEST(destroyed_streams_finish) {
    Machine machine;
    const Address address = device_memory(4);
    OK(cuMemsetD32Async(address, 9, 1, machine.stream));
    OK(cuStreamDestroy_v2(machine.stream));
    EQUAL(cuStreamSynchronize(machine.stream), 400);
    OK(cuCtxSynchronize());
    EQUAL(read_back<int>(address), 9);
}

namespace {
struct Seen { int code = -1; bool sameThread = true; std::thread::id caller; };
}

TEST(host_functions_run_elsewhere_and_may_not_call) {
    Machine machine;
    Seen seen;
    seen.caller = std::this_thread::get_id();
    OK(cuLaunchHostFunc(machine.stream, [](void* data) {
        Seen& to = *static_cast<Seen*>(data);
        to.sameThread = to.caller == std::this_thread::get_id();
        Address address;
        to.code = cuMemAlloc_v2(&address, 4);
    }, &seen));
    EQUAL(seen.code, -1);
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(seen.code, 800);
    CHECK(!seen.sameThread);
}
