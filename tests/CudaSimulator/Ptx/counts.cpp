#include "Ptx/counts.h"
#include <cstdio>
#include <cstdlib>
#include <map>
#include "Ptx/program.h"

namespace cusim::ptx {

namespace {

constexpr double Scattered = 1.5;

struct Known {
    const Kernel* kernel;
    Counts counts;
};

std::multimap<std::string, Known>& all() {
    static auto* const known = new std::multimap<std::string, Known>;
    return *known;
}

// Groups of the table's columns.
enum Column { Int32, Int64, Division, Float, SlowFloat, Double, Compare, Move, Memory, Other, Columns };

Column column_of(Group group) {
    switch (group) {
        case Group::Int32: return Int32;
        case Group::Int64: return Int64;
        case Group::Divide32: case Group::Divide64: return Division;
        case Group::Float: return Float;
        case Group::SlowFloat: return SlowFloat;
        case Group::Double: return Double;
        case Group::Compare: return Compare;
        case Group::Move: case Group::Convert: case Group::Parameter: return Move;
        case Group::Global: case Group::Shared: case Group::Local: return Memory;
        default: return Other;
    }
}

double ratio(std::uint64_t a, std::uint64_t b) { return b ? static_cast<double>(a) / static_cast<double>(b) : 0; }

std::string line_of(const Kernel& kernel, const Counts& counts) {
    std::uint64_t columns[Columns] = {}, lanes = 0, warps = 0;
    Count global, shared;
    for (std::size_t i = 0; i < counts.instructions.size(); i++) {
        const Count& one = counts.instructions[i];
        const Group group = kernel.code[i].group;
        columns[column_of(group)] += one.lanes;
        lanes += one.lanes;
        warps += one.warps;
        if (group != Group::Global && group != Group::Shared) { continue; }
        Count& sum = group == Group::Global ? global : shared;
        sum.warps += one.warps;
        sum.touched += one.touched;
        sum.least += one.least;
    }
    char text[400];
    int length = std::snprintf(text, sizeof text, "%-26s %8llu %10llu %13llu ", kernel.name.c_str(), static_cast<unsigned long long>(counts.launches),
        static_cast<unsigned long long>(counts.threads), static_cast<unsigned long long>(lanes));
    for (const std::uint64_t column : columns) { length += std::snprintf(text + length, sizeof text - static_cast<std::size_t>(length), " %5.1f", 100 * ratio(column, lanes)); }
    std::snprintf(text + length, sizeof text - static_cast<std::size_t>(length), " %7.1f %10llu %10llu %6.2f %10llu %6.2f\n", 100 * ratio(lanes, warps * WarpSize),
        static_cast<unsigned long long>(global.warps), static_cast<unsigned long long>(global.touched), ratio(global.touched, global.least),
        static_cast<unsigned long long>(shared.touched), ratio(shared.touched, shared.least));
    return text;
}

std::string scattered(const Kernel& kernel, const Counts& counts) {
    std::string lines;
    for (std::size_t i = 0; i < counts.instructions.size(); i++) {
        const Count& one = counts.instructions[i];
        const Group group = kernel.code[i].group;
        if ((group != Group::Global && group != Group::Shared) || ratio(one.touched, one.least) <= Scattered) { continue; }
        char text[240];
        std::snprintf(text, sizeof text, "%-26s line %5d %-18s %10llu %s for %llu, %.2f times\n", kernel.name.c_str(), kernel.code[i].line, kernel.opcodes[i].c_str(),
            static_cast<unsigned long long>(one.touched), group == Group::Global ? "sectors" : "passes", static_cast<unsigned long long>(one.least), ratio(one.touched, one.least));
        lines += text;
    }
    return lines;
}

// At the end of the process, for whoever started it.
struct Writer {
    ~Writer() {
        const char* const path = std::getenv("CUSIM_PTX_COUNTS");
        std::FILE* const file = path ? std::fopen(path, "w") : nullptr;
        if (!file) { return; }
        std::fputs(counts_table().c_str(), file);
        std::fclose(file);
    }
};

const Writer writer;

}  // namespace

Counts& counts_of(const Kernel& kernel) {
    const auto range = all().equal_range(kernel.name);
    for (auto at = range.first; at != range.second; ++at) {
        if (at->second.kernel == &kernel) { return at->second.counts; }
    }
    Counts& made = all().insert({kernel.name, {&kernel, {}}})->second.counts;
    made.instructions.resize(kernel.code.size());
    return made;
}

long launches(const std::string& entry) {
    long count = 0;
    const auto range = all().equal_range(entry);
    for (auto at = range.first; at != range.second; ++at) { count += static_cast<long>(at->second.counts.launches); }
    return count;
}

void forget_counts() {
    for (auto& [name, known] : all()) {
        known.counts = {};
        known.counts.instructions.resize(known.kernel->code.size());
    }
}

std::string counts_table() {
    std::string table = "kernel                     launches    threads  instructions  int32 int64   div float  slow double comp   move   mem other  active    global    sectors  ratio     shared  ratio\n";
    for (const auto& [name, known] : all()) { if (known.counts.launches) { table += line_of(*known.kernel, known.counts); } }
    for (const auto& [name, known] : all()) { table += scattered(*known.kernel, known.counts); }
    return table;
}

}  // namespace cusim::ptx
