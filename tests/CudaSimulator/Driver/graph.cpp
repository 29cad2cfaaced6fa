// Capture and graphs: the recorded work again, at the same addresses, by one launch.
#include <cstdio>
#include "Core/capture.h"
#include "Core/entry.h"

using namespace cusim;

namespace {

struct GraphExec : Object {
    static constexpr Kind kind_of = Kind::GraphExec;
    explicit GraphExec(const Graph& graph) : Object(Kind::GraphExec, graph.context) { take(graph); }
    void take(const Graph& graph) {
        nodes = std::make_shared<const std::vector<Node>>(graph.nodes);
        order = std::make_shared<const std::vector<int>>(execution_order(graph.nodes));
    }
    std::shared_ptr<const std::vector<Node>> nodes;  // shared with launches that have not run yet
    std::shared_ptr<const std::vector<int>> order;
};

// CUDA_GRAPH_INSTANTIATE_PARAMS, 32 bytes, and CUgraphExecUpdateResultInfo, 24.
struct InstantiateParameters { std::uint64_t flags; void* stream; void* errorNode; int result; };
struct UpdateResult { int result; void* node; void* from; };
static_assert(sizeof(InstantiateParameters) == 32 && sizeof(UpdateResult) == 24);

int instantiate(void** exec, void* handle, unsigned long long flags) {
    const Graph* const graph = find<Graph>(handle);
    if (!graph) { return InvalidHandle; }
    if (!exec || flags > 15) { return InvalidValue; }
    if (flags & 4) { return NotSupported; }
    *exec = create<GraphExec>(*graph);
    return Success;
}

Object* node_handle(Graph& graph, std::size_t index) {
    while (graph.handles.size() < graph.nodes.size()) {
        graph.handles.push_back(create<GraphNode>(&graph, static_cast<int>(graph.handles.size())));
    }
    return graph.handles[index];
}

// 0, or CUgraphExecUpdateResult: 2 topology, 3 kind of node, 4 function; `at` is the first node that differs.
int difference(const std::vector<Node>& old, const std::vector<Node>& fresh, std::size_t& at) {
    at = 0;
    if (old.size() != fresh.size()) { return 2; }
    for (; at < old.size(); at++) {
        if (old[at].after != fresh[at].after) { return 2; }
        if (old[at].op.kind != fresh[at].op.kind || std::string(old[at].op.entry) != fresh[at].op.entry) { return 3; }
        if (old[at].op.function != fresh[at].op.function) { return 4; }
    }
    return 0;
}

}  // namespace

CUSIM_API int cuStreamBeginCapture_v2(void* handle, int mode) {
    Entry entry("cuStreamBeginCapture_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    return begin_capture(*stream, mode);
}

CUSIM_API int cuStreamEndCapture(void* handle, void** graph) {
    Entry entry("cuStreamEndCapture", CurrentContext);
    if (entry.code && !is_of_capture(entry.code)) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!graph) { return InvalidValue; }
    Graph* made = nullptr;
    // An end that is refused is an end all the same.
    if (entry.code) {
        end_capture(*stream, &made);
        return entry.code;
    }
    const int code = end_capture(*stream, &made);
    *graph = made;
    return code;
}

CUSIM_API int cuStreamIsCapturing(void* handle, int* status) {
    Entry entry("cuStreamIsCapturing", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream) { return InvalidHandle; }
    if (!status) { return InvalidValue; }
    if (stream == stream->context->legacy) {
        if (int code = refuse_legacy_during_capture(*stream)) { return code; }
    }
    *status = !stream->capture ? 0 : stream->capture->valid ? 1 : 2;
    return Success;
}

CUSIM_API int cuThreadExchangeStreamCaptureMode(int* mode) {
    Entry entry("cuThreadExchangeStreamCaptureMode", Initialised);
    if (entry.code) { return entry.code; }
    if (!mode || *mode < CaptureGlobal || *mode > CaptureRelaxed) { return InvalidValue; }
    std::swap(*mode, thread_capture_mode());
    return Success;
}

CUSIM_API int cuGraphInstantiateWithFlags(void** exec, void* graph, unsigned long long flags) {
    Entry entry("cuGraphInstantiateWithFlags", CurrentContext);
    if (entry.code) { return entry.code; }
    return instantiate(exec, graph, flags);
}

