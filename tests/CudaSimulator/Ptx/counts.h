// What launches of a kernel came to: counts of instructions and of what their accesses touch. Never speeds.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace cusim::ptx {

// Of one instruction, over all launches.
struct Count {
    std::uint64_t warps = 0, lanes = 0;     // times it ran, and with how many lanes in all
    std::uint64_t touched = 0, least = 0;   // global: 32-byte sectors; shared: passes over the banks
};

struct Counts {
    std::uint64_t launches = 0, threads = 0;
    std::vector<Count> instructions;
};

struct Kernel;

// Those of a kernel; they live as long as the process.
Counts& counts_of(const Kernel& kernel);

// Launches of the entry since the process began or all was forgotten.
long launches(const std::string& entry);
void forget_counts();

// A line for each kernel launched, then one for each access of theirs that touches more than 1.5 times the least.
std::string counts_table();

}  // namespace cusim::ptx
