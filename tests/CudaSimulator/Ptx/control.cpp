// What moves threads about: branches, ends, barriers, votes. Their work is the executor's, but for the vote's result.
#include "Ptx/form.h"
#include "Ptx/lanes.h"

namespace cusim::ptx {

namespace {

// All members are here; operands: predicate, members.
void ballot(Execution& e, const Instruction& in, std::uint32_t lanes) {
    const std::uint32_t bits = e.predicate(in.operands[0]) & lanes;
    for (int l = 0; l < WarpSize; l++) {
        if (lanes >> l & 1) { e.set<std::uint32_t>(in.result, l, bits); }
    }
}

const Form forms[] = {
    {"bra", "", nullptr, Group::Branch, Control::Branch},
    {"bra.uni", "", nullptr, Group::Branch, Control::Branch},
    {"ret", "", nullptr, Group::Branch, Control::Exit},
    {"bar.sync", "w", nullptr, Group::Together, Control::Barrier},
    {"vote.sync.ballot.b32", "Wpw", ballot, Group::Together, Control::Vote},
    {},
};

}  // namespace

const Form* control_forms() { return forms; }

}  // namespace cusim::ptx
