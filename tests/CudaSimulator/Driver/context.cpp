// Primary contexts with their counts, own contexts, and the stack of contexts each thread has.
#include <algorithm>
#include "Core/capture.h"
#include "Core/entry.h"

using namespace cusim;

namespace {

Context* make_context(int device, bool primary, unsigned flags) {
    Context* const context = create<Context>(device, primary, flags);
    context->id = state().nextId++;
    context->legacy = create<Stream>(context, 0u, 0);
    context->streams.push_back(context->legacy);
    return context;
}

// Runs what is queued, then everything that belongs to the context dies with it.
void destroy_context(Context& context) {
    synchronize(context);
    for (auto& [address, object] : state().objects) {
        if (object->context == &context) { object->alive = false; }
    }
    auto& captures = state().captures;
    captures.erase(std::remove_if(captures.begin(), captures.end(),
        [&](const auto& capture) { return capture->origin->context == &context; }), captures.end());
    release_all_of(context);
}

Context* context_of(void* handle) { return find<Context>(handle); }

}  // namespace

CUSIM_API int cuDevicePrimaryCtxRetain(void** context, int device) {
    Entry entry("cuDevicePrimaryCtxRetain", Initialised);
    if (entry.code) { return entry.code; }
    if (!context) { return InvalidValue; }
    if (device < 0 || device >= state().deviceCount) { return InvalidDevice; }
    Device& own = state().devices[device];
    if (!own.primary) { own.primary = make_context(device, true, own.flags); }
    own.references++;
    *context = own.primary;
    return Success;
}

CUSIM_API int cuDevicePrimaryCtxRelease_v2(int device) {
    Entry entry("cuDevicePrimaryCtxRelease_v2", Initialised);
    if (entry.code) { return entry.code; }
    if (device < 0 || device >= state().deviceCount) { return InvalidDevice; }
    Device& own = state().devices[device];
    if (own.references == 0) { return InvalidContext; }
    if (--own.references == 0) {
        destroy_context(*own.primary);
        own.primary = nullptr;
    }
    return Success;
}

CUSIM_API int cuDevicePrimaryCtxReset_v2(int device) {
    Entry entry("cuDevicePrimaryCtxReset_v2", Initialised);
    if (entry.code) { return entry.code; }
    if (device < 0 || device >= state().deviceCount) { return InvalidDevice; }
    Device& own = state().devices[device];
    if (own.primary) { destroy_context(*own.primary); }
    own.primary = nullptr;
    own.references = 0;
    return Success;
}

CUSIM_API int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
    Entry entry("cuDevicePrimaryCtxGetState", Initialised);
    if (entry.code) { return entry.code; }
    if (device < 0 || device >= state().deviceCount) { return InvalidDevice; }
    const Device& own = state().devices[device];
    if (flags) { *flags = own.primary ? own.primary->flags : own.flags; }
    if (active) { *active = own.primary != nullptr; }
    return Success;
}

CUSIM_API int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) {
    Entry entry("cuDevicePrimaryCtxSetFlags_v2", Initialised);
    if (entry.code) { return entry.code; }
    if (device < 0 || device >= state().deviceCount) { return InvalidDevice; }
    const unsigned schedule = flags & 7;
    if ((flags & ~0xFFu) || (schedule != 0 && schedule != 1 && schedule != 2 && schedule != 4)) { return InvalidValue; }
    Device& own = state().devices[device];
    own.flags = flags;
    if (own.primary) { own.primary->flags = flags; }
    return Success;
}

CUSIM_API int cuCtxCreate_v2(void** context, unsigned flags, int device) {
    Entry entry("cuCtxCreate_v2", Initialised);
    if (entry.code) { return entry.code; }
    if (!context) { return InvalidValue; }
    if (device < 0 || device >= state().deviceCount) { return InvalidDevice; }
    Context* const made = make_context(device, false, flags);
    context_stack().push_back(made);
    *context = made;
    return Success;
}

CUSIM_API int cuCtxDestroy_v2(void* handle) {
    Entry entry("cuCtxDestroy_v2", Initialised);
    if (entry.code) { return entry.code; }
    Context* const context = context_of(handle);
    if (!context || context->primary) { return InvalidContext; }
    destroy_context(*context);
    auto& stack = context_stack();
    if (!stack.empty() && stack.back() == context) { stack.pop_back(); }
    return Success;
}

CUSIM_API int cuCtxSetCurrent(void* handle) {
    Entry entry("cuCtxSetCurrent", Initialised);
    if (entry.code) { return entry.code; }
    auto& stack = context_stack();
    if (!handle) {
        if (!stack.empty()) { stack.pop_back(); }
        return Success;
    }
    Context* const context = context_of(handle);
    if (!context) { return InvalidContext; }
    if (stack.empty()) { stack.push_back(context); }
    else { stack.back() = context; }
    return Success;
}

CUSIM_API int cuCtxGetCurrent(void** context) {
    Entry entry("cuCtxGetCurrent", Initialised);
    if (entry.code) { return entry.code; }
    if (!context) { return InvalidValue; }
    *context = current_context();
    return Success;
}

CUSIM_API int cuCtxPushCurrent_v2(void* handle) {
    Entry entry("cuCtxPushCurrent_v2", Initialised);
    if (entry.code) { return entry.code; }
    Context* const context = context_of(handle);
    if (!context) { return InvalidContext; }
    context_stack().push_back(context);
    return Success;
}

CUSIM_API int cuCtxPopCurrent_v2(void** context) {
    Entry entry("cuCtxPopCurrent_v2", Initialised);
    if (entry.code) { return entry.code; }
    auto& stack = context_stack();
    if (stack.empty()) { return InvalidContext; }
    if (context) { *context = stack.back(); }
    stack.pop_back();
    return Success;
}

CUSIM_API int cuCtxGetDevice(int* device) {
    Entry entry("cuCtxGetDevice", Initialised);
    if (entry.code) { return entry.code; }
    if (!device) { return InvalidValue; }
    if (!entry.context) { return InvalidContext; }
    *device = entry.context->device;
    return Success;
}

CUSIM_API int cuCtxSynchronize() {
    Entry entry("cuCtxSynchronize", CurrentContext);
    if (entry.code) { return entry.code; }
    if (int code = refuse_captured(*entry.context)) { return code; }
    return synchronize(*entry.context);
}

CUSIM_API int cuCtxGetApiVersion(void* handle, unsigned* version) {
    Entry entry("cuCtxGetApiVersion", Initialised);
    if (entry.code) { return entry.code; }
    if (!version) { return InvalidValue; }
    if (handle ? !context_of(handle) : !entry.context) { return InvalidContext; }
    *version = 3020;
    return Success;
}

CUSIM_API int cuCtxGetId(void* handle, unsigned long long* id) {
    Entry entry("cuCtxGetId", Initialised);
    if (entry.code) { return entry.code; }
    if (!id) { return InvalidValue; }
    const Context* const context = handle ? context_of(handle) : entry.context;
    if (!context) { return InvalidContext; }
    *id = context->id;
    return Success;
}

CUSIM_API int cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    Entry entry("cuCtxGetStreamPriorityRange", CurrentContext);
    if (entry.code) { return entry.code; }
    if (least) { *least = 0; }
    if (greatest) { *greatest = -5; }
    return Success;
}
