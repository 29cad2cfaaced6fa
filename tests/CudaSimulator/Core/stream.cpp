#include "Core/stream.h"
#include <algorithm>
#include <chrono>
#include "Core/capture.h"
#include "Core/entry.h"

namespace cusim {

namespace {

Point last(Stream& stream) { return {&stream, stream.queued}; }

// The legacy stream follows all blocking streams and they follow it.
std::vector<Point> implicit_order(Stream& stream) {
    std::vector<Point> after;
    Context& context = *stream.context;
    if (&stream == context.legacy) {
        for (Stream* other : context.streams) {
            if (other != &stream && !(other->flags & 1) && other->completed < other->queued) { after.push_back(last(*other)); }
        }
    } else if (!(stream.flags & 1) && context.legacy->completed < context.legacy->queued) {
        after.push_back(last(*context.legacy));
    }
    return after;
}

int push(Stream& stream, Op op, std::vector<Point> after) {
    for (const Point& point : implicit_order(stream)) { after.push_back(point); }
    stream.queue.push_back({std::move(op), std::move(after)});
    stream.queued++;
    if (!state().lazy) { run_until(last(stream)); }
    return Success;
}

}  // namespace

double milliseconds_now() {
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

Stream* resolve_stream(const void* handle, Context& current) {
    const auto number = reinterpret_cast<std::uintptr_t>(handle);
    if (number <= 1) { return current.legacy; }
    if (number == 2) {
        Stream*& own = current.perThread[thread_number()];
        if (!own) {
            own = create<Stream>(&current, 0u, 0);
            current.streams.push_back(own);
        }
        return own;
    }
    return find<Stream>(handle);
}

int enqueue(Stream& stream, Op op) {
    op.injected = state().injection;
    if (stream.capture) { return record(stream, std::move(op)); }
    if (int code = refuse_legacy_during_capture(stream)) { return code; }
    return push(stream, std::move(op), {});
}

int enqueue_wait(Stream& stream, Point point) {
    if (int code = refuse_legacy_during_capture(stream)) { return code; }
    return push(stream, Op{OpKind::EventWait, "cuStreamWaitEvent", [] { return 0; }, {}}, {point});
}

void run_until(Point point) {
    Stream& stream = *point.stream;
    while (stream.completed < point.sequence) {
        const Queued next = std::move(stream.queue.front());
        stream.queue.pop_front();
        for (const Point& before : next.after) { run_until(before); }
        execute(*stream.context, next.op);
        stream.completed++;
    }
}

int deliver_error(Context& context) {
    if (context.error) { return context.error; }
    if (check_guards(&context)) { fail(context, IllegalAddress, "a guard band was found damaged when synchronising"); }
    trim_pools();
    if (context.error) { return context.error; }
    const int code = context.pending;
    context.pending = Success;
    return code;
}

int synchronize(Stream& stream) {
    run_until(last(stream));
    return deliver_error(*stream.context);
}

int synchronize(Context& context) {
    auto& streams = context.streams;
    for (std::size_t i = 0; i < streams.size(); i++) { run_until(last(*streams[i])); }
    streams.erase(std::remove_if(streams.begin(), streams.end(), [](const Stream* stream) { return !stream->alive; }), streams.end());
    return deliver_error(context);
}

void execute(Context& context, const Op& op) {
    if (context.error || !context.alive) { return; }
    if (op.injected) {
        fail(context, op.injected, std::string("injected into the work of ") + op.entry);
        return;
    }
    for (const Range& range : op.ranges) {
        if (range.bytes == 0 || accessible(range.address, range.bytes, context.device)) { continue; }
        fail(context, IllegalAddress, std::string(op.entry) + " touches " + std::to_string(range.bytes) + " bytes of "
            + describe(range.address));
        return;
    }
    if (int code = op.run()) { fail(context, code, std::string("the work of ") + op.entry + " failed"); }
}

void fail(Context& context, int code, const std::string& why) {
    note("error " + std::to_string(code) + ": " + why);
    int& slot = is_sticky(code) ? context.error : context.pending;
    if (!slot) { slot = code; }
}

}  // namespace cusim
