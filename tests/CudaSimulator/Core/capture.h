// Stream capture: what is queued on a capturing stream becomes a node of a graph instead.
#pragma once
#include "Core/stream.h"

namespace cusim {

enum CaptureMode { CaptureGlobal = 0, CaptureThreadLocal = 1, CaptureRelaxed = 2 };

struct Node {
    Op op;
    std::vector<int> after;      // indices of earlier nodes
};

struct Capture {
    Stream* origin;
    int mode;
    unsigned long thread;
    bool valid = true;
    std::vector<Node> nodes;
    std::vector<Stream*> streams;   // the origin and all that joined
};

struct Graph : Object {
    static constexpr Kind kind_of = Kind::Graph;
    Graph(Context* context, std::vector<Node> nodes) : Object(Kind::Graph, context), nodes(std::move(nodes)) {}
    const std::vector<Node> nodes;
    std::vector<Object*> handles;   // of the nodes, made when first asked for
};

struct GraphNode : Object {
    static constexpr Kind kind_of = Kind::GraphNode;
    GraphNode(Graph* graph, int index) : Object(Kind::GraphNode, graph->context), graph(graph), index(index) {}
    Graph* const graph;
    const int index;
};

// How the calling thread meets captures: cuThreadExchangeStreamCaptureMode.
int& thread_capture_mode();

// 0, or 900 after invalidating the captures that forbid an unsafe call (allocation, synchronisation of a device,
// synchronous copy) to this thread: its own unless relaxed, anybody's global one.
int refuse_unsafe_call();

// What an injected error of capture does besides being returned.
void invalidate_own_captures();

// 0, or 906 after invalidating: work for the legacy stream while a stream that would synchronise with it captures.
int refuse_legacy_during_capture(const Stream& stream);

// 0, or 900 after invalidating the capture of the stream (of any stream of the context).
int refuse_captured(const Stream& stream);
int refuse_captured(const Context& context);

int begin_capture(Stream& stream, int mode);
int record(Stream& stream, Op op);
int capture_event(Stream& stream, Event& event);
int wait_in_capture(Stream& stream, Event& event);

// The finished graph, or null with the code: 401, 901, 903, 904, 908.
int end_capture(Stream& stream, Graph** graph);

// An order of the nodes that respects their edges and takes, where free, the latest first: what lacks an edge
// does not happen to come out right.
std::vector<int> execution_order(const std::vector<Node>& nodes);

}  // namespace cusim
