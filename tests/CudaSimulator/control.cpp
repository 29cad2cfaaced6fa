#include "control.h"
#include <cstring>
#include "Core/capture.h"
#include "Core/entry.h"
#include "Core/stream.h"
#include "Ptx/counts.h"
#include "Ptx/executor.h"

using namespace cusim;

namespace {

constexpr const char* KindNames[CUSIM_KINDS] = {
    "blocks of device memory", "streams", "modules", "references to primary contexts", "events", "graphs", "graph execs",
    "pools", "blocks of pinned memory", "contexts", "cuBLAS handles", "cuDNN handles", "cuDNN descriptors",
};

// Streams and pools that the simulator made for itself are not the program's to free.
long own_objects(CusimKind kind) {
    long count = 0;
    for (const auto& [address, object] : state().objects) {
        if (!object->alive) { continue; }
        switch (object->kind) {
            case Kind::Stream: {
                const Context& context = *object->context;
                bool own = object.get() != context.legacy;
                for (const auto& [thread, stream] : context.perThread) { own = own && object.get() != stream; }
                count += kind == CUSIM_STREAMS && own;
                break;
            }
            case Kind::Pool: count += kind == CUSIM_POOLS && !static_cast<const Pool&>(*object).isDefault; break;
            case Kind::Context: count += kind == CUSIM_CONTEXTS && !static_cast<const Context&>(*object).primary; break;
            case Kind::Tensor: case Kind::Filter: case Kind::Convolution: case Kind::Activation: count += kind == CUSIM_DNN_DESCRIPTORS; break;
            default: break;
        }
    }
    return count;
}

long live(int kind) {
    switch (kind) {
        case CUSIM_DEVICE_MEMORY: return live_device_blocks();
        case CUSIM_HOST_MEMORY: return live_host_blocks();
        case CUSIM_MODULES: return count_live(Kind::Module);
        case CUSIM_EVENTS: return count_live(Kind::Event);
        case CUSIM_GRAPHS: return count_live(Kind::Graph);
        case CUSIM_GRAPH_EXECS: return count_live(Kind::GraphExec);
        case CUSIM_BLAS_HANDLES: return count_live(Kind::Blas);
        case CUSIM_DNN_HANDLES: return count_live(Kind::Dnn);
        case CUSIM_PRIMARY_CONTEXTS: {
            long references = 0;
            for (const Device& device : state().devices) { references += device.references; }
            return references;
        }
        case CUSIM_STREAMS: case CUSIM_POOLS: case CUSIM_CONTEXTS: case CUSIM_DNN_DESCRIPTORS:
            return own_objects(static_cast<CusimKind>(kind));
        default: return -1;
    }
}

std::size_t give(const std::string& whole, char* text, std::size_t bytes) {
    if (text && bytes) {
        const std::size_t copied = whole.size() < bytes - 1 ? whole.size() : bytes - 1;
        std::memcpy(text, whole.data(), copied);
        text[copied] = 0;
    }
    return whole.size();
}

void set_fault(const char* entry, Fault fault) {
    std::lock_guard lock(state().mutex);
    if (fault.code) { state().faults[entry] = fault; }
    else { state().faults.erase(entry); }
}

}  // namespace

CUSIM_API int cusim_is_simulator() { return 1; }

CUSIM_API void cusim_reset() {
    std::lock_guard lock(state().mutex);
    State& all = state();
    all.captures.clear();
    for (auto& [address, object] : all.objects) {
        // Captures and streams hold each other.
        if (object->kind == Kind::Stream) { static_cast<Stream&>(*object).capture = nullptr; }
        if (object->kind == Kind::Event) { static_cast<Event&>(*object).capture = nullptr; }
    }
    release_everything();
    all.objects.clear();
    all.pools.clear();
    for (Device& device : all.devices) { device = {}; }
    all.initialized = false;
    all.lazy = true;
    all.lenient = false;
    all.deviceCount = 1;
    all.deviceBytes = DefaultDeviceBytes;
    all.driverVersion = DefaultDriver;
    all.capability = DefaultCapability;
    all.generation++;
    all.faults.clear();
    all.calls.clear();
    all.log.clear();
    all.notes.clear();
    all.kernels.clear();
    all.pageableCopies = 0;
    all.dnnManners = 0;
    ptx::set_mode(ptx::mode_of_environment());
}

