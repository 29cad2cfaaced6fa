#include "Blas/handle.h"
#include "Core/capture.h"

using namespace cusim;

cusim::BlasCall::BlasCall(const char* name, void* pointer) : entry(name, Nothing) {
    if (entry.code) {
        code = entry.injected ? entry.code : BlasExecutionFailed;
        return;
    }
    handle = find<BlasHandle>(pointer);
    if (!handle || handle->context != entry.context) {
        code = BlasNotInitialized;
    } else if (handle->context->error) {
        code = BlasExecutionFailed;
    }
}

int cusim::queue_blas(BlasHandle& handle, const char* name, std::vector<Range> ranges, std::function<void()> work) {
    Stream* const stream = resolve_stream(handle.stream, *handle.context);
    if (!stream) { return BlasExecutionFailed; }
    // The library would add its own allocation to the graph.
    if (stream->capture && !handle.workspace) { note(std::string(name) + " was captured without a workspace of the program's own"); }
    if (handle.workspace) { ranges.push_back({handle.workspace, handle.workspaceBytes}); }
    const int code = enqueue(*stream, Op{OpKind::Library, name, [work = std::move(work)] {
        work();
        return 0;
    }, std::move(ranges)});
    return code ? BlasExecutionFailed : BlasSuccess;
}

bool cusim::take_factor(const BlasHandle& handle, const float* pointer, Factor& factor, std::vector<Range>& ranges) {
    if (!pointer) { return false; }
    if (handle.pointerMode == 1) {
        factor.device = pointer;
        ranges.push_back({reinterpret_cast<Address>(pointer), sizeof(float)});
    } else {
        factor.host = *pointer;
    }
    return true;
}

Range cusim::matrix(const float* first, long long rows, long long columns, long long leading) {
    const long long elements = rows <= 0 || columns <= 0 ? 0 : (columns - 1) * leading + rows;
    return {reinterpret_cast<Address>(first), static_cast<std::size_t>(elements) * sizeof(float)};
}

CUSIM_API int cublasCreate_v2(void** handle) {
    Entry entry("cublasCreate_v2", Uncaptured);
    if (entry.code) { return entry.injected ? entry.code : BlasAllocFailed; }
    if (!handle) { return BlasInvalidValue; }
    if (!entry.context || !entry.context->alive || entry.context->error) { return BlasNotInitialized; }
    *handle = create<BlasHandle>(entry.context);
    return BlasSuccess;
}

// Waits for the context, as the library does.
CUSIM_API int cublasDestroy_v2(void* handle) {
    Entry entry("cublasDestroy_v2", Uncaptured);
    if (entry.code) { return entry.injected ? entry.code : BlasExecutionFailed; }
    BlasHandle* const own = find<BlasHandle>(handle);
    if (!own) { return BlasNotInitialized; }
    synchronize(*own->context);
    own->alive = false;
    return BlasSuccess;
}

CUSIM_API int cublasGetProperty(int type, int* value) {
    Entry entry("cublasGetProperty", Nothing);
    if (entry.code) { return entry.injected ? entry.code : BlasExecutionFailed; }
    if (!value || type < 0 || type > 2) { return BlasInvalidValue; }
    *value = type == 0 ? 13 : 0;
    return BlasSuccess;
}

CUSIM_API std::size_t cublasGetCudartVersion() {
    Entry entry("cublasGetCudartVersion", Nothing);
    return 13000;
}

// Puts the workspace back to the library's own, too.
CUSIM_API int cublasSetStream_v2(void* handle, void* stream) {
    BlasCall call("cublasSetStream_v2", handle);
    if (call.code) { return call.code; }
    const Stream* const known = resolve_stream(stream, *call.handle->context);
    if (!known || known->context != call.handle->context) { return BlasInvalidValue; }
    call.handle->stream = stream;
    call.handle->workspace = 0;
    call.handle->workspaceBytes = 0;
    return BlasSuccess;
}

CUSIM_API int cublasSetWorkspace_v2(void* handle, void* workspace, std::size_t bytes) {
    BlasCall call("cublasSetWorkspace_v2", handle);
    if (call.code) { return call.code; }
    const Address address = reinterpret_cast<Address>(workspace);
    if (address % 256 != 0) { return BlasInvalidValue; }
    if (address != 0 && bytes != 0 && !device_block(address, bytes)) { return BlasInvalidValue; }
    call.handle->workspace = address;
    call.handle->workspaceBytes = address ? bytes : 0;
    return BlasSuccess;
}

CUSIM_API int cublasSetMathMode(void* handle, int mode) {
    BlasCall call("cublasSetMathMode", handle);
    if (call.code) { return call.code; }
    const int base = mode & ~16;
    if (base < 0 || (base > 4 && base != 8)) { return BlasInvalidValue; }
    call.handle->mathMode = mode;
    return BlasSuccess;
}

CUSIM_API int cublasSetPointerMode_v2(void* handle, int mode) {
    BlasCall call("cublasSetPointerMode_v2", handle);
    if (call.code) { return call.code; }
    if (mode < 0 || mode > 1) { return BlasInvalidValue; }
    call.handle->pointerMode = mode;
    return BlasSuccess;
}

CUSIM_API int cublasSetAtomicsMode(void* handle, int mode) {
    BlasCall call("cublasSetAtomicsMode", handle);
    if (call.code) { return call.code; }
    if (mode < 0 || mode > 1) { return BlasInvalidValue; }
    call.handle->atomicsMode = mode;
    return BlasSuccess;
}
