// What the simulator reads of a PTX text: version, target, entries with their parameters, global variables.
#pragma once
#include <string>
#include <vector>

namespace cusim {

struct PtxParameter {
    std::string name;
    unsigned bytes;
    bool pointer;                // its value goes through cvta.to.global
};

struct PtxEntry {
    std::string name;
    std::vector<PtxParameter> parameters;
    unsigned maxThreads = 0;     // .maxntid, or 0
    unsigned sharedBytes = 0;    // of .shared variables inside
};

struct PtxGlobal {
    std::string name;
    std::size_t bytes;
};

struct PtxText {
    int version = 0;             // major * 10 + minor
    int target = 0;              // of sm_NN
    std::vector<PtxEntry> entries;
    std::vector<PtxGlobal> globals;
};

// True, or false with what is wrong and in which line.
bool parse_ptx(const std::string& text, PtxText& parsed, std::string& error);

}  // namespace cusim
