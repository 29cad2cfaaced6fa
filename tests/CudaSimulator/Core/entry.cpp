#include "Core/entry.h"
#include "Core/capture.h"

namespace cusim {

namespace {

constexpr std::size_t LogLines = 1 << 16;

struct ThreadContexts {
    std::uint64_t generation = 0;
    std::vector<Context*> stack;
};

int injected_fault(const char* name) {
    auto& faults = state().faults;
    const auto found = faults.find(name);
    if (found == faults.end()) { return Success; }
    Fault& fault = found->second;
    fault.seen++;
    if (fault.nth != 0 && fault.seen != fault.nth) { return Success; }
    fault.fired++;
    if (fault.late) {
        state().injection = fault.code;
        return Success;
    }
    return fault.code;
}

}  // namespace

std::vector<Context*>& context_stack() {
    static thread_local ThreadContexts contexts;
    if (contexts.generation != state().generation) {
        contexts.generation = state().generation;
        contexts.stack.clear();
    }
    return contexts.stack;
}

bool& inside_host_function() {
    static thread_local bool inside = false;
    return inside;
}

Entry::Entry(const char* name, unsigned needs) {
    // The thread that runs the host function holds the lock and waits for it: do not even try.
    if (inside_host_function()) {
        code = NotPermitted;
        return;
    }
    lock_ = std::unique_lock(state().mutex);
    State& all = state();
    all.calls[name]++;
    if (all.log.size() >= LogLines) { all.log.erase(all.log.begin(), all.log.begin() + LogLines / 2); }
    all.log.emplace_back(name, thread_number());

    all.injection = Success;
    code = injected_fault(name);
    if (code) {
        injected = true;
        context = current_context();
        if ((needs & Initialised) && is_sticky(code) && context && !context->error) { context->error = code; }
        if (is_of_capture(code)) { invalidate_own_captures(); }
        return;
    }
    if ((needs & Initialised) && !all.initialized) {
        code = NotInitialized;
        return;
    }
    context = current_context();
    if ((needs & CurrentContext) == CurrentContext) {
        if (!context) {
            code = InvalidContext;
        } else if (!context->alive) {
            code = ContextIsDestroyed;
        } else if (context->error) {
            (needs & Releases ? afterwards : code) = context->error;
        }
        if (code) { return; }
    }
    if ((needs & Uncaptured) || ((needs & UncapturedIfStrict) && !all.lenient)) { code = refuse_unsafe_call(); }
}

Entry::~Entry() {
    if (lock_.owns_lock()) { state().injection = Success; }
}

}  // namespace cusim
