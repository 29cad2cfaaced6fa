// A PTX text decoded for the executor: entries with their registers, constants, variables and instructions.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cusim::ptx {

constexpr int WarpSize = 32;
constexpr std::uint32_t AllLanes = 0xffffffffu;

struct Execution;
struct Instruction;

// Does what an instruction says, for the lanes of the set bits.
using Execute = void (*)(Execution&, const Instruction&, std::uint32_t lanes);

// What the executor itself has to see to.
enum class Control : std::uint8_t { None, Branch, Exit, Barrier, Meet };

// What the counts tell apart.
enum class Group : std::uint8_t {
    Move, Convert, Compare, Int32, Int64, Divide32, Divide64, Float, SlowFloat, Double, Parameter, Global, Shared, Local, Branch, Together,
};
constexpr int Groups = 16;

// The registers of a warp lie in one piece, those of its 32 lanes together; constants and special registers are registers
// that are full from the start.
struct Instruction {
    Execute execute = nullptr;
    Control control = Control::None;
    Group group = Group::Move;
    std::uint8_t reads = 0;                 // operands[0 .. reads) are read
    std::uint8_t writes = 0;                // results[0 .. writes) are written
    bool guarded = false, guardNegated = false;
    std::uint32_t operands[5] = {};         // where each lies in the warp's registers, in bytes
    std::uint32_t numbers[5] = {};          // of each, for what has been written
    std::uint32_t results[4] = {}, resultNumbers[4] = {};
    std::uint32_t guard = 0, guardNumber = 0;
    std::int64_t displacement = 0;          // of an address
    int target = 0;                         // of a branch: an instruction's number
    int line = 0;
    int order = 0;                          // see order.h
};

enum class Special : std::uint8_t { Thread, BlockSize, Block, Blocks, Lane };

struct Constant {
    std::uint32_t at, number;
    int bytes;                              // of one lane; 0 for a predicate
    std::uint64_t bits;
};

struct SpecialRegister {
    Special what;
    std::uint32_t at, number;
};

struct Parameter {
    std::string name;
    unsigned bytes, offset;
};

// One entry. Line numbers are those of the text.
struct Kernel {
    std::string name;
    std::vector<Parameter> parameters;
    std::vector<Instruction> code;
    std::vector<std::string> opcodes;       // of each instruction, for words
    std::vector<std::string> registers;     // names by number
    std::vector<Constant> constants;
    std::vector<SpecialRegister> specials;
    std::uint32_t registerBytes = 0;        // of a warp
    unsigned sharedBytes = 0, localBytes = 0, parameterBytes = 0;
};

struct Program {
    std::map<std::string, Kernel> kernels;
};

// The program of a text, decoded once; null, with the reason, where it has a form that the executor does not know.
std::shared_ptr<const Program> decode(const std::string& text, std::string& error);

}  // namespace cusim::ptx
