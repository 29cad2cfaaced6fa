// Where the lanes of a warp access memory, checked: the part that all state spaces share, and that of global memory.
#pragma once
#include "Ptx/execution.h"

namespace cusim::ptx {

enum class Use { Read, ReadCached, Write, Atomic };

using Addresses = std::uint64_t[WarpSize];

// The addresses of the set lanes.
void addresses_of(const Execution& e, const Instruction& in, std::uint32_t lanes, Addresses& at);

// Whether all lie in live memory of the device and on a multiple of the bytes; counts the sectors they touch. Otherwise the launch has ended.
bool reaches_global(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes);

// Whether all lie below the bytes of shared or local memory; not the first ends the launch.
bool reaches_inside(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes, const char* space, std::size_t size);

// Counts how often the banks of shared memory must be passed over.
void count_banks(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes);

// Notes that a lane uses global memory, value being what it writes there: false where another thread's use has no order to it.
bool note_global(Execution& e, const Instruction& in, int lane, std::uint64_t at, unsigned bytes, Use use, const void* value);
bool note_shared(Execution& e, const Instruction& in, int lane, std::uint64_t at, unsigned bytes, Use use, const void* value);

}  // namespace cusim::ptx
