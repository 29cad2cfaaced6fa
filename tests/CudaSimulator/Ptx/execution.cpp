#include "Ptx/execution.h"
#include <algorithm>
#include "Core/state.h"

namespace cusim::ptx {

namespace {

constexpr int End = 1 << 30;

int count_bits(std::uint32_t lanes) { return lanes == AllLanes ? WarpSize : __builtin_popcount(lanes); }

int lowest(std::uint32_t lanes) { return __builtin_ctz(lanes); }

// Lanes of the warp that are at that place.
std::uint32_t lanes_at(const Warp& warp, std::uint32_t lanes, int at) {
    std::uint32_t found = 0;
    for (int l = 0; l < WarpSize; l++) { found |= static_cast<std::uint32_t>((lanes >> l & 1) && warp.at[l] == at) << l; }
    return found;
}

void fill(Warp& warp, std::uint32_t at, int bytes, std::uint64_t bits) {
    if (bytes == 0) {
        const std::uint32_t all = bits ? AllLanes : 0;
        std::memcpy(&warp.registers[at], &all, sizeof all);
        return;
    }
    for (int l = 0; l < WarpSize; l++) { std::memcpy(&warp.registers[at + static_cast<std::size_t>(l * bytes)], &bits, static_cast<std::size_t>(bytes)); }
}

}  // namespace

std::string thread_words(std::uint32_t thread, unsigned blockSize) {
    return "thread " + std::to_string((thread - 1) % blockSize) + " of block " + std::to_string((thread - 1) / blockSize);
}

Execution::Execution(const Kernel& kernel, const LaunchShape& shape, int device, void** arguments)
    : kernel(kernel), shape(shape), device(device), parameters(kernel.parameterBytes), warps((shape.blockX + WarpSize - 1) / WarpSize),
      shared(kernel.sharedBytes + shape.sharedBytes), local(std::size_t{kernel.localBytes} * shape.blockX), sharedCells(shared.size()),
      localWritten(local.size()), ranges(kernel.code.size()), counts(counts_of(kernel)) {
    for (std::size_t i = 0; i < kernel.parameters.size(); i++) {
        std::memcpy(&parameters[kernel.parameters[i].offset], arguments[i], kernel.parameters[i].bytes);
    }
    int first = 0;
    for (Warp& one : warps) {
        one.first = first;
        first += WarpSize;
        const unsigned lanes = std::min<unsigned>(WarpSize, shape.blockX - static_cast<unsigned>(one.first));
        one.threads = lanes == WarpSize ? AllLanes : (1u << lanes) - 1;
        one.registers.resize(kernel.registerBytes);
        one.written.resize(kernel.registers.size());
        for (const Constant& constant : kernel.constants) { fill(one, constant.at, constant.bytes, constant.bits); }
    }
}

void Execution::find(int code, const char* tool, const Instruction& in, int lane, const std::string& what) {
    failure = code;
    const std::string& opcode = kernel.opcodes[static_cast<std::size_t>(&in - kernel.code.data())];
    note(std::string(tool) + ": kernel " + kernel.name + ", line " + std::to_string(in.line) + " of the PTX (" + opcode + "), "
        + thread_words(thread(lane), shape.blockX) + ": " + what);
}

void Execution::use(Warp& next) {
    warp = &next;
    registers = next.registers.data();
}

void Execution::start_block() {
    clock.block = ++clock.now;
    for (Warp& one : warps) {
        std::fill(one.written.begin(), one.written.end(), 0u);
        std::fill(one.at, one.at + WarpSize, 0);
        one.live = one.threads;
        one.held = 0;
        for (const Constant& constant : kernel.constants) { one.written[constant.number] = AllLanes; }
        use(one);
        for (const SpecialRegister& special : kernel.specials) {
            one.written[special.number] = AllLanes;
            for (int l = 0; l < WarpSize; l++) {
                const unsigned values[] = {static_cast<unsigned>(one.first + l), shape.blockX, block, shape.gridX, static_cast<unsigned>(l)};
                set(special.at, l, values[static_cast<int>(special.what)]);
            }
        }
    }
}

int Execution::run(bool backwards) {
    counts.launches++;
    counts.threads += std::uint64_t{shape.gridX} * shape.blockX;
    for (unsigned i = 0; i < shape.gridX && !failure; i++) {
        block = backwards ? shape.gridX - 1 - i : i;
        run_block(backwards);
    }
    return failure;
}

// From barrier to barrier: all threads of the block come to each, or all have ended.
void Execution::run_block(bool backwards) {
    start_block();
    for (bool going = true; going && !failure;) {
        std::size_t ended = 0;
        for (std::size_t i = 0; i < warps.size() && !failure; i++) {
            use(warps[backwards ? warps.size() - 1 - i : i]);
            ended += run_warp();
        }
        if (failure) { return; }
        going = ended == 0;
        const Warp* waiting = nullptr;
        for (const Warp& one : warps) {
            if (!one.live) { continue; }
            const bool elsewhere = waiting && waiting->at[lowest(waiting->live)] != one.at[lowest(one.live)];
            waiting = &one;
            if (ended == 0 && !elsewhere) { continue; }
            use(warps[static_cast<std::size_t>(&one - warps.data())]);
            return find(719, "synccheck", kernel.code[static_cast<std::size_t>(one.at[lowest(one.live)])], lowest(one.live),
                elsewhere ? "waits at a barrier where other warps of the block wait at another one" : "waits at a barrier that other warps of the block never reach");
        }
        clock.now++;
        for (Warp& one : warps) {
            one.held = 0;
            for (int& at : one.at) { at++; }
        }
    }
}

bool Execution::run_warp() {
    while (!failure) {
        const std::uint32_t ready = warp->live & ~warp->held;
        if (!ready) {
            if (!warp->live) { return true; }
            const int at = warp->at[lowest(warp->live)];
            const bool barrier = kernel.code[static_cast<std::size_t>(at)].control == Control::Barrier;
            if (barrier && warp->live == warp->threads && lanes_at(*warp, warp->live, at) == warp->live) { return false; }
            stuck();
            break;
        }
        int least = End, next = End, place = 0;
        for (int l = 0; l < WarpSize; l++) {
            if (!(ready >> l & 1)) { continue; }
            const int order = kernel.code[static_cast<std::size_t>(warp->at[l])].order;
            if (order < least) { next = least; least = order; place = warp->at[l]; }
            else if (order > least && order < next) { next = order; }
        }
        run_lanes(lanes_at(*warp, ready, place), place, next);
    }
    return false;
}

// Whether the lanes have written what the instruction reads.
bool Execution::initialised(const Instruction& in, std::uint32_t lanes) {
    std::uint32_t missing = in.guarded ? lanes & ~warp->written[in.guardNumber] : 0;
    std::uint32_t number = in.guardNumber;
    for (int i = 0; i < in.reads && !missing; i++) {
        number = in.numbers[i];
        missing = lanes & ~warp->written[number];
    }
    if (missing) { find(719, "initcheck", in, lowest(missing), "reads register " + kernel.registers[number] + ", which was not written"); }
    return !missing;
}

// Runs lanes that are at one place until they part, end, wait, or come as far in order as others stand.
void Execution::run_lanes(std::uint32_t lanes, int at, int stop) {
    const Instruction* const code = kernel.code.data();
    while (code[at].order < stop) {
        const Instruction& in = code[at];
        if (!initialised(in, lanes)) { return; }
        std::uint32_t active = lanes;
        if (in.guarded) {
            const std::uint32_t guard = predicate(in.guard);
            active &= in.guardNegated ? ~guard : guard;
        }
        if (in.control == Control::Meet && !meet(in, active, at)) { return; }
        Count& count = counts.instructions[static_cast<std::size_t>(at)];
        count.warps++;
        count.lanes += static_cast<unsigned>(count_bits(in.control == Control::Branch ? lanes : active));
        switch (in.control) {
            case Control::None: case Control::Meet:
                if (active) { in.execute(*this, in, active); }
                if (failure) { return; }
                for (int i = 0; i < in.writes; i++) { warp->written[in.resultNumbers[i]] |= active; }
                at++;
                if (in.control == Control::Meet && active != lanes) {
                    for (int l = 0; l < WarpSize; l++) { if (active >> l & 1) { warp->at[l] = at; } }
                    return;
                }
                break;
            case Control::Branch:
                if (active == lanes) { at = in.target; break; }
                if (active == 0) { at++; break; }
                for (int l = 0; l < WarpSize; l++) {
                    if (lanes >> l & 1) { warp->at[l] = active >> l & 1 ? in.target : at + 1; }
                }
                return;
            case Control::Exit:
                warp->live &= ~lanes;
                return;
            case Control::Barrier:
                warp->held |= lanes;
                for (int l = 0; l < WarpSize; l++) { if (lanes >> l & 1) { warp->at[l] = at; } }
                return;
        }
    }
    for (int l = 0; l < WarpSize; l++) { if (lanes >> l & 1) { warp->at[l] = at; } }
}

// What is done together waits for its members: false while some are still to come. Then the lanes are all that are here.
bool Execution::meet(const Instruction& in, std::uint32_t& lanes, int at) {
    const int some = lowest(lanes);
    const std::uint32_t members = get<std::uint32_t>(in.operands[in.reads - 1], some);
    for (int l = 0; l < WarpSize; l++) { if (lanes >> l & 1) { warp->at[l] = at; } }
    const std::uint32_t here = lanes | lanes_at(*warp, warp->held, at);
    if ((lanes & ~members) != 0) {
        find(719, "synccheck", in, lowest(lanes & ~members), "takes part where it is no member");
        return false;
    }
    if ((members & ~here) != 0) {
        warp->held |= lanes;
        return false;
    }
    warp->held &= ~here;
    lanes = here;
    return true;
}

// None of the warp's threads can go on.
void Execution::stuck() {
    const int lane = lowest(warp->live), at = warp->at[lane];
    const Instruction& in = kernel.code[static_cast<std::size_t>(at)];
    const std::uint32_t elsewhere = warp->live & ~lanes_at(*warp, warp->live, at);
    find(719, "synccheck", in, lane, std::string("waits for ") + (elsewhere
        ? thread_words(thread(lowest(elsewhere)), shape.blockX) + ", which waits in line " + std::to_string(kernel.code[static_cast<std::size_t>(warp->at[lowest(elsewhere)])].line)
        : "threads of its warp that have ended or were never there"));
}

}  // namespace cusim::ptx
