#include <thread>
#include "selftest/driver.h"

namespace {

Handle finish(Handle stream) {
    Handle graph = nullptr, exec = nullptr;
    OK(cuStreamEndCapture(stream, &graph));
    OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
    return exec;
}

}  // namespace

TEST(a_graph_does_it_again) {
    Machine machine;
    const Address address = device_memory(8);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuMemcpyDtoDAsync_v2(address + 4, address, 4, machine.stream));
    OK(cuMemsetD32Async(address, 3, 1, machine.stream));
    int status = 0;
    OK(cuStreamIsCapturing(machine.stream, &status));
    EQUAL(status, 1);
    Handle graph = nullptr, exec = nullptr;
    OK(cuStreamEndCapture(machine.stream, &graph));
    std::size_t nodes = 0;
    OK(cuGraphGetNodes(graph, nullptr, &nodes));
    EQUAL(nodes, 2);
    OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
    OK(cuGraphDestroy(graph));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<unsigned>(address), 0xCDCDCDCDu);
    write_now(address, 1);
    OK(cuGraphLaunch(exec, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<int>(address + 4), 1);
    OK(cuGraphLaunch(exec, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<int>(address + 4), 3);
    OK(cuGraphExecDestroy(exec));
    EQUAL(cusim_live(CUSIM_GRAPHS), 0);
    EQUAL(cusim_live(CUSIM_GRAPH_EXECS), 0);
}

TEST(a_graph_reads_the_same_addresses) {
    Machine machine;
    const Address address = device_memory(4);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuMemsetD32Async(address, 3, 1, machine.stream));
    Handle exec = finish(machine.stream);
    OK(cuMemFree_v2(address));
    OK(cuGraphLaunch(exec, machine.stream));
    EQUAL(cuStreamSynchronize(machine.stream), 700);
}

TEST(forbidden_calls_break_a_capture) {
    Machine machine;
    const Address address = device_memory(4);
    Handle graph;
    Handle pool = nullptr, other = nullptr, event = nullptr;
    OK(cuDeviceGetDefaultMemPool(&pool, 0));
    OK(cuStreamCreate(&other, 1));
    OK(cuEventCreate(&event, 0));
    std::uint64_t threshold = 0;
    for (int what = 0; what < 10; what++) {
        OK(cuStreamBeginCapture_v2(machine.stream, 1));
        Address more;
        int value = 0;
        switch (what) {
            case 0: EQUAL(cuMemAlloc_v2(&more, 4), 900); break;
            case 1: EQUAL(cuStreamSynchronize(machine.stream), 900); break;
            case 2: EQUAL(cuStreamQuery(machine.stream), 900); break;
            case 3: EQUAL(cuCtxSynchronize(), 900); break;
            case 4: EQUAL(cuMemcpyDtoH_v2(&value, address, 4), 900); break;
            case 5: EQUAL(cuMemFree_v2(address), 900); break;
            case 6: EQUAL(cuMemPoolGetAttribute(pool, 4, &threshold), 900); break;
            case 7: EQUAL(cuStreamSynchronize(other), 900); break;
            case 8: EQUAL(cuEventQuery(event), 900); break;
            case 9: EQUAL(cuEventSynchronize(event), 900); break;
        }
        int status = 0;
        OK(cuStreamIsCapturing(machine.stream, &status));
        EQUAL(status, 2);
        EQUAL(cuMemsetD32Async(address, 3, 1, machine.stream), 901);
        EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);
        CHECK(graph == nullptr);
    }
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 401);
    OK(cuMemsetD32Async(address, 3, 1, machine.stream));
}

TEST(capture_modes_and_threads) {
    Machine machine;
    const auto alloc_elsewhere = [&](int threadMode) {
        int code = 0;
        std::thread([&] {
            OK(cuCtxSetCurrent(machine.context));
            OK(cuThreadExchangeStreamCaptureMode(&threadMode));
            Address more;
            code = cuMemAlloc_v2(&more, 4);
        }).join();
        return code;
    };
    Handle graph;
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    EQUAL(alloc_elsewhere(0), 0);
    OK(cuStreamEndCapture(machine.stream, &graph));
    OK(cuStreamBeginCapture_v2(machine.stream, 0));
    EQUAL(alloc_elsewhere(1), 0);
    EQUAL(alloc_elsewhere(2), 0);
    EQUAL(alloc_elsewhere(0), 900);
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);
    OK(cuStreamBeginCapture_v2(machine.stream, 2));
    EQUAL(alloc_elsewhere(0), 0);
    device_memory(4);
    OK(cuStreamEndCapture(machine.stream, &graph));
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    std::thread([&] {
        OK(cuCtxSetCurrent(machine.context));
        Handle none;
        EQUAL(cuStreamEndCapture(machine.stream, &none), 908);
    }).join();
    OK(cuStreamEndCapture(machine.stream, &graph));
}

