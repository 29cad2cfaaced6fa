// Functions and their launch: limits, arguments copied at the call, pointers checked when the kernel runs.
#include <cstring>
#include "Core/entry.h"
#include "Core/kernel.h"
#include "Core/stream.h"
#include "Ptx/executor.h"

using namespace cusim;

namespace {

constexpr int OptInShared = 232448, SharedOfProcessor = 233472, ThreadsOfProcessor = 2048, BlocksOfProcessor = 32;

// Arguments as one piece of memory that outlives the call.
struct Arguments {
    std::vector<char> bytes;
    std::vector<std::size_t> offsets;
};

Arguments copy_arguments(const Function& function, void** values) {
    Arguments copied;
    for (std::size_t i = 0; i < function.entry.parameters.size(); i++) {
        const std::size_t offset = (copied.bytes.size() + 15) / 16 * 16, bytes = function.entry.parameters[i].bytes;
        copied.bytes.resize(offset + bytes);
        copied.offsets.push_back(offset);
        std::memcpy(&copied.bytes[offset], values[i], bytes);
    }
    return copied;
}

// The blocks behind the arguments that the PTX uses as addresses. Null may be meant; anything else that is not
// memory of this device is an illegal address, told before the kernel touches it.
int blocks_of(const Function& function, const Arguments& arguments, int device, std::vector<Address>& addresses) {
    for (std::size_t i = 0; i < function.entry.parameters.size(); i++) {
        if (!function.entry.parameters[i].pointer) { continue; }
        Address address;
        std::memcpy(&address, &arguments.bytes[arguments.offsets[i]], sizeof address);
        if (address == 0) { continue; }
        if (!accessible(address, 1, device)) {
            note("kernel " + function.entry.name + ", parameter " + std::to_string(i) + ": " + describe(address));
            return IllegalAddress;
        }
        addresses.push_back(address);
    }
    return Success;
}

int run(const Function& function, const LaunchShape& shape, Arguments arguments, int device) {
    if (!function.alive) {
        note("kernel " + function.entry.name + " was launched by a graph after its module was unloaded");
        return LaunchFailed;
    }
    std::vector<Address> addresses;
    if (int code = blocks_of(function, arguments, device, addresses)) { return code; }
    std::vector<void*> values;
    for (std::size_t offset : arguments.offsets) { values.push_back(&arguments.bytes[offset]); }
    if (ptx::runs(function.entry.name)) {
        if (int code = ptx::launch(*function.module, function.entry.name, shape, device, values.data())) { return code; }
    } else if (function.kernel) {
        function.kernel->run(values.data(), shape);
    } else {
        note("kernel " + function.entry.name + " has no host build");
        return LaunchFailed;
    }
    for (Address address : addresses) {
        const Block* const block = device_block(address, 0);
        if (block && !guards_intact(*block)) {
            note("kernel " + function.entry.name + " wrote beyond the ends of " + std::to_string(block->bytes) + " bytes of " + block->entry);
            return IllegalAddress;
        }
    }
    return Success;
}

int check_shape(const Function& function, const LaunchShape& s) {
    const bool empty = !s.gridX || !s.gridY || !s.gridZ || !s.blockX || !s.blockY || !s.blockZ;
    if (empty || s.gridX > 2147483647u || s.gridY > 65535 || s.gridZ > 65535) { return InvalidValue; }
    if (s.blockX > 1024 || s.blockY > 1024 || s.blockZ > 64) { return InvalidValue; }
    const unsigned threads = s.blockX * s.blockY * s.blockZ;
    if (threads > 1024) { return InvalidValue; }
    if (function.entry.maxThreads && threads > function.entry.maxThreads) { return InvalidValue; }
    return s.sharedBytes > static_cast<unsigned>(function.maxDynamicShared) ? InvalidValue : Success;
}

}  // namespace

CUSIM_API int cuLaunchKernel(void* handle, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, void* streamHandle, void** parameters, void** extra) {
    Entry entry("cuLaunchKernel", CurrentContext);
    if (entry.code) { return entry.code; }
    const Function* const function = find<Function>(handle);
    Stream* const stream = resolve_stream(streamHandle, *entry.context);
    if (!function || !stream || function->context != entry.context || stream->context != entry.context) { return InvalidHandle; }
    if (extra) { return NotSupported; }
    const LaunchShape shape{gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes};
    if (int code = check_shape(*function, shape)) { return code; }
    if (!function->entry.parameters.empty() && !parameters) { return InvalidValue; }
    for (std::size_t i = 0; i < function->entry.parameters.size(); i++) {
        if (!parameters[i]) { return InvalidValue; }
    }
    const int device = entry.context->device;
    Op op{OpKind::Kernel, "cuLaunchKernel", [=, arguments = copy_arguments(*function, parameters)] {
        return run(*function, shape, arguments, device);
    }, {}};
    op.function = function;
    return enqueue(*stream, std::move(op));
}

CUSIM_API int cuFuncGetAttribute(int* value, int attribute, void* handle) {
    Entry entry("cuFuncGetAttribute", CurrentContext);
    if (entry.code) { return entry.code; }
    const Function* const function = find<Function>(handle);
    if (!function) { return InvalidHandle; }
    if (!value) { return InvalidValue; }
    switch (attribute) {
        case 0: *value = function->entry.maxThreads ? static_cast<int>(function->entry.maxThreads) : 1024; break;
        case 1: *value = static_cast<int>(function->entry.sharedBytes); break;
        case 2: case 3: case 7: *value = 0; break;
        case 4: *value = 32; break;
        case 5: *value = function->module->text.version; break;
        case 6: *value = 90; break;
        case 8: *value = function->maxDynamicShared; break;
        case 9: *value = -1; break;
        default: return InvalidValue;
    }
    return Success;
}

CUSIM_API int cuFuncSetAttribute(void* handle, int attribute, int value) {
    Entry entry("cuFuncSetAttribute", CurrentContext);
    if (entry.code) { return entry.code; }
    Function* const function = find<Function>(handle);
    if (!function) { return InvalidHandle; }
    if (attribute == 9) { return value >= -1 && value <= 100 ? Success : InvalidValue; }
    if (attribute != 8 || value < 0 || value > OptInShared - static_cast<int>(function->entry.sharedBytes)) { return InvalidValue; }
    function->maxDynamicShared = value;
    return Success;
}

CUSIM_API int cuFuncLoad(void* handle) {
    Entry entry("cuFuncLoad", CurrentContext);
    if (entry.code) { return entry.code; }
    return find<Function>(handle) ? Success : InvalidHandle;
}

CUSIM_API int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* handle, int threads, std::size_t dynamicShared) {
    Entry entry("cuOccupancyMaxActiveBlocksPerMultiprocessor", CurrentContext);
    if (entry.code) { return entry.code; }
    const Function* const function = find<Function>(handle);
    if (!function) { return InvalidHandle; }
    if (!blocks || threads <= 0) { return InvalidValue; }
    const int warps = (threads + 31) / 32;
    int fit = threads > 1024 ? 0 : ThreadsOfProcessor / (warps * 32);
    const std::size_t shared = dynamicShared + function->entry.sharedBytes;
    if (shared > static_cast<std::size_t>(OptInShared)) { fit = 0; }
    else if (shared > 0 && SharedOfProcessor / static_cast<int>(shared) < fit) { fit = SharedOfProcessor / static_cast<int>(shared); }
    *blocks = fit < BlocksOfProcessor ? fit : BlocksOfProcessor;
    return Success;
}
