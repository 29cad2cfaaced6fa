// PTX text as statements: what stands between semicolons, braces and labels, with the line it begins in.
#pragma once
#include <string>
#include <vector>

namespace cusim::ptx {

struct Statement {
    std::string opcode;                  // with its suffixes; a directive begins with a dot, a label ends with a colon
    std::vector<std::string> operands;   // between commas, without blanks
    std::string guard;                   // of @%p1 or @!%p1, without the @
    int line = 0;
};

struct Body {
    std::string name;
    std::vector<Statement> parameters;   // .param declarations
    std::vector<Statement> statements;
};

// The entries of a text; false with what is wrong and in which line.
bool split(const std::string& text, std::vector<Body>& bodies, std::string& error);

}  // namespace cusim::ptx
