// Integers of 32 and 64 bits: arithmetic goes round, shifts by the width and more give what is left of the value.
#include <limits>
#include "Ptx/form.h"
#include "Ptx/lanes.h"

namespace cusim::ptx {

namespace {

using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s32 = std::int32_t;
using s64 = std::int64_t;

struct Add { template <class T> static T of(T a, T b) { return a + b; } };
struct Subtract { template <class T> static T of(T a, T b) { return a - b; } };
struct Multiply { template <class T> static T of(T a, T b) { return a * b; } };
struct MultiplyAdd { template <class T> static T of(T a, T b, T c) { return a * b + c; } };
struct MultiplyWide {
    static s64 of(s32 a, s32 b) { return static_cast<s64>(a) * b; }
    static u64 of(u32 a, u32 b) { return static_cast<u64>(a) * b; }
};
struct And { template <class T> static T of(T a, T b) { return a & b; } };
struct Or { template <class T> static T of(T a, T b) { return a | b; } };
struct Xor { template <class T> static T of(T a, T b) { return a ^ b; } };
struct Not { template <class T> static T of(T a) { return ~a; } };
struct Negate { template <class T> static T of(T a) { return T{} - a; } };
struct Least { template <class T> static T of(T a, T b) { return a < b ? a : b; } };
struct Greatest { template <class T> static T of(T a, T b) { return a > b ? a : b; } };

struct ShiftLeft { template <class T> static T of(T a, u32 by) { return by < sizeof(T) * 8 ? a << by : T{}; } };
// Of a signed type it brings in copies of the sign, without end.
struct ShiftRight {
    template <class T> static T of(T a, u32 by) {
        constexpr u32 Last = sizeof(T) * 8 - 1;
        if (std::numeric_limits<T>::is_signed) { return a >> (by < Last ? by : Last); }
        return by <= Last ? a >> by : T{};
    }
};

// Bits of a from the position on, so many; both operands count up to 255.
struct ExtractBits {
    static u32 of(u32 a, u32 position, u32 length) {
        const u32 low = ShiftRight::of(a, position & 255), count = length & 255;
        return count >= 32 ? low : low & ((1u << count) - 1);
    }
};

// The least number divided by -1 goes round to itself.
struct Quotient {
    template <class T> static T of(T a, T b) { return std::numeric_limits<T>::is_signed && b == static_cast<T>(-1) ? static_cast<T>(0 - static_cast<u64>(a)) : a / b; }
};
struct Remainder {
    template <class T> static T of(T a, T b) { return std::numeric_limits<T>::is_signed && b == static_cast<T>(-1) ? T{} : a % b; }
};

// What a division by zero gives is left open: nothing of ours may come to depend on it.
template <class F, class T>
void divide(Execution& e, const Instruction& in, u32 lanes) {
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const T divisor = e.get<T>(in.operands[1], l);
        if (divisor == 0) { return e.find(719, "arithmetic", in, l, "division of " + std::to_string(e.get<T>(in.operands[0], l)) + " by zero"); }
        e.set<T>(in.results[0], l, F::of(e.get<T>(in.operands[0], l), divisor));
    }
}

const Form forms[] = {
    {"add.s32", "Www", each<Add, u32, u32, u32>, Group::Int32},
    {"add.s64", "Qqq", each<Add, u64, u64, u64>, Group::Int64},
    {"add.u64", "Qqq", each<Add, u64, u64, u64>, Group::Int64},
    {"sub.s32", "Www", each<Subtract, u32, u32, u32>, Group::Int32},
    {"sub.s64", "Qqq", each<Subtract, u64, u64, u64>, Group::Int64},
    {"mul.lo.s32", "Www", each<Multiply, u32, u32, u32>, Group::Int32},
    {"mul.lo.s64", "Qqq", each<Multiply, u64, u64, u64>, Group::Int64},
    {"mad.lo.s32", "Wwww", each<MultiplyAdd, u32, u32, u32, u32>, Group::Int32},
    {"mul.wide.s32", "Qww", each<MultiplyWide, s64, s32, s32>, Group::Int64},
    {"mul.wide.u32", "Qww", each<MultiplyWide, u64, u32, u32>, Group::Int64},
    {"div.s32", "Www", divide<Quotient, s32>, Group::Divide32},
    {"div.u32", "Www", divide<Quotient, u32>, Group::Divide32},
    {"div.s64", "Qqq", divide<Quotient, s64>, Group::Divide64},
    {"rem.s32", "Www", divide<Remainder, s32>, Group::Divide32},
    {"rem.u32", "Www", divide<Remainder, u32>, Group::Divide32},
    {"rem.s64", "Qqq", divide<Remainder, s64>, Group::Divide64},
    {"and.b32", "Www", each<And, u32, u32, u32>, Group::Int32},
    {"and.b64", "Qqq", each<And, u64, u64, u64>, Group::Int64},
    {"or.b32", "Www", each<Or, u32, u32, u32>, Group::Int32},
    {"or.b64", "Qqq", each<Or, u64, u64, u64>, Group::Int64},
    {"xor.b32", "Www", each<Xor, u32, u32, u32>, Group::Int32},
    {"xor.b64", "Qqq", each<Xor, u64, u64, u64>, Group::Int64},
    {"not.b32", "Ww", each<Not, u32, u32>, Group::Int32},
    {"neg.s32", "Ww", each<Negate, u32, u32>, Group::Int32},
    {"neg.s64", "Qq", each<Negate, u64, u64>, Group::Int64},
    {"shl.b32", "Www", each<ShiftLeft, u32, u32, u32>, Group::Int32},
    {"shl.b64", "Qqw", each<ShiftLeft, u64, u64, u32>, Group::Int64},
    {"shr.s32", "Www", each<ShiftRight, s32, s32, u32>, Group::Int32},
    {"shr.u32", "Www", each<ShiftRight, u32, u32, u32>, Group::Int32},
    {"shr.s64", "Qqw", each<ShiftRight, s64, s64, u32>, Group::Int64},
    {"shr.u64", "Qqw", each<ShiftRight, u64, u64, u32>, Group::Int64},
    {"bfe.u32", "Wwww", each<ExtractBits, u32, u32, u32, u32>, Group::Int32},
    {"min.s32", "Www", each<Least, s32, s32, s32>, Group::Int32},
    {"min.s64", "Qqq", each<Least, s64, s64, s64>, Group::Int64},
    {"max.s32", "Www", each<Greatest, s32, s32, s32>, Group::Int32},
    {},
};

}  // namespace

const Form* integer_forms() { return forms; }

}  // namespace cusim::ptx
