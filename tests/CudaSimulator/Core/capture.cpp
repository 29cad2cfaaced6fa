#include "Core/capture.h"
#include <algorithm>
#include <queue>
#include "Core/entry.h"

namespace cusim {

namespace {

// Leaves capture mode on every stream of it.
void dissolve(const std::shared_ptr<Capture> capture) {
    for (Stream* stream : capture->streams) {
        stream->capture = nullptr;
        stream->tips.clear();
    }
    auto& all = state().captures;
    all.erase(std::remove(all.begin(), all.end(), capture), all.end());
}

bool joined(const Capture& capture, const std::vector<int>& tips) {
    std::vector<bool> followed(capture.nodes.size(), false);
    for (const Node& node : capture.nodes) {
        for (int before : node.after) { followed[before] = true; }
    }
    for (int tip : tips) { followed[tip] = true; }
    return std::all_of(followed.begin(), followed.end(), [](bool is) { return is; });
}

}  // namespace

int& thread_capture_mode() {
    static thread_local int mode = CaptureGlobal;
    return mode;
}

int refuse_unsafe_call() {
    if (thread_capture_mode() == CaptureRelaxed) { return Success; }
    int code = Success;
    for (const auto& capture : state().captures) {
        const bool own = capture->thread == thread_number() && capture->mode != CaptureRelaxed;
        const bool everybodys = capture->mode == CaptureGlobal && thread_capture_mode() == CaptureGlobal;
        if (!own && !everybodys) { continue; }
        capture->valid = false;
        code = CaptureUnsupported;
    }
    return code;
}

void invalidate_own_captures() {
    for (const auto& capture : state().captures) {
        if (capture->thread == thread_number()) { capture->valid = false; }
    }
}

int refuse_legacy_during_capture(const Stream& stream) {
    if (&stream != stream.context->legacy) { return Success; }
    int code = Success;
    for (Stream* other : stream.context->streams) {
        if (!other->capture || (other->flags & 1)) { continue; }
        other->capture->valid = false;
        code = CaptureImplicit;
    }
    return code;
}

int refuse_captured(const Stream& stream) {
    if (!stream.capture) { return Success; }
    stream.capture->valid = false;
    return CaptureUnsupported;
}

int refuse_captured(const Context& context) {
    int code = Success;
    for (const Stream* stream : context.streams) {
        if (int refused = refuse_captured(*stream)) { code = refused; }
    }
    return code;
}

int begin_capture(Stream& stream, int mode) {
    if (mode < CaptureGlobal || mode > CaptureRelaxed) { return InvalidValue; }
    if (&stream == stream.context->legacy) { return CaptureUnsupported; }
    if (stream.capture) { return IllegalState; }
    auto capture = std::make_shared<Capture>();
    capture->origin = &stream;
    capture->mode = mode;
    capture->thread = thread_number();
    capture->streams.push_back(&stream);
    stream.capture = capture;
    stream.tips.clear();
    state().captures.push_back(capture);
    return Success;
}

int record(Stream& stream, Op op) {
    Capture& capture = *stream.capture;
    if (!capture.valid) { return CaptureInvalidated; }
    capture.nodes.push_back({std::move(op), stream.tips});
    stream.tips = {static_cast<int>(capture.nodes.size()) - 1};
    return Success;
}

int capture_event(Stream& stream, Event& event) {
    if (!stream.capture->valid) { return CaptureInvalidated; }
    event.capture = stream.capture;
    event.tips = stream.tips;
    event.stamp = nullptr;
    return Success;
}

int wait_in_capture(Stream& stream, Event& event) {
    if (stream.capture && !stream.capture->valid) { return CaptureInvalidated; }
    if (!event.capture) {
        // An event recorded outside has no node the capture could follow.
        if (!event.stamp) { return Success; }
        stream.capture->valid = false;
        return CaptureIsolation;
    }
    if (!event.capture->valid) { return CaptureInvalidated; }
    const auto& live = state().captures;
    if (std::find(live.begin(), live.end(), event.capture) == live.end()) { return CapturedEvent; }
    if (&stream == stream.context->legacy) {
        event.capture->valid = false;
        return CaptureImplicit;
    }
    if (stream.capture && stream.capture != event.capture) {
        stream.capture->valid = event.capture->valid = false;
        return CaptureMerge;
    }
    if (!stream.capture) {
        stream.capture = event.capture;
        stream.tips.clear();
        event.capture->streams.push_back(&stream);
    }
    for (int tip : event.tips) {
        if (std::find(stream.tips.begin(), stream.tips.end(), tip) == stream.tips.end()) { stream.tips.push_back(tip); }
    }
    return Success;
}

int end_capture(Stream& stream, Graph** graph) {
    *graph = nullptr;
    const auto capture = stream.capture;
    if (!capture) { return IllegalState; }
    if (capture->mode != CaptureRelaxed && capture->thread != thread_number()) { return CaptureWrongThread; }
    if (capture->origin != &stream) {
        capture->valid = false;
        return CaptureUnmatched;
    }
    const std::vector<int> tips = stream.tips;
    dissolve(capture);
    if (!capture->valid) { return CaptureInvalidated; }
    if (!joined(*capture, tips)) { return CaptureUnjoined; }
    *graph = create<Graph>(stream.context, std::move(capture->nodes));
    return Success;
}

std::vector<int> execution_order(const std::vector<Node>& nodes) {
    const int count = static_cast<int>(nodes.size());
    std::vector<int> missing(count), order;
    std::vector<std::vector<int>> next(count);
    std::priority_queue<int> ready;
    for (int i = 0; i < count; i++) {
        missing[i] = static_cast<int>(nodes[i].after.size());
        for (int before : nodes[i].after) { next[before].push_back(i); }
        if (missing[i] == 0) { ready.push(i); }
    }
    while (!ready.empty()) {
        const int node = ready.top();
        ready.pop();
        order.push_back(node);
        for (int follower : next[node]) {
            if (--missing[follower] == 0) { ready.push(follower); }
        }
    }
    return order;
}

}  // namespace cusim
