// Streams: making, waiting, ordering, host functions.
#include <thread>
#include "Core/capture.h"
#include "Core/entry.h"

using namespace cusim;

namespace {

int make_stream(Entry& entry, void** stream, unsigned flags, int priority) {
    if (!stream || flags > 1) { return InvalidValue; }
    Stream* const made = create<Stream>(entry.context, flags, priority > 0 ? 0 : priority < -5 ? -5 : priority);
    entry.context->streams.push_back(made);
    *stream = made;
    return Success;
}

}  // namespace

CUSIM_API int cuStreamCreate(void** stream, unsigned flags) {
    Entry entry("cuStreamCreate", CurrentContext);
    if (entry.code) { return entry.code; }
    return make_stream(entry, stream, flags, 0);
}

CUSIM_API int cuStreamCreateWithPriority(void** stream, unsigned flags, int priority) {
    Entry entry("cuStreamCreateWithPriority", CurrentContext);
    if (entry.code) { return entry.code; }
    return make_stream(entry, stream, flags, priority);
}

// What is queued still runs, when something waits for the context.
CUSIM_API int cuStreamDestroy_v2(void* handle) {
    Entry entry("cuStreamDestroy_v2", CurrentContext | Releases);
    if (entry.code) { return entry.code; }
    Stream* const stream = find<Stream>(handle);
    if (!stream || stream == stream->context->legacy) { return entry.afterwards ? entry.afterwards : InvalidHandle; }
    refuse_captured(*stream);
    stream->alive = false;
    return entry.afterwards;
}

CUSIM_API int cuStreamSynchronize(void* handle) {
    Entry entry("cuStreamSynchronize", CurrentContext | UncapturedIfStrict);
    if (entry.code) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (int code = refuse_captured(*stream)) { return code; }
    if (int code = refuse_legacy_during_capture(*stream)) { return code; }
    return synchronize(*stream);
}

// Work that has not run is not ready; asking lets it run, so that a polling program comes to its end.
CUSIM_API int cuStreamQuery(void* handle) {
    Entry entry("cuStreamQuery", CurrentContext | UncapturedIfStrict);
    if (entry.code) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (int code = refuse_captured(*stream)) { return code; }
    if (int code = refuse_legacy_during_capture(*stream)) { return code; }
    const bool waiting = stream->completed < stream->queued;
    const int code = synchronize(*stream);
    return code ? code : waiting ? NotReady : Success;
}

CUSIM_API int cuStreamWaitEvent(void* handle, void* eventHandle, unsigned flags) {
    Entry entry("cuStreamWaitEvent", CurrentContext);
    if (entry.code) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    Event* const event = find<Event>(eventHandle);
    if (!stream || !event) { return InvalidHandle; }
    if (flags > 1) { return InvalidValue; }
    if (stream->capture || event->capture) { return wait_in_capture(*stream, *event); }
    return event->stamp ? enqueue_wait(*stream, event->point) : static_cast<int>(Success);
}

CUSIM_API int cuStreamGetCtx(void* handle, void** context) {
    Entry entry("cuStreamGetCtx", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!context) { return InvalidValue; }
    *context = stream->context;
    return Success;
}

CUSIM_API int cuStreamGetFlags(void* handle, unsigned* flags) {
    Entry entry("cuStreamGetFlags", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!flags) { return InvalidValue; }
    *flags = stream->flags;
    return Success;
}

CUSIM_API int cuStreamGetPriority(void* handle, int* priority) {
    Entry entry("cuStreamGetPriority", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!priority) { return InvalidValue; }
    *priority = stream->priority;
    return Success;
}

CUSIM_API int cuStreamGetId(void* handle, unsigned long long* id) {
    Entry entry("cuStreamGetId", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!id) { return InvalidValue; }
    *id = stream->id;
    return Success;
}

CUSIM_API int cuStreamGetDevice(void* handle, int* device) {
    Entry entry("cuStreamGetDevice", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!device) { return InvalidValue; }
    *device = stream->context->device;
    return Success;
}

// The function runs on a thread of its own, as the driver's does, and may make no call.
CUSIM_API int cuLaunchHostFunc(void* handle, void (*function)(void*), void* data) {
    Entry entry("cuLaunchHostFunc", CurrentContext);
    if (entry.code) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream || stream->context != entry.context) { return InvalidHandle; }
    if (!function) { return InvalidValue; }
    return enqueue(*stream, Op{OpKind::HostFunction, "cuLaunchHostFunc", [=] {
        std::thread([=] {
            inside_host_function() = true;
            function(data);
        }).join();
        return 0;
    }, {}});
}
