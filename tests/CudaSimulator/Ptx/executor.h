// Kernels from the PTX text that ships, in place of their host build.
#pragma once
#include <string>
#include "Core/kernel.h"
#include "kernels.h"

namespace cusim::ptx {

enum class Mode { Off, On, Backwards };

// As CUSIM_PTX has it, 0, 1 or 2; without it Off.
Mode mode_of_environment();
// Backwards runs blocks, and warps between barriers, last to first.
Mode mode();
void set_mode(Mode mode);

// Whether the function runs from its PTX now: not where a test registered a kernel of its own.
bool runs(const std::string& entry);

// What the executor does not know in the module's text, or nothing.
std::string refusal(Module& module);

// Runs the launch: 0, or what killed it, with words in the report.
int launch(Module& module, const std::string& entry, const LaunchShape& shape, int device, void** arguments);

}  // namespace cusim::ptx