TEST(capture_follows_events) {
    Machine machine;
    Handle other, third, fork = make_event(), join = make_event();
    OK(cuStreamCreate(&other, 1));
    OK(cuStreamCreate(&third, 1));
    const Address address = device_memory(12);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuMemsetD32Async(address, 1, 1, machine.stream));
    OK(cuEventRecord(fork, machine.stream));
    OK(cuStreamWaitEvent(other, fork, 0));
    OK(cuMemcpyDtoDAsync_v2(address + 4, address, 4, other));
    OK(cuEventRecord(join, other));
    OK(cuStreamWaitEvent(machine.stream, join, 0));
    OK(cuMemcpyDtoDAsync_v2(address + 8, address + 4, 4, machine.stream));
    Handle exec = finish(machine.stream);
    int status = -1;
    OK(cuStreamIsCapturing(other, &status));
    EQUAL(status, 0);
    OK(cuGraphLaunch(exec, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<int>(address + 8), 1);

    Handle graph;
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuEventRecord(fork, machine.stream));
    OK(cuStreamWaitEvent(other, fork, 0));
    EQUAL(cuStreamEndCapture(other, &graph), 903);
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);

    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuEventRecord(fork, machine.stream));
    OK(cuStreamWaitEvent(other, fork, 0));
    OK(cuMemsetD32Async(address, 1, 1, other));
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 904);

    OK(cuEventRecord(join, third));
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    EQUAL(cuStreamWaitEvent(machine.stream, join, 0), 905);
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);

    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuEventRecord(fork, machine.stream));
    EQUAL(cuEventSynchronize(fork), 907);
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);
}

TEST(branches_without_an_edge_do_not_come_out_right) {
    Machine machine;
    Handle other, fork = make_event(), join = make_event();
    OK(cuStreamCreate(&other, 1));
    const Address address = device_memory(8);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuEventRecord(fork, machine.stream));
    OK(cuStreamWaitEvent(other, fork, 0));
    OK(cuMemsetD32Async(address, 1, 1, machine.stream));
    OK(cuMemcpyDtoDAsync_v2(address + 4, address, 4, other));  // meant to follow the line above
    OK(cuEventRecord(join, other));
    OK(cuStreamWaitEvent(machine.stream, join, 0));
    Handle exec = finish(machine.stream);
    OK(cuGraphLaunch(exec, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<unsigned>(address + 4), 0xCDCDCDCDu);
}

TEST(legacy_stream_is_kept_out) {
    Machine machine;
    Handle blocking, graph;
    OK(cuStreamCreate(&blocking, 0));
    const Address address = device_memory(4);
    EQUAL(cuStreamBeginCapture_v2(nullptr, 1), 900);
    OK(cuStreamBeginCapture_v2(blocking, 1));
    EQUAL(cuMemsetD32Async(address, 1, 1, nullptr), 906);
    EQUAL(cuStreamEndCapture(blocking, &graph), 901);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuMemsetD32Async(address, 1, 1, nullptr));
    OK(cuStreamEndCapture(machine.stream, &graph));
}

TEST(graphs_update_in_place) {
    Machine machine;
    const Address address = device_memory(4);
    struct { int result; void* node; void* from; } info{};
    const auto capture = [&](int value, int times) {
        Handle graph = nullptr;
        OK(cuStreamBeginCapture_v2(machine.stream, 1));
        for (int i = 0; i < times; i++) { OK(cuMemsetD32Async(address, static_cast<unsigned>(value), 1, machine.stream)); }
        OK(cuStreamEndCapture(machine.stream, &graph));
        return graph;
    };
    Handle exec;
    OK(cuGraphInstantiateWithFlags(&exec, capture(1, 1), 0));
    OK(cuGraphExecUpdate_v2(exec, capture(2, 1), &info));
    EQUAL(info.result, 0);
    OK(cuGraphLaunch(exec, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<int>(address), 2);
    EQUAL(cuGraphExecUpdate_v2(exec, capture(2, 2), &info), 910);
    EQUAL(info.result, 2);
}
