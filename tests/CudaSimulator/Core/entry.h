// What every exported call does first: count and log itself, meet an injected fault, and check the conditions
// it names. `if (entry.code) return entry.code;` follows at once.
#pragma once
#include <mutex>
#include "Core/state.h"
#include "Core/status.h"

namespace cusim {

enum Needs : unsigned {
    Nothing = 0,
    Initialised = 1,            // cuInit was called
    CurrentContext = 3,         // and the thread has a live context without a sticky error
    Uncaptured = 4,             // a capture that forbids unsafe calls to this thread is invalidated, the call refused
    UncapturedIfStrict = 16,    // the same, unless the simulator is told to be lenient
    Releases = 8,               // runs in a dead context too; the caller returns `afterwards`
};

class Entry {
public:
    Entry(const char* name, unsigned needs);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    int code = Success;         // to return before doing anything
    bool injected = false;      // code is an injected one, in the library's own numbers
    int afterwards = Success;   // what a releasing call returns when its work is done
    Context* context = nullptr;

private:
    std::unique_lock<std::recursive_mutex> lock_;
};

// The calling thread's stack of contexts; the last is the current one.
std::vector<Context*>& context_stack();
inline Context* current_context() { return context_stack().empty() ? nullptr : context_stack().back(); }

// Set while a host function queued by cuLaunchHostFunc runs on this thread: it may make no call.
bool& inside_host_function();

}  // namespace cusim
