// Modules: PTX texts, checked against the host build of their kernels.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include "Core/capture.h"
#include "Core/entry.h"
#include "Core/kernel.h"
#include "Core/stream.h"
#include "Ptx/executor.h"

using namespace cusim;

const KernelEntry* cusim::host_kernel(const std::string& name) {
    const auto& own = state().kernels;
    const auto found = own.find(name);
    return found != own.end() ? found->second : find_kernel(name.c_str());
}

namespace {

constexpr int NewestPtx = 90;

// The buffers of JIT options 3 to 6; sizes ride in the void* and come back as what was written.
struct Logs {
    char* error = nullptr;
    std::size_t errorSize = 0;
    int infoSizeAt = -1, errorSizeAt = -1;
};

Logs logs_of(unsigned count, const int* options, void* const* values) {
    Logs logs;
    for (unsigned i = 0; i < count; i++) {
        if (options[i] == 4) { logs.infoSizeAt = static_cast<int>(i); }
        if (options[i] == 5) { logs.error = static_cast<char*>(values[i]); }
        if (options[i] == 6) {
            logs.errorSize = reinterpret_cast<std::size_t>(values[i]);
            logs.errorSizeAt = static_cast<int>(i);
        }
    }
    return logs;
}

// What the real kernel and its host build disagree on, or nothing.
std::string mismatch(const PtxEntry& entry) {
    const KernelEntry* const kernel = host_kernel(entry.name);
    if (!kernel) { return {}; }
    const int count = static_cast<int>(entry.parameters.size());
    if (kernel->parameters != count) {
        return "entry " + entry.name + ": " + std::to_string(count) + " parameters in the PTX, "
            + std::to_string(kernel->parameters) + " in the host build";
    }
    for (int i = 0; i < count; i++) {
        if (kernel->sizes[i] == entry.parameters[i].bytes) { continue; }
        return "entry " + entry.name + ", parameter " + std::to_string(i) + ": " + std::to_string(entry.parameters[i].bytes)
            + " bytes in the PTX, " + std::to_string(kernel->sizes[i]) + " in the host build";
    }
    return {};
}

int load(Context& context, void** module, const char* image, std::string& error) {
    if (!module || !image) { return InvalidValue; }
    const std::string text(image);
    if (text.find(".version") == std::string::npos) { return InvalidImage; }
    PtxText parsed;
    if (!parse_ptx(text, parsed, error)) { return InvalidPtx; }
    if (parsed.version > NewestPtx) { return UnsupportedPtxVersion; }
    if (parsed.target > state().capability) { return NoBinaryForGpu; }
    for (const PtxEntry& entry : parsed.entries) {
        error = mismatch(entry);
        if (!error.empty()) { return InvalidPtx; }
    }
    Module* const made = create<Module>(&context);
    made->text = std::move(parsed);
    made->source = text;
    const auto& entries = made->text.entries;
    if (std::any_of(entries.begin(), entries.end(), [](const PtxEntry& entry) { return ptx::runs(entry.name); })) {
        error = ptx::refusal(*made);
        if (!error.empty()) {
            made->alive = false;
            return InvalidPtx;
        }
    }
    for (const PtxGlobal& global : made->text.globals) {
        Address address = 0;
        if (int code = allocate_device(context, global.bytes, nullptr, "a module's global variable", &address)) {
            made->alive = false;
            return code;
        }
        std::memset(reinterpret_cast<void*>(address), 0, global.bytes);
        made->globals[global.name] = {address, global.bytes};
    }
    *module = made;
    return Success;
}

}  // namespace

CUSIM_API int cuModuleLoadDataEx(void** module, const void* image, unsigned count, const int* options, void** values) {
    Entry entry("cuModuleLoadDataEx", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    if (count != 0 && (!options || !values)) { return InvalidValue; }
    const Logs logs = logs_of(count, options, values);
    std::string error;
    const int code = load(*entry.context, module, static_cast<const char*>(image), error);
    if (!error.empty()) { note(error); }
    if (logs.error && logs.errorSize) { std::snprintf(logs.error, logs.errorSize, "%s", error.c_str()); }
    if (logs.infoSizeAt >= 0) { values[logs.infoSizeAt] = nullptr; }
    if (logs.errorSizeAt >= 0) { values[logs.errorSizeAt] = reinterpret_cast<void*>(error.size()); }
    return code;
}

CUSIM_API int cuModuleLoadData(void** module, const void* image) {
    Entry entry("cuModuleLoadData", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    std::string error;
    const int code = load(*entry.context, module, static_cast<const char*>(image), error);
    if (!error.empty()) { note(error); }
    return code;
}

// Waits for the context: no kernel runs on without its module.
CUSIM_API int cuModuleUnload(void* handle) {
    Entry entry("cuModuleUnload", CurrentContext | Uncaptured | Releases);
    if (entry.code) { return entry.code; }
    Module* const module = find<Module>(handle);
    if (!module) { return entry.afterwards ? entry.afterwards : InvalidHandle; }
    const int code = synchronize(*module->context);
    module->alive = false;
    for (auto& [name, function] : module->functions) { function->alive = false; }
    for (auto& [name, global] : module->globals) { release_device(global.first); }
    return entry.afterwards ? entry.afterwards : code;
}

CUSIM_API int cuModuleGetFunction(void** function, void* handle, const char* name) {
    Entry entry("cuModuleGetFunction", CurrentContext);
    if (entry.code) { return entry.code; }
    Module* const module = find<Module>(handle);
    if (!module) { return InvalidHandle; }
    if (!function || !name) { return InvalidValue; }
    // Loaded only now, as drivers have done since 12.2.
    if (!state().lenient && !module->functions.count(name)) {
        if (int code = refuse_unsafe_call()) { return code; }
    }
    Function*& known = module->functions[name];
    for (const PtxEntry& one : module->text.entries) {
        if (known || one.name != name) { continue; }
        const KernelEntry* const kernel = host_kernel(name);
        if (!kernel && !ptx::runs(name)) {
            note(std::string("entry ") + name + " has no host build");
            break;
        }
        known = create<Function>(module, one, kernel);
        known->maxDynamicShared = 49152 - static_cast<int>(one.sharedBytes);
    }
    if (!known) {
        module->functions.erase(name);
        return NotFound;
    }
    *function = known;
    return Success;
}

CUSIM_API int cuModuleGetGlobal_v2(Address* address, std::size_t* bytes, void* handle, const char* name) {
    Entry entry("cuModuleGetGlobal_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    const Module* const module = find<Module>(handle);
    if (!module) { return InvalidHandle; }
    if (!name) { return InvalidValue; }
    const auto found = module->globals.find(name);
    if (found == module->globals.end()) { return NotFound; }
    if (address) { *address = found->second.first; }
    if (bytes) { *bytes = found->second.second; }
    return Success;
}
