// cuDNN: status values, the handle, and what every call of it begins with.
#pragma once
#include "Core/entry.h"
#include "Core/stream.h"

namespace cusim {

enum DnnStatus : int {
    DnnSuccess = 0,
    DnnNotInitialized = 1001,
    DnnBadParameter = 2000,
    DnnInvalidValue = 2001,
    DnnNullPointer = 2002,
    DnnMisaligned = 2003,
    DnnShapeMismatch = 2008,
    DnnNotSupported = 3000,
    DnnInternalError = 4000,
    DnnExecutionFailed = 5000,
    DnnExecutionFailedDriver = 5001,
};

struct DnnHandle : Object {
    static constexpr Kind kind_of = Kind::Dnn;
    explicit DnnHandle(Context* context) : Object(Kind::Dnn, context) {}
    void* stream = nullptr;
};

// Leaves words for cudnnGetLastErrorString on this thread, and returns the code.
int dnn_error(int code, const std::string& words);

// For calls without a handle (descriptors): the code is an injected fault or 0.
struct DnnSetup {
    explicit DnnSetup(const char* name) : entry(name, Nothing) {
        code = entry.code && !entry.injected ? static_cast<int>(DnnExecutionFailed) : entry.code;
    }
    Entry entry;
    int code;
};

// For calls with one: also a handle that is none, not of the current context, or of a dead one.
struct DnnCall {
    DnnCall(const char* name, void* handle);
    int null(const char* what) const { return dnn_error(DnnNullPointer, std::string(name) + ": " + what + " is null"); }
    int bad(int code, const std::string& words) const { return dnn_error(code, std::string(name) + ": " + words); }

    Entry entry;
    const char* const name;
    DnnHandle* handle = nullptr;
    int code = DnnSuccess;
};

// Queues work on the handle's stream.
int queue_dnn(const DnnCall& call, std::vector<Range> ranges, std::function<void()> work);

// alpha and beta: host pointers, read at the call.
struct Scale {
    float alpha = 1, beta = 0;
};
bool take_scale(const void* alpha, const void* beta, Scale& scale);

}  // namespace cusim
