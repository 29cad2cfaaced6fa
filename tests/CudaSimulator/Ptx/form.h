// The forms of instructions the executor knows. A form is an opcode with all its suffixes and what its operands are, one letter
// each: p a predicate, h, w, q a register or constant of 16, 32, 64 bits, a an address; capitals are results.
#pragma once
#include "Ptx/program.h"

namespace cusim::ptx {

struct Form {
    const char* opcode;
    const char* operands;
    Execute execute;
    Group group;
    Control control = Control::None;
};

// Every form of one part, ended by one without opcode.
const Form* integer_forms();
const Form* float_forms();
const Form* compare_forms();
const Form* convert_forms();
const Form* memory_forms();
const Form* control_forms();

}  // namespace cusim::ptx