CUSIM_API void cusim_devices(int count) {
    std::lock_guard lock(state().mutex);
    state().deviceCount = count < 0 ? 0 : count > MaxDevices ? MaxDevices : count;
}

CUSIM_API void cusim_memory(std::size_t bytes) {
    std::lock_guard lock(state().mutex);
    state().deviceBytes = bytes;
}

CUSIM_API void cusim_driver(int version) {
    std::lock_guard lock(state().mutex);
    state().driverVersion = version;
}

CUSIM_API void cusim_capability(int major, int minor) {
    std::lock_guard lock(state().mutex);
    state().capability = 10 * major + minor;
}

CUSIM_API void cusim_lenient(int lenient) {
    std::lock_guard lock(state().mutex);
    state().lenient = lenient != 0;
}

CUSIM_API void cusim_eager(int eager) {
    std::lock_guard lock(state().mutex);
    state().lazy = eager == 0;
}

CUSIM_API void cusim_fault(const char* entry, long nth, int code) { set_fault(entry, {nth, code, false}); }
CUSIM_API void cusim_fault_late(const char* entry, long nth, int code) { set_fault(entry, {nth, code, true}); }

CUSIM_API long cusim_fault_fired(const char* entry) {
    std::lock_guard lock(state().mutex);
    const auto found = state().faults.find(entry);
    return found == state().faults.end() ? -1 : found->second.fired;
}

CUSIM_API void cusim_dnn_manners(unsigned manners) {
    std::lock_guard lock(state().mutex);
    state().dnnManners = manners;
}

CUSIM_API long cusim_calls(const char* entry) {
    std::lock_guard lock(state().mutex);
    long count = 0;
    for (const auto& [name, calls] : state().calls) { count += !entry || name == entry ? calls : 0; }
    return count;
}

CUSIM_API long cusim_live(int kind) {
    std::lock_guard lock(state().mutex);
    return live(kind);
}

CUSIM_API long cusim_pageable_copies() {
    std::lock_guard lock(state().mutex);
    return state().pageableCopies;
}

CUSIM_API int cusim_check_guards() {
    std::lock_guard lock(state().mutex);
    return check_guards(nullptr);
}

CUSIM_API long cusim_pending() {
    std::lock_guard lock(state().mutex);
    long count = 0;
    for (const auto& [address, object] : state().objects) {
        if (object->kind == Kind::Stream) { count += static_cast<long>(static_cast<const Stream&>(*object).queue.size()); }
    }
    return count;
}

CUSIM_API std::size_t cusim_report(char* text, std::size_t bytes) {
    std::lock_guard lock(state().mutex);
    std::string report;
    for (int kind = 0; kind < CUSIM_KINDS; kind++) {
        if (const long count = live(kind)) { report += "live: " + std::to_string(count) + ' ' + KindNames[kind] + '\n'; }
    }
    report += describe_blocks();
    for (const std::string& line : state().notes) { report += line + '\n'; }
    return give(report, text, bytes);
}

CUSIM_API std::size_t cusim_log(char* text, std::size_t bytes) {
    std::lock_guard lock(state().mutex);
    std::string log;
    for (const auto& [name, thread] : state().log) { log += std::to_string(thread) + ' ' + name + '\n'; }
    return give(log, text, bytes);
}

CUSIM_API void cusim_ptx(int mode) {
    std::lock_guard lock(state().mutex);
    ptx::set_mode(mode == 1 ? ptx::Mode::On : mode == 2 ? ptx::Mode::Backwards : ptx::Mode::Off);
}

CUSIM_API long cusim_ptx_launches(const char* entry) {
    std::lock_guard lock(state().mutex);
    return ptx::launches(entry);
}

CUSIM_API std::size_t cusim_ptx_counts(char* text, std::size_t bytes) {
    std::lock_guard lock(state().mutex);
    return give(ptx::counts_table(), text, bytes);
}

CUSIM_API void cusim_ptx_forget() {
    std::lock_guard lock(state().mutex);
    ptx::forget_counts();
}

CUSIM_API void cusim_register_kernel(const KernelEntry* kernel) {
    std::lock_guard lock(state().mutex);
    state().kernels[kernel->name] = kernel;
}
