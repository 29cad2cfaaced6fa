#include "Core/ptx.h"
#include <cstdlib>

namespace cusim {

namespace {

// Splits PTX into words and single marks; comments are dropped.
struct Scanner {
    const std::string& text;
    std::size_t at = 0;
    int line = 1;

    static bool word(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '.' || c == '%';
    }

    std::string next() {
        while (at < text.size()) {
            const char c = text[at];
            if (c == '\n') { line++; at++; }
            else if (c == ' ' || c == '\t' || c == '\r') { at++; }
            else if (text.compare(at, 2, "//") == 0) { while (at < text.size() && text[at] != '\n') { at++; } }
            else if (text.compare(at, 2, "/*") == 0) { skip_comment(); }
            else { break; }
        }
        if (at >= text.size()) { return {}; }
        const std::size_t from = at;
        if (!word(text[at])) { return std::string(1, text[at++]); }
        while (at < text.size() && word(text[at])) { at++; }
        return text.substr(from, at - from);
    }

    void skip_comment() {
        at += 2;
        while (at < text.size() && text.compare(at, 2, "*/") != 0) { line += text[at++] == '\n'; }
        at += 2;
    }
};

unsigned type_bytes(const std::string& type) {
    if (type == ".pred") { return 1; }
    const std::size_t digits = type.find_first_of("0123456789");
    const int bits = digits == std::string::npos ? 0 : std::atoi(type.c_str() + digits);
    const bool known = type.size() > 2 && type[0] == '.' && std::string("bsuf").find(type[1]) != std::string::npos;
    return known && (bits == 8 || bits == 16 || bits == 32 || bits == 64) ? static_cast<unsigned>(bits) / 8 : 0;
}

// A declaration behind its state space: .align N .type name[count], up to one of the marks. Zero bytes: not one.
std::size_t declaration(Scanner& scan, std::string& name, std::string& end) {
    std::size_t bytes = 0, count = 1;
    for (end = scan.next(); !end.empty() && end != "," && end != ";" && end != ")" && end != "="; end = scan.next()) {
        if (end == ".align") { scan.next(); }
        else if (end == "[") {
            const std::string extent = scan.next();
            count *= extent == "]" ? 0 : std::strtoull(extent.c_str(), nullptr, 10);
        }
        else if (end[0] == '.') { if (unsigned size = type_bytes(end)) { bytes = size; } }
        else if (end != "]") { name = end; }
    }
    return bytes * count;
}

// Walks a body: notes the shared variables and which parameters go through cvta.to.global.
bool body(Scanner& scan, PtxEntry& entry) {
    std::vector<std::pair<std::string, std::size_t>> loaded;  // register and the parameter it holds
    int depth = 1;
    for (std::string word = scan.next(); !word.empty(); word = scan.next()) {
        if (word == "{") { depth++; }
        else if (word == "}") { if (--depth == 0) { return true; } }
        else if (word == ".shared") {
            std::string name, end;
            entry.sharedBytes += static_cast<unsigned>(declaration(scan, name, end));
        }
        else if (word == "ld.param.u64") {
            const std::string target = scan.next();
            scan.next(); scan.next();
            const std::string source = scan.next();
            for (std::size_t i = 0; i < entry.parameters.size(); i++) {
                if (entry.parameters[i].name == source) { loaded.emplace_back(target, i); }
            }
        }
        else if (word == "cvta.to.global.u64") {
            scan.next(); scan.next();
            const std::string source = scan.next();
            for (const auto& [held, parameter] : loaded) {
                if (held == source) { entry.parameters[parameter].pointer = true; }
            }
        }
    }
    return false;
}

bool entry_of(Scanner& scan, PtxText& parsed, std::string& error) {
    PtxEntry entry;
    entry.name = scan.next();
    std::string word = scan.next();
    while (word == "(" || word == ",") {
        word = scan.next();
        if (word == ")") { break; }
        std::string name, end;
        const std::size_t bytes = word == ".param" ? declaration(scan, name, end) : 0;
        if (bytes == 0) {
            error = "entry " + entry.name + ": a parameter of no known type";
            return false;
        }
        entry.parameters.push_back({name, static_cast<unsigned>(bytes), false});
        word = end;
    }
    for (; !word.empty() && word != "{" && word != ";"; word = scan.next()) {
        if (word != ".maxntid" && word != ".reqntid") { continue; }
        entry.maxThreads = 1;
        do { entry.maxThreads *= static_cast<unsigned>(std::atoi(scan.next().c_str())); word = scan.next(); } while (word == ",");
        if (word == "{") { break; }
    }
    if (word != "{" || !body(scan, entry)) {
        error = "entry " + entry.name + ": the body does not end";
        return false;
    }
    parsed.entries.push_back(std::move(entry));
    return true;
}

}  // namespace

bool parse_ptx(const std::string& text, PtxText& parsed, std::string& error) {
    Scanner scan{text};
    int depth = 0;
    for (std::string word = scan.next(); !word.empty(); word = scan.next()) {
        if (word == ".version") {
            const std::string number = scan.next();
            const std::size_t dot = number.find('.');
            parsed.version = std::atoi(number.c_str()) * 10 + (dot == std::string::npos ? 0 : std::atoi(number.c_str() + dot + 1));
        }
        else if (word == ".target") {
            const std::string target = scan.next();
            parsed.target = target.compare(0, 3, "sm_") == 0 ? std::atoi(target.c_str() + 3) : 0;
        }
        else if (word == ".entry") {
            if (!entry_of(scan, parsed, error)) { break; }
        }
        else if ((word == ".global" || word == ".const") && depth == 0) {
            std::string name, end;
            const std::size_t bytes = declaration(scan, name, end);
            if (bytes) { parsed.globals.push_back({name, bytes}); }
        }
        else if (word == "{") { depth++; }
        else if (word == "}") { depth--; }
    }
    if (error.empty() && depth != 0) { error = "braces do not match"; }
    if (error.empty() && (parsed.version == 0 || parsed.target == 0)) { error = "no .version or no .target sm_NN"; }
    if (!error.empty()) { error = "line " + std::to_string(scan.line) + ": " + error; }
    return error.empty();
}

}  // namespace cusim