CUSIM_API int cuGraphInstantiateWithParams(void** exec, void* graph, InstantiateParameters* parameters) {
    Entry entry("cuGraphInstantiateWithParams", CurrentContext);
    if (entry.code) { return entry.code; }
    if (!parameters) { return InvalidValue; }
    const int code = instantiate(exec, graph, parameters->flags);
    parameters->errorNode = nullptr;
    parameters->result = code ? 1 : 0;
    return code;
}

CUSIM_API int cuGraphUpload(void* exec, void* handle) {
    Entry entry("cuGraphUpload", CurrentContext);
    if (entry.code) { return entry.code; }
    const Stream* const stream = resolve_stream(handle, *entry.context);
    if (!find<GraphExec>(exec) || !stream) { return InvalidHandle; }
    return stream->capture ? CaptureUnsupported : Success;
}

CUSIM_API int cuGraphLaunch(void* handle, void* streamHandle) {
    Entry entry("cuGraphLaunch", CurrentContext);
    if (entry.code) { return entry.code; }
    const GraphExec* const exec = find<GraphExec>(handle);
    Stream* const stream = resolve_stream(streamHandle, *entry.context);
    if (!exec || !stream || stream->context != entry.context || exec->context != entry.context) { return InvalidHandle; }
    Context* const context = entry.context;
    return enqueue(*stream, Op{OpKind::Graph, "cuGraphLaunch", [context, nodes = exec->nodes, order = exec->order] {
        for (int index : *order) { execute(*context, (*nodes)[index].op); }
        return 0;
    }, {}});
}

CUSIM_API int cuGraphExecUpdate_v2(void* handle, void* graphHandle, UpdateResult* result) {
    Entry entry("cuGraphExecUpdate_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    GraphExec* const exec = find<GraphExec>(handle);
    Graph* const graph = find<Graph>(graphHandle);
    if (!exec || !graph) { return InvalidHandle; }
    if (!result) { return InvalidValue; }
    std::size_t at = 0;
    const int differs = difference(*exec->nodes, graph->nodes, at);
    *result = {differs, differs && at < graph->nodes.size() ? node_handle(*graph, at) : nullptr, nullptr};
    if (differs) { return GraphUpdateFailure; }
    exec->take(*graph);
    return Success;
}

CUSIM_API int cuGraphExecDestroy(void* handle) {
    Entry entry("cuGraphExecDestroy", CurrentContext | Releases);
    if (entry.code) { return entry.code; }
    GraphExec* const exec = find<GraphExec>(handle);
    if (!exec) { return entry.afterwards ? entry.afterwards : InvalidHandle; }
    exec->alive = false;
    return entry.afterwards;
}

CUSIM_API int cuGraphDestroy(void* handle) {
    Entry entry("cuGraphDestroy", CurrentContext | Releases);
    if (entry.code) { return entry.code; }
    Graph* const graph = find<Graph>(handle);
    if (!graph) { return entry.afterwards ? entry.afterwards : InvalidHandle; }
    graph->alive = false;
    for (Object* node : graph->handles) { node->alive = false; }
    return entry.afterwards;
}

CUSIM_API int cuGraphGetNodes(void* handle, void** nodes, std::size_t* count) {
    Entry entry("cuGraphGetNodes", CurrentContext);
    if (entry.code) { return entry.code; }
    Graph* const graph = find<Graph>(handle);
    if (!graph) { return InvalidHandle; }
    if (!count) { return InvalidValue; }
    if (!nodes) {
        *count = graph->nodes.size();
        return Success;
    }
    for (std::size_t i = 0; i < *count; i++) { nodes[i] = i < graph->nodes.size() ? node_handle(*graph, i) : nullptr; }
    if (*count > graph->nodes.size()) { *count = graph->nodes.size(); }
    return Success;
}

CUSIM_API int cuGraphDebugDotPrint(void* handle, const char* path, unsigned) {
    Entry entry("cuGraphDebugDotPrint", CurrentContext);
    if (entry.code) { return entry.code; }
    const Graph* const graph = find<Graph>(handle);
    if (!graph) { return InvalidHandle; }
    std::FILE* const file = path ? std::fopen(path, "w") : nullptr;
    if (!file) { return InvalidValue; }
    std::fprintf(file, "digraph captured {\n");
    for (std::size_t i = 0; i < graph->nodes.size(); i++) {
        std::fprintf(file, "  n%zu [label=\"%s\"];\n", i, graph->nodes[i].op.entry);
        for (int before : graph->nodes[i].after) { std::fprintf(file, "  n%d -> n%zu;\n", before, i); }
    }
    std::fprintf(file, "}\n");
    std::fclose(file);
    return Success;
}
