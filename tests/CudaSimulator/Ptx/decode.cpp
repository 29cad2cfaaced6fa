// Statements to instructions: each operand gets its place among the registers of a warp.
#include <cstdlib>
#include <unordered_map>
#include "Ptx/form.h"
#include "Ptx/order.h"
#include "Ptx/statements.h"

namespace cusim::ptx {

namespace {

struct Place {
    char letter = 0;                     // p, h, w, q; 0: none
    std::uint32_t at = 0, number = 0;
};

const std::unordered_map<std::string, std::vector<const Form*>>& forms() {
    static const auto* const all = [] {
        auto* const made = new std::unordered_map<std::string, std::vector<const Form*>>;
        for (const Form* part : {integer_forms(), float_forms(), compare_forms(), convert_forms(), memory_forms(), control_forms()}) {
            for (; part->opcode; part++) { (*made)[part->opcode].push_back(part); }
        }
        return made;
    }();
    return *all;
}

constexpr unsigned bytes_of(char letter) { return letter == 'q' ? 8 : letter == 'w' ? 4 : letter == 'h' ? 2 : 0; }

char letter_of(const std::string& type) {
    if (type == ".pred") { return 'p'; }
    const char last = type.empty() ? 0 : type.back();
    return type.size() != 4 && type.size() != 3 ? 0 : last == '6' ? 'h' : last == '2' ? 'w' : last == '4' ? 'q' : 0;
}

class Decoder {
public:
    explicit Decoder(Kernel& kernel) : kernel_(kernel) {}

    bool decode(const Body& body, std::string& error) {
        kernel_.name = body.name;
        for (const Statement& one : body.parameters) { parameter(one.operands[0]); }
        std::unordered_map<std::string, int> labels;
        int count = 0;
        for (const Statement& one : body.statements) {
            if (one.opcode.back() == ':') { labels[one.opcode.substr(0, one.opcode.size() - 1)] = count; }
            else if (one.opcode[0] != '.') { count++; }
            else if (!declaration(one)) { return refuse(one, "a declaration the executor does not know", error); }
        }
        for (const Statement& one : body.statements) {
            if (one.opcode[0] == '.' || one.opcode.back() == ':') { continue; }
            std::string why;
            if (!instruction(one, labels, why)) { return refuse(one, why, error); }
        }
        // Running past the end is what ret does.
        Statement end;
        end.opcode = "ret";
        end.line = body.statements.empty() ? 0 : body.statements.back().line;
        std::string why;
        instruction(end, labels, why);
        put_in_order(kernel_.code);
        return true;
    }

private:
    bool refuse(const Statement& one, const std::string& why, std::string& error) const {
        error = "line " + std::to_string(one.line) + ", entry " + kernel_.name + ": " + one.opcode + ": " + why;
        return false;
    }

    void parameter(const std::string& declaration) {
        const std::size_t type = declaration.find('.', 1), name = declaration.rfind(' ');
        const unsigned bytes = bytes_of(letter_of(declaration.substr(type, declaration.find(' ', type) - type)));
        unsigned& end = kernel_.parameterBytes;
        if (bytes) { end = (end + bytes - 1) / bytes * bytes; }
        kernel_.parameters.push_back({declaration.substr(name + 1), bytes, end});
        symbols_[kernel_.parameters.back().name] = end;
        end += bytes;
    }

    bool declaration(const Statement& one) {
        if (one.opcode == ".pragma") { return true; }
        if (one.operands.size() != 1) { return false; }
        std::string text = one.operands[0];
        if (one.opcode == ".reg") { return registers(text); }
        if (one.opcode != ".shared" && one.opcode != ".local") { return false; }
        unsigned align = 1;
        if (text.compare(0, 7, ".align ") == 0) {
            align = static_cast<unsigned>(std::atoi(text.c_str() + 7));
            text = text.substr(text.find(' ', 7) + 1);
        }
        if (text.compare(0, 4, ".b8 ") != 0 || text.find('[') == std::string::npos || align == 0) { return false; }
        const std::size_t bracket = text.find('[');
        unsigned& end = one.opcode == ".shared" ? kernel_.sharedBytes : kernel_.localBytes;
        end = (end + align - 1) / align * align;
        symbols_[text.substr(4, bracket - 4)] = end;
        end += static_cast<unsigned>(std::atoi(text.c_str() + bracket + 1));
        return true;
    }

    // .b32 %r<12> declares %r0 to %r11; .b64 %SP just that one.
    bool registers(const std::string& text) {
        const std::size_t blank = text.find(' '), bracket = text.find('<');
        const char letter = blank == std::string::npos ? 0 : letter_of(text.substr(0, blank));
        if (!letter) { return false; }
        const std::string name = text.substr(blank + 1, bracket == std::string::npos ? bracket : bracket - blank - 1);
        if (bracket == std::string::npos) {
            places_[name] = make(letter, name);
            return true;
        }
        const int count = std::atoi(text.c_str() + bracket + 1);
        for (int i = 0; i < count; i++) {
            const std::string numbered = name + std::to_string(i);
            places_[numbered] = make(letter, numbered);
        }
        return true;
    }

    Place make(char letter, const std::string& name) {
        const Place place{letter, kernel_.registerBytes, static_cast<std::uint32_t>(kernel_.registers.size())};
        // A predicate is one bit of a word for each lane.
        kernel_.registerBytes += letter == 'p' ? 8 : bytes_of(letter) * WarpSize;
        kernel_.registers.push_back(name);
        return place;
    }

