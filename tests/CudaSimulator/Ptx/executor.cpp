#include "Ptx/executor.h"
#include <cstdlib>
#include "Core/status.h"
#include "Ptx/execution.h"

namespace cusim::ptx {

namespace {

Mode& chosen() {
    static Mode mode = mode_of_environment();
    return mode;
}

const Program* program_of(Module& module, std::string& error) {
    if (!module.program) { module.program = decode(module.source, error); }
    return module.program.get();
}

}  // namespace

Mode mode_of_environment() {
    const char* const given = std::getenv("CUSIM_PTX");
    const int number = given ? std::atoi(given) : 0;
    return number == 1 ? Mode::On : number == 2 ? Mode::Backwards : Mode::Off;
}

Mode mode() { return chosen(); }
void set_mode(Mode mode) { chosen() = mode; }

bool runs(const std::string& entry) { return mode() != Mode::Off && !state().kernels.count(entry); }

std::string refusal(Module& module) {
    std::string error;
    program_of(module, error);
    return error;
}

int launch(Module& module, const std::string& entry, const LaunchShape& shape, int device, void** arguments) {
    std::string error;
    const Program* const program = program_of(module, error);
    if (!program) {
        note(error);
        return LaunchFailed;
    }
    if (shape.gridY != 1 || shape.gridZ != 1 || shape.blockY != 1 || shape.blockZ != 1) {
        note("kernel " + entry + ": the executor runs rows of blocks of one row of threads");
        return LaunchFailed;
    }
    return Execution(program->kernels.at(entry), shape, device, arguments).run(mode() == Mode::Backwards);
}

}  // namespace cusim::ptx
