#include "Ptx/order.h"
#include <algorithm>

namespace cusim::ptx {

namespace {

using Numbers = std::vector<int>;

Numbers successors(const std::vector<Instruction>& code, int at) {
    const Instruction& in = code[static_cast<std::size_t>(at)];
    if (in.control == Control::Exit) { return {}; }
    if (in.control != Control::Branch) { return {at + 1}; }
    return in.guarded ? Numbers{in.target, at + 1} : Numbers{in.target};
}

// Goes through what can be reached from the first instruction, depth first: Enter(at) gives where to go on in turn, Again(from, to) hears of
// ways back to what is not done, Leave(at) when all behind it is done.
template <class Enter, class Again, class Leave>
void walk(std::size_t count, Enter enter, Again again, Leave leave) {
    enum State : char { New, Open, Done };
    struct Visit { int at; Numbers next; std::size_t taken; };
    std::vector<State> states(count, New);
    std::vector<Visit> open{{0, enter(0), 0}};
    states[0] = Open;
    while (!open.empty()) {
        Visit& top = open.back();
        if (top.taken == top.next.size()) {
            leave(top.at);
            states[static_cast<std::size_t>(top.at)] = Done;
            open.pop_back();
            continue;
        }
        const int from = top.at, to = top.next[top.taken++];
        State& state = states[static_cast<std::size_t>(to)];
        if (state == Open) { again(from, to); }
        if (state != New) { continue; }
        state = Open;
        open.push_back({to, enter(to), 0});
    }
}

// Which instructions a loop has: those that reach its ends without its beginning.
std::vector<bool> loop_of(int first, const Numbers& ends, const std::vector<Numbers>& before) {
    std::vector<bool> inside(before.size());
    inside[static_cast<std::size_t>(first)] = true;
    for (Numbers left = ends; !left.empty();) {
        const auto at = static_cast<std::size_t>(left.back());
        left.pop_back();
        if (inside[at]) { continue; }
        inside[at] = true;
        left.insert(left.end(), before[at].begin(), before[at].end());
    }
    return inside;
}

}  // namespace

void put_in_order(std::vector<Instruction>& code) {
    std::vector<Numbers> before(code.size());
    std::map<int, Numbers> ends;    // of loops, by where they begin
    walk(code.size(),
        [&](int at) {
            const Numbers next = successors(code, at);
            for (const int to : next) { before[static_cast<std::size_t>(to)].push_back(at); }
            return next;
        },
        [&](int from, int to) { ends[to].push_back(from); }, [](int) {});
    std::vector<std::vector<bool>> loops;
    for (const auto& [first, back] : ends) { loops.push_back(loop_of(first, back, before)); }
    const auto shared = [&](int a, int b) {
        return std::count_if(loops.begin(), loops.end(), [&](const auto& loop) { return loop[static_cast<std::size_t>(a)] && loop[static_cast<std::size_t>(b)]; });
    };
    // What is walked first stands last: the ways out of loops, outermost first.
    int left = static_cast<int>(code.size());
    for (Instruction& in : code) { in.order = left; }
    walk(code.size(),
        [&](int at) {
            Numbers next = successors(code, at);
            std::stable_sort(next.begin(), next.end(), [&](int a, int b) { return shared(at, a) < shared(at, b); });
            return next;
        },
        [](int, int) {}, [&](int at) { code[static_cast<std::size_t>(at)].order = --left; });
}

}  // namespace cusim::ptx
