// cuBLAS: the handle, and what every call of it begins with.
#pragma once
#include "Core/entry.h"
#include "Core/stream.h"

namespace cusim {

enum BlasStatus : int {
    BlasSuccess = 0,
    BlasNotInitialized = 1,
    BlasAllocFailed = 3,
    BlasInvalidValue = 7,
    BlasExecutionFailed = 13,
    BlasInternalError = 14,
    BlasNotSupported = 15,
};

struct BlasHandle : Object {
    static constexpr Kind kind_of = Kind::Blas;
    explicit BlasHandle(Context* context) : Object(Kind::Blas, context) {}
    void* stream = nullptr;          // the handle as it was set; null is the legacy stream
    Address workspace = 0;           // 0: the library's own
    std::size_t workspaceBytes = 0;
    int mathMode = 0, pointerMode = 0, atomicsMode = 0, smTarget = 0;
};

// `code` is what the call must return: an injected fault, a handle that is none, a context that is not current
// or dead.
struct BlasCall {
    BlasCall(const char* name, void* handle);
    Entry entry;
    BlasHandle* handle = nullptr;
    int code = BlasSuccess;
};

// Queues work on the handle's stream; a capture it breaks is the call's failure.
int queue_blas(BlasHandle& handle, const char* name, std::vector<Range> ranges, std::function<void()> work);

// A factor that lies on the host, copied at the call, or on the device, read when the work runs.
struct Factor {
    const float* device = nullptr;
    float host = 0;
    float value() const { return device ? *device : host; }
};

// False when the pointer is null.
bool take_factor(const BlasHandle& handle, const float* pointer, Factor& factor, std::vector<Range>& ranges);

// The bytes of a column-major matrix of floats.
Range matrix(const float* first, long long rows, long long columns, long long leading);

constexpr bool is_operation(int op) { return op >= 0 && op <= 2; }

}  // namespace cusim
