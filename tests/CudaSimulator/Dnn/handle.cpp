#include "Dnn/call.h"
#include <cstdio>
#include "Core/capture.h"

using namespace cusim;

namespace {

std::string& last_error() {
    static thread_local std::string words;
    return words;
}

struct StatusText {
    int code;
    const char* name;
};

constexpr StatusText Texts[] = {
    {0, "CUDNN_STATUS_SUCCESS"},
    {1001, "CUDNN_STATUS_NOT_INITIALIZED"},
    {1002, "CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH"},
    {1008, "CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED"},
    {2000, "CUDNN_STATUS_BAD_PARAM"},
    {2001, "CUDNN_STATUS_INVALID_VALUE"},
    {2002, "CUDNN_STATUS_BAD_PARAM_NULL_POINTER"},
    {2003, "CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER"},
    {2008, "CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH"},
    {3000, "CUDNN_STATUS_NOT_SUPPORTED"},
    {4000, "CUDNN_STATUS_INTERNAL_ERROR"},
    {4003, "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED"},
    {4004, "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"},
    {5000, "CUDNN_STATUS_EXECUTION_FAILED"},
    {5001, "CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER"},
    {5002, "CUDNN_STATUS_EXECUTION_FAILED_CUBLAS"},
    {5003, "CUDNN_STATUS_EXECUTION_FAILED_CUDART"},
};

}  // namespace

int cusim::dnn_error(int code, const std::string& words) {
    last_error() = words;
    return code;
}

cusim::DnnCall::DnnCall(const char* name, void* pointer) : entry(name, Nothing), name(name) {
    if (entry.code) {
        code = entry.injected ? entry.code : static_cast<int>(DnnExecutionFailed);
        return;
    }
    handle = find<DnnHandle>(pointer);
    if (!handle) {
        code = bad(DnnBadParameter, "not a live handle");
    } else if (handle->context != entry.context) {
        code = bad(DnnBadParameter, "the handle belongs to a context that is not current");
    } else if (handle->context->error) {
        code = bad(DnnExecutionFailedDriver, "the context is dead of error " + std::to_string(handle->context->error));
    }
}

int cusim::queue_dnn(const DnnCall& call, std::vector<Range> ranges, std::function<void()> work) {
    Stream* const stream = resolve_stream(call.handle->stream, *call.handle->context);
    if (!stream) { return call.bad(DnnExecutionFailed, "the handle's stream was destroyed"); }
    const int code = enqueue(*stream, Op{OpKind::Library, call.name, [work = std::move(work)] {
        work();
        return 0;
    }, std::move(ranges)});
    return code ? call.bad(DnnExecutionFailedDriver, "error " + std::to_string(code) + " while queueing") : static_cast<int>(DnnSuccess);
}

bool cusim::take_scale(const void* alpha, const void* beta, Scale& scale) {
    if (!alpha || !beta) { return false; }
    scale.alpha = *static_cast<const float*>(alpha);
    scale.beta = *static_cast<const float*>(beta);
    return true;
}

CUSIM_API int cudnnCreate(void** handle) {
    Entry entry("cudnnCreate", Uncaptured);
    if (entry.code) { return entry.injected ? entry.code : dnn_error(DnnExecutionFailedDriver, "cudnnCreate: not while capturing"); }
    if (!handle) { return dnn_error(DnnNullPointer, "cudnnCreate: handle is null"); }
    if (!entry.context || !entry.context->alive || entry.context->error) {
        return dnn_error(DnnNotInitialized, "cudnnCreate: no usable context is current");
    }
    *handle = create<DnnHandle>(entry.context);
    return DnnSuccess;
}

// Waits for the context, as the library does.
CUSIM_API int cudnnDestroy(void* handle) {
    Entry entry("cudnnDestroy", Uncaptured);
    if (entry.code) { return entry.injected ? entry.code : dnn_error(DnnExecutionFailedDriver, "cudnnDestroy: not while capturing"); }
    DnnHandle* const own = find<DnnHandle>(handle);
    if (!own) { return dnn_error(DnnBadParameter, "cudnnDestroy: not a live handle"); }
    synchronize(*own->context);
    own->alive = false;
    return DnnSuccess;
}

CUSIM_API int cudnnSetStream(void* handle, void* stream) {
    DnnCall call("cudnnSetStream", handle);
    if (call.code) { return call.code; }
    const Stream* const known = resolve_stream(stream, *call.handle->context);
    if (!known || known->context != call.handle->context) { return call.bad(DnnBadParameter, "not a stream of the handle's context"); }
    call.handle->stream = stream;
    return DnnSuccess;
}

CUSIM_API std::size_t cudnnGetVersion() {
    Entry entry("cudnnGetVersion", Nothing);
    return 91900;
}

CUSIM_API std::size_t cudnnGetCudartVersion() {
    Entry entry("cudnnGetCudartVersion", Nothing);
    return 13000;
}

CUSIM_API const char* cudnnGetErrorString(int status) {
    Entry entry("cudnnGetErrorString", Nothing);
    for (const StatusText& text : Texts) {
        if (text.code == status) { return text.name; }
    }
    return "CUDNN_UNKNOWN_STATUS";
}

// Of the calling thread, and only once.
CUSIM_API void cudnnGetLastErrorString(char* message, std::size_t size) {
    Entry entry("cudnnGetLastErrorString", Nothing);
    if (!message || size == 0) { return; }
    std::snprintf(message, size, "%s", last_error().c_str());
    last_error().clear();
}
