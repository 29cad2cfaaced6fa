// From a function of values to an instruction over the lanes of a warp. The loop over all 32 is one the compiler can vectorise.
#pragma once
#include <utility>
#include "Ptx/execution.h"

namespace cusim::ptx {

template <class F, class D, class... S, std::size_t... I>
void each_of(Execution& e, const Instruction& in, std::uint32_t lanes, std::index_sequence<I...>) {
    if (lanes == AllLanes) {
        D results[WarpSize];
        for (int l = 0; l < WarpSize; l++) { results[l] = F::of(e.get<S>(in.operands[I], l)...); }
        std::memcpy(e.registers + in.results[0], results, sizeof results);
        return;
    }
    for (int l = 0; l < WarpSize; l++) {
        if (lanes >> l & 1) { e.set<D>(in.results[0], l, F::of(e.get<S>(in.operands[I], l)...)); }
    }
}

// The result is of type D, the operands of types S.
template <class F, class D, class... S>
void each(Execution& e, const Instruction& in, std::uint32_t lanes) {
    each_of<F, D, S...>(e, in, lanes, std::index_sequence_for<S...>());
}

// The result is a predicate.
template <class F, class S>
void test(Execution& e, const Instruction& in, std::uint32_t lanes) {
    std::uint32_t bits = 0;
    for (int l = 0; l < WarpSize; l++) {
        bits |= static_cast<std::uint32_t>(F::of(e.get<S>(in.operands[0], l), e.get<S>(in.operands[1], l))) << l;
    }
    e.set_predicate(in.results[0], bits, lanes);
}

// Results of float arithmetic that are no numbers are one and the same.
inline float canonical(float x) {
    constexpr std::uint32_t NotANumber = 0x7fffffff;
    float same;
    std::memcpy(&same, &NotANumber, sizeof same);
    return x == x ? x : same;
}

inline double canonical(double x) { return x; }

}  // namespace cusim::ptx
