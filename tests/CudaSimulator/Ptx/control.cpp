// What moves threads about: branches, ends, barriers; and what a warp does together, whose last operand are its members.
#include "Ptx/form.h"
#include "Ptx/lanes.h"

namespace cusim::ptx {

namespace {

// All members are here; operands: predicate, members.
void ballot(Execution& e, const Instruction& in, std::uint32_t lanes) {
    const std::uint32_t bits = e.predicate(in.operands[0]) & lanes;
    for (int l = 0; l < WarpSize; l++) {
        if (lanes >> l & 1) { e.set<std::uint32_t>(in.results[0], l, bits); }
    }
}

// Takes a value from the lane whose number differs by some bits; operands: value, bits, limits, members.
void exchange(Execution& e, const Instruction& in, std::uint32_t lanes) {
    std::uint32_t values[WarpSize];
    for (int l = 0; l < WarpSize; l++) { values[l] = e.get<std::uint32_t>(in.operands[0], l); }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const std::uint32_t limits = e.get<std::uint32_t>(in.operands[2], l), segment = limits >> 8 & 31, lane = static_cast<std::uint32_t>(l);
        std::uint32_t from = lane ^ (e.get<std::uint32_t>(in.operands[1], l) & 31);
        if (from > ((lane & segment) | (limits & 31 & ~segment))) { from = lane; }
        if (!(lanes >> from & 1)) { return e.find(719, "synccheck", in, l, "takes a value from lane " + std::to_string(from) + ", which is no member"); }
        e.set<std::uint32_t>(in.results[0], l, values[from]);
    }
}

const Form forms[] = {
    {"bra", "", nullptr, Group::Branch, Control::Branch},
    {"bra.uni", "", nullptr, Group::Branch, Control::Branch},
    {"ret", "", nullptr, Group::Branch, Control::Exit},
    {"bar.sync", "w", nullptr, Group::Together, Control::Barrier},
    {"vote.sync.ballot.b32", "Wpw", ballot, Group::Together, Control::Meet},
    {"shfl.sync.bfly.b32", "Wwwww", exchange, Group::Together, Control::Meet},
    {},
};

}  // namespace

const Form* control_forms() { return forms; }

}  // namespace cusim::ptx
