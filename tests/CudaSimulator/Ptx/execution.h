// One launch while it runs, a block at a time, and what instructions need of it.
#pragma once
#include <cstring>
#include "Ptx/counts.h"
#include "Ptx/program.h"
#include "Ptx/shadow.h"
#include "kernels.h"

namespace cusim::ptx {

// Generic addresses of shared and local memory lie far above any the host gives out.
constexpr std::uint64_t SharedWindow = std::uint64_t{1} << 60, LocalWindow = std::uint64_t{1} << 61;

// 32 threads that run in step where they can: each has its place in the program, and those at the place lowest in order run.
struct Warp {
    std::vector<char> registers;
    std::vector<std::uint32_t> written;  // lanes that have written each register
    int at[WarpSize] = {};
    int first = 0;                       // thread of lane 0
    std::uint32_t threads = 0;           // lanes that have a thread
    std::uint32_t live = 0;              // lanes whose thread has not ended
    std::uint32_t held = 0;              // lanes that wait at a barrier, a vote or an exchange for others
};

// Memory that was found to be accessible, [from, to).
struct Range {
    std::uint64_t from = 1, to = 0;
};

struct Execution {
    Execution(const Kernel& kernel, const LaunchShape& shape, int device, void** arguments);

    // Runs all blocks, backwards if asked: 0, or what killed the launch, which is in the report.
    int run(bool backwards);

    template <class T>
    T get(std::uint32_t at, int lane) const {
        T value;
        std::memcpy(&value, registers + at + static_cast<std::size_t>(lane) * sizeof(T), sizeof(T));
        return value;
    }

    template <class T>
    void set(std::uint32_t at, int lane, T value) { std::memcpy(registers + at + static_cast<std::size_t>(lane) * sizeof(T), &value, sizeof(T)); }

    // A predicate's bits.
    std::uint32_t predicate(std::uint32_t at) const { return get<std::uint32_t>(at, 0); }
    void set_predicate(std::uint32_t at, std::uint32_t value, std::uint32_t lanes) { set(at, 0, (predicate(at) & ~lanes) | (value & lanes)); }

    // Numbers threads of the whole launch from 1.
    std::uint32_t thread(int lane) const { return static_cast<std::uint32_t>(block) * shape.blockX + static_cast<std::uint32_t>(warp->first + lane) + 1; }

    // Ends the launch with a code and what was found, in the words of the tool that would find it.
    void find(int code, const char* tool, const Instruction& in, int lane, const std::string& what);

    const Kernel& kernel;
    const LaunchShape shape;
    const int device;
    std::vector<char> parameters;
    std::vector<Warp> warps;
    std::vector<char> shared, local;     // of the running block
    std::vector<Cell> sharedCells;       // of each byte
    std::vector<std::uint32_t> localWritten; // the clock when each byte was
    std::vector<Range> ranges;           // of each instruction, where it last found its memory
    GlobalShadow global;
    Clock clock;
    Counts& counts;
    Warp* warp = nullptr;
    char* registers = nullptr;
    unsigned block = 0;
    int failure = 0;

private:
    void start_block();
    void run_block(bool backwards);
    // Runs a warp until its threads have ended (true) or all wait at a barrier (false).
    bool run_warp();
    void run_lanes(std::uint32_t lanes, int at, int stop);
    bool initialised(const Instruction& in, std::uint32_t lanes);
    bool meet(const Instruction& in, std::uint32_t& lanes, int at);
    void stuck();
    void use(Warp& next);
};

// What words call a thread of the running launch, numbered from 1.
std::string thread_words(std::uint32_t thread, unsigned blockSize);

}  // namespace cusim::ptx
