#include "Ptx/statements.h"
#include <cctype>

namespace cusim::ptx {

namespace {

struct Reader {
    const std::string& text;
    std::size_t at = 0;
    int line = 1;

    bool starts(const char* with) const { return text.compare(at, std::char_traits<char>::length(with), with) == 0; }

    // Past blanks and comments; false at the end.
    bool skip() {
        while (at < text.size()) {
            if (text[at] == '\n') { line++; at++; }
            else if (std::isspace(static_cast<unsigned char>(text[at]))) { at++; }
            else if (starts("//")) { while (at < text.size() && text[at] != '\n') { at++; } }
            else if (starts("/*")) {
                for (at += 2; at < text.size() && !starts("*/"); at++) { line += text[at] == '\n'; }
                at += 2;
            }
            else { return true; }
        }
        return false;
    }

    // A piece up to a blank or one of the marks.
    std::string word(const char* marks) {
        std::string found;
        while (at < text.size() && !std::isspace(static_cast<unsigned char>(text[at])) && std::string(marks).find(text[at]) == std::string::npos) {
            found += text[at++];
        }
        return found;
    }

    // Operands up to the mark that ends the statement, which is taken; blanks within count for one, beside marks for none.
    bool operands(std::vector<std::string>& found, const char* ends) {
        std::string operand;
        bool blank = false;
        while (skip()) {
            const char c = text[at];
            const bool end = std::string(ends).find(c) != std::string::npos;
            if (end || c == ',') {
                if (!operand.empty()) { found.push_back(operand); }
                operand.clear();
                if (end) { return true; }
                at++;
                blank = false;
                continue;
            }
            if (blank && !operand.empty() && c != ']' && operand.back() != '[') { operand += ' '; }
            while (at < text.size() && !std::isspace(static_cast<unsigned char>(text[at])) && text[at] != ',' && std::string(ends).find(text[at]) == std::string::npos && !starts("//")) {
                operand += text[at++];
            }
            blank = true;
        }
        return false;
    }

    // One statement of a body; an empty opcode is a lone semicolon.
    bool statement(Statement& found) {
        found = {};
        found.line = line;
        if (text[at] == '@') {
            at++;
            found.guard = word("");
            if (!skip()) { return false; }
        }
        found.opcode = word(";{}:,");
        if (at < text.size() && text[at] == ':') {
            found.opcode += text[at++];
            return true;
        }
        if (!operands(found.operands, ";")) { return false; }
        // A vector is as many operands as it has elements.
        for (std::string& operand : found.operands) {
            if (operand.front() == '{') { operand.erase(0, 1); }
            if (operand.back() == '}') { operand.pop_back(); }
        }
        at++;
        return true;
    }
};

bool body_of(Reader& reader, Body& body, std::string& error) {
    if (!reader.skip()) { return false; }
    body.name = reader.word("({;");
    if (!reader.skip()) { return false; }
    if (reader.text[reader.at] == '(') {
        reader.at++;
        std::vector<std::string> parameters;
        if (!reader.operands(parameters, ")")) { return false; }
        reader.at++;
        for (const std::string& one : parameters) { body.parameters.push_back({".param", {one}, {}, reader.line}); }
    }
    // .maxntid and the like, which the simulator's own reader sees to.
    while (reader.skip() && reader.text[reader.at] != '{') { reader.at++; }
    reader.at++;
    for (int depth = 1; reader.skip();) {
        const char c = reader.text[reader.at];
        if (c == '{') { depth++; reader.at++; continue; }
        if (c == '}') {
            reader.at++;
            if (--depth == 0) { return true; }
            continue;
        }
        Statement one;
        if (!reader.statement(one)) { break; }
        if (!one.opcode.empty()) { body.statements.push_back(std::move(one)); }
    }
    error = "entry " + body.name + ": the body does not end";
    return false;
}

}  // namespace

bool split(const std::string& text, std::vector<Body>& bodies, std::string& error) {
    Reader reader{text};
    while (reader.skip()) {
        const int line = reader.line;
        const std::string word = reader.word("({;,");
        if (word == ".entry") {
            Body body;
            if (!body_of(reader, body, error)) {
                if (error.empty()) { error = "entry " + body.name + ": the text ends"; }
                return false;
            }
            bodies.push_back(std::move(body));
        }
        else if (word == ".func") {
            error = "line " + std::to_string(line) + ": .func, which the executor does not know";
            return false;
        }
        else if (word.empty()) { reader.at++; }
    }
    return true;
}

}  // namespace cusim::ptx