    Place special(const std::string& name) {
        static const std::unordered_map<std::string, Special> known = {
            {"%tid.x", Special::Thread}, {"%ntid.x", Special::BlockSize}, {"%ctaid.x", Special::Block}, {"%nctaid.x", Special::Blocks},
            {"%laneid", Special::Lane},
        };
        const auto found = known.find(name);
        if (found == known.end()) { return {}; }
        const Place place = places_[name] = make('w', name);
        kernel_.specials.push_back({found->second, place.at, place.number});
        return place;
    }

    // The register or constant an operand names, as the letter asks; no letter: none such.
    Place place(const std::string& operand, char letter) {
        const auto known = places_.find(operand);
        if (known != places_.end()) { return known->second; }
        if (operand[0] == '%') { return special(operand); }
        std::uint64_t bits;
        if (operand[0] == '0' && (operand[1] == 'f' || operand[1] == 'd')) {
            if ((operand[1] == 'f') != (letter == 'w')) { return {}; }
            bits = std::strtoull(operand.c_str() + 2, nullptr, 16);
        }
        else if (operand[0] == '-' || (operand[0] >= '0' && operand[0] <= '9')) {
            bits = operand[0] == '-' ? 0 - std::strtoull(operand.c_str() + 1, nullptr, 0) : std::strtoull(operand.c_str(), nullptr, 0);
        }
        else {
            const auto symbol = symbols_.find(operand);
            if (symbol == symbols_.end() || letter != 'q') { return {}; }
            bits = symbol->second;
        }
        Place& made = places_[operand + ' ' + letter];
        if (!made.letter) {
            made = make(letter, operand);
            kernel_.constants.push_back({made.at, made.number, static_cast<int>(bytes_of(letter)), bits});
        }
        return made;
    }

    // [register], [register+N] or [symbol+N].
    Place address(const std::string& operand, std::int64_t& displacement) {
        if (operand.size() < 3 || operand[0] != '[' || operand.back() != ']') { return {}; }
        const std::size_t plus = operand.find('+');
        if (plus != std::string::npos) { displacement = std::strtoll(operand.c_str() + plus + 1, nullptr, 0); }
        return place(operand.substr(1, (plus == std::string::npos ? operand.size() - 1 : plus) - 1), 'q');
    }

    bool fits(const Form& form, const std::vector<std::string>& operands, Instruction& made) {
        const std::string letters = form.operands;
        if (letters.size() != operands.size()) { return false; }
        for (std::size_t i = 0; i < letters.size(); i++) {
            const char letter = letters[i];
            const bool result = letter >= 'A' && letter <= 'Z';
            const char wanted = result ? static_cast<char>(letter + 'a' - 'A') : letter;
            const bool isAddress = operands[i][0] == '[';
            if (isAddress != (letter == 'a')) { return false; }
            const Place found = isAddress ? address(operands[i], made.displacement) : place(operands[i], wanted);
            if (found.letter != (isAddress ? 'q' : wanted) || (result && operands[i][0] != '%')) { return false; }
            if (result) {
                made.results[made.writes] = found.at;
                made.resultNumbers[made.writes++] = found.number;
                continue;
            }
            made.operands[made.reads] = found.at;
            made.numbers[made.reads++] = found.number;
        }
        return true;
    }

    bool instruction(const Statement& one, const std::unordered_map<std::string, int>& labels, std::string& why) {
        Instruction made;
        made.line = one.line;
        const auto known = forms().find(one.opcode);
        if (known == forms().end()) {
            why = "an instruction the executor does not know";
            return false;
        }
        const Form* form = nullptr;
        for (const Form* candidate : known->second) {
            Instruction trial = made;
            std::vector<std::string> operands = one.operands;
            if (candidate->control == Control::Branch) {
                const auto label = operands.size() == 1 ? labels.find(operands[0]) : labels.end();
                if (label == labels.end()) { continue; }
                trial.target = label->second;
                operands.clear();
            }
            if (!fits(*candidate, operands, trial)) { continue; }
            form = candidate;
            made = trial;
            break;
        }
        if (!form) {
            why = "operands the executor does not know:";
            for (const std::string& operand : one.operands) { why += ' ' + operand; }
            return false;
        }
        made.execute = form->execute;
        made.control = form->control;
        made.group = form->group;
        if (!one.guard.empty()) {
            if (form->control != Control::None && form->control != Control::Branch) {
                why = "a guard on it the executor does not know";
                return false;
            }
            made.guardNegated = one.guard[0] == '!';
            const Place guard = place(one.guard.substr(made.guardNegated), 'p');
            if (guard.letter != 'p') {
                why = "no predicate " + one.guard;
                return false;
            }
            made.guarded = true;
            made.guard = guard.at;
            made.guardNumber = guard.number;
        }
        kernel_.code.push_back(made);
        kernel_.opcodes.push_back(one.opcode);
        return true;
    }

    Kernel& kernel_;
    std::unordered_map<std::string, Place> places_;
    std::unordered_map<std::string, std::uint64_t> symbols_;   // parameters, shared and local variables: where they begin
};

}  // namespace

std::shared_ptr<const Program> decode(const std::string& text, std::string& error) {
    static auto* const known = new std::unordered_map<std::string, std::shared_ptr<const Program>>;
    const auto found = known->find(text);
    if (found != known->end()) { return found->second; }
    std::vector<Body> bodies;
    if (!split(text, bodies, error)) { return nullptr; }
    auto program = std::make_shared<Program>();
    for (const Body& body : bodies) {
        if (!Decoder(program->kernels[body.name]).decode(body, error)) { return nullptr; }
    }
    (*known)[text] = program;
    return program;
}

}  // namespace cusim::ptx
