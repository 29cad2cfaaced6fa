// Streams queue work and run it only when somebody waits for it (lazy, the default), in order within a stream,
// across streams only as events and the legacy stream demand: what is not ordered runs in the order asked for.
#pragma once
#include <deque>
#include <functional>
#include "Core/memory.h"

namespace cusim {

enum class OpKind { Kernel, Copy, Set, HostFunction, EventRecord, EventWait, Library, Allocate, Free, Graph };

// Device memory a piece of work touches; checked when the work runs.
struct Range {
    Address address;
    std::size_t bytes;
};

struct Op {
    OpKind kind;
    const char* entry;               // the call that queued it
    std::function<int()> run;        // 0 or the CUresult it fails with
    std::vector<Range> ranges;
    const void* function = nullptr;  // the kernel's handle, for the update of graphs
    int injected = 0;                // fails with this instead of running
};

struct Stream;

// Reached when the stream has completed that many pieces of work.
struct Point {
    Stream* stream = nullptr;
    std::uint64_t sequence = 0;
};

struct Queued {
    Op op;
    std::vector<Point> after;
};

struct Stream : Object {
    static constexpr Kind kind_of = Kind::Stream;
    Stream(Context* context, unsigned flags, int priority)
        : Object(Kind::Stream, context), flags(flags), priority(priority), id(state().nextId++) {}
    const unsigned flags;            // 1: does not synchronise with the legacy stream
    const int priority;
    const std::uint64_t id;
    std::deque<Queued> queue;
    std::uint64_t queued = 0, completed = 0;
    std::shared_ptr<Capture> capture;
    std::vector<int> tips;           // nodes of the capture that the next one here follows
};

// When an event's place in its stream was reached, and when.
struct Stamp {
    bool done = false;
    double milliseconds = 0;
};

struct Event : Object {
    static constexpr Kind kind_of = Kind::Event;
    Event(Context* context, unsigned flags) : Object(Kind::Event, context), flags(flags) {}
    const unsigned flags;
    Point point;
    std::shared_ptr<Stamp> stamp;    // null until recorded
    std::shared_ptr<Capture> capture;
    std::vector<int> tips;
};

// A stream handle as the calls take it: null and 1 are the legacy stream of the current context, 2 the calling
// thread's own, anything else must be a live stream. Null when it is not.
Stream* resolve_stream(const void* handle, Context& current);

// Queues the work, or records it when the stream captures. 0 or a capture error.
int enqueue(Stream& stream, Op op);
int enqueue_wait(Stream& stream, Point point);

// Runs what a stream has queued up to a point, and what that waits for.
void run_until(Point point);

// Runs all of a stream or of a context, checks the guard bands, gives pools back what they hold too much, and
// returns the error the work met, which a sticky one leaves in the context.
int synchronize(Stream& stream);
int synchronize(Context& context);

// The end of any wait: guard bands, pools, and the error to return.
int deliver_error(Context& context);

// Runs one piece of work now, unless its context is dead.
void execute(Context& context, const Op& op);

// The code becomes the context's: sticky for good, another for the next synchronisation.
void fail(Context& context, int code, const std::string& why);

double milliseconds_now();

}  // namespace cusim
