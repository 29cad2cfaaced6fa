// Events: places in streams, with the time they were reached.
#include "Core/capture.h"
#include "Core/entry.h"

using namespace cusim;

namespace {

// A captured event stands for nothing that will run: asking for it breaks the capture.
int refuse_captured_event(Event& event) {
    if (!event.capture) { return Success; }
    event.capture->valid = false;
    return CapturedEvent;
}

int elapsed(Entry& entry, float* milliseconds, void* start, void* end) {
    if (entry.code) { return entry.code; }
    Event* const first = find<Event>(start);
    Event* const last = find<Event>(end);
    if (!milliseconds) { return InvalidValue; }
    if (!first || !last || first->context != last->context) { return InvalidHandle; }
    if (((first->flags | last->flags) & 2) || first->capture || last->capture) { return InvalidHandle; }
    if (!first->stamp || !last->stamp) { return InvalidHandle; }
    if (!first->stamp->done || !last->stamp->done) { return NotReady; }
    *milliseconds = static_cast<float>(last->stamp->milliseconds - first->stamp->milliseconds);
    return Success;
}

}  // namespace

CUSIM_API int cuEventCreate(void** event, unsigned flags) {
    Entry entry("cuEventCreate", CurrentContext);
    if (entry.code) { return entry.code; }
    if (!event || flags > 7) { return InvalidValue; }
    if (flags & 4) { return NotSupported; }
    *event = create<Event>(entry.context, flags);
    return Success;
}

CUSIM_API int cuEventDestroy_v2(void* handle) {
    Entry entry("cuEventDestroy_v2", CurrentContext | Releases);
    if (entry.code) { return entry.code; }
    Event* const event = find<Event>(handle);
    if (!event) { return entry.afterwards ? entry.afterwards : InvalidHandle; }
    event->alive = false;
    return entry.afterwards;
}

CUSIM_API int cuEventRecord(void* handle, void* streamHandle) {
    Entry entry("cuEventRecord", CurrentContext);
    if (entry.code) { return entry.code; }
    Event* const event = find<Event>(handle);
    Stream* const stream = resolve_stream(streamHandle, *entry.context);
    if (!event || !stream || event->context != stream->context) { return InvalidHandle; }
    if (stream->capture) { return capture_event(*stream, *event); }
    const auto stamp = std::make_shared<Stamp>();
    const int code = enqueue(*stream, Op{OpKind::EventRecord, "cuEventRecord", [stamp] {
        stamp->done = true;
        stamp->milliseconds = milliseconds_now();
        return 0;
    }, {}});
    if (code) { return code; }
    event->capture = nullptr;
    event->stamp = stamp;
    event->point = {stream, stream->queued};
    return Success;
}

// As with streams: not ready the first time work is found waiting, and asking lets it run.
CUSIM_API int cuEventQuery(void* handle) {
    Entry entry("cuEventQuery", CurrentContext);
    if (entry.code) { return entry.code; }
    Event* const event = find<Event>(handle);
    if (!event) { return InvalidHandle; }
    if (int code = refuse_captured_event(*event)) { return code; }
    if (int code = state().lenient ? Success : refuse_unsafe_call()) { return code; }
    if (!event->stamp || event->stamp->done) { return Success; }
    run_until(event->point);
    return event->context->error ? event->context->error : NotReady;
}

CUSIM_API int cuEventSynchronize(void* handle) {
    Entry entry("cuEventSynchronize", CurrentContext);
    if (entry.code) { return entry.code; }
    Event* const event = find<Event>(handle);
    if (!event) { return InvalidHandle; }
    if (int code = refuse_captured_event(*event)) { return code; }
    if (int code = state().lenient ? Success : refuse_unsafe_call()) { return code; }
    if (!event->stamp) { return Success; }
    run_until(event->point);
    return deliver_error(*event->context);
}

CUSIM_API int cuEventElapsedTime(float* milliseconds, void* start, void* end) {
    Entry entry("cuEventElapsedTime", CurrentContext);
    return elapsed(entry, milliseconds, start, end);
}

CUSIM_API int cuEventElapsedTime_v2(float* milliseconds, void* start, void* end) {
    Entry entry("cuEventElapsedTime_v2", CurrentContext);
    return elapsed(entry, milliseconds, start, end);
}
