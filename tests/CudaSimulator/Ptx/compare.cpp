// Comparisons, what chooses by them, and the arithmetic of predicates.
#include "Ptx/form.h"
#include "Ptx/lanes.h"

namespace cusim::ptx {

namespace {

using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s32 = std::int32_t;
using s64 = std::int64_t;

// Of floats: false where one is no number; their unordered twins are then true.
struct Equal { template <class T> static bool of(T a, T b) { return a == b; } };
struct Unequal { template <class T> static bool of(T a, T b) { return a < b || a > b; } };
struct Less { template <class T> static bool of(T a, T b) { return a < b; } };
struct LessOrEqual { template <class T> static bool of(T a, T b) { return a <= b; } };
struct Greater { template <class T> static bool of(T a, T b) { return a > b; } };
struct GreaterOrEqual { template <class T> static bool of(T a, T b) { return a >= b; } };
struct Numbers { template <class T> static bool of(T a, T b) { return a == a && b == b; } };
template <class Opposite> struct No { template <class T> static bool of(T a, T b) { return !Opposite::of(a, b); } };

template <class T>
void choose(Execution& e, const Instruction& in, u32 lanes) {
    const u32 first = e.predicate(in.operands[2]);
    for (int l = 0; l < WarpSize; l++) {
        if (lanes >> l & 1) { e.set<T>(in.results[0], l, e.get<T>(in.operands[first >> l & 1 ? 0 : 1], l)); }
    }
}

struct And { static u32 of(u32 a, u32 b) { return a & b; } };
struct Or { static u32 of(u32 a, u32 b) { return a | b; } };
struct Xor { static u32 of(u32 a, u32 b) { return a ^ b; } };

template <class F>
void logic(Execution& e, const Instruction& in, u32 lanes) {
    e.set_predicate(in.results[0], F::of(e.predicate(in.operands[0]), e.predicate(in.operands[1])), lanes);
}

void negate(Execution& e, const Instruction& in, u32 lanes) { e.set_predicate(in.results[0], ~e.predicate(in.operands[0]), lanes); }
void copy(Execution& e, const Instruction& in, u32 lanes) { e.set_predicate(in.results[0], e.predicate(in.operands[0]), lanes); }

const Form forms[] = {
    {"setp.eq.b32", "Pww", test<Equal, u32>, Group::Compare},
    {"setp.eq.s32", "Pww", test<Equal, s32>, Group::Compare},
    {"setp.ne.s32", "Pww", test<Unequal, s32>, Group::Compare},
    {"setp.lt.s32", "Pww", test<Less, s32>, Group::Compare},
    {"setp.le.s32", "Pww", test<LessOrEqual, s32>, Group::Compare},
    {"setp.gt.s32", "Pww", test<Greater, s32>, Group::Compare},
    {"setp.ge.s32", "Pww", test<GreaterOrEqual, s32>, Group::Compare},
    {"setp.lt.u32", "Pww", test<Less, u32>, Group::Compare},
    {"setp.gt.u32", "Pww", test<Greater, u32>, Group::Compare},
    {"setp.eq.s64", "Pqq", test<Equal, s64>, Group::Compare},
    {"setp.ne.s64", "Pqq", test<Unequal, s64>, Group::Compare},
    {"setp.lt.s64", "Pqq", test<Less, s64>, Group::Compare},
    {"setp.le.s64", "Pqq", test<LessOrEqual, s64>, Group::Compare},
    {"setp.gt.s64", "Pqq", test<Greater, s64>, Group::Compare},
    {"setp.ge.s64", "Pqq", test<GreaterOrEqual, s64>, Group::Compare},
    {"setp.lt.u64", "Pqq", test<Less, u64>, Group::Compare},
    {"setp.eq.f32", "Pww", test<Equal, float>, Group::Compare},
    {"setp.lt.f32", "Pww", test<Less, float>, Group::Compare},
    {"setp.le.f32", "Pww", test<LessOrEqual, float>, Group::Compare},
    {"setp.gt.f32", "Pww", test<Greater, float>, Group::Compare},
    {"setp.ge.f32", "Pww", test<GreaterOrEqual, float>, Group::Compare},
    {"setp.neu.f32", "Pww", test<No<Equal>, float>, Group::Compare},
    {"setp.ltu.f32", "Pww", test<No<GreaterOrEqual>, float>, Group::Compare},
    {"setp.leu.f32", "Pww", test<No<Greater>, float>, Group::Compare},
    {"setp.gtu.f32", "Pww", test<No<LessOrEqual>, float>, Group::Compare},
    {"setp.geu.f32", "Pww", test<No<Less>, float>, Group::Compare},
    {"setp.num.f32", "Pww", test<Numbers, float>, Group::Compare},
    {"setp.nan.f32", "Pww", test<No<Numbers>, float>, Group::Compare},
    {"setp.eq.f64", "Pqq", test<Equal, double>, Group::Compare},
    {"setp.lt.f64", "Pqq", test<Less, double>, Group::Compare},
    {"setp.gt.f64", "Pqq", test<Greater, double>, Group::Compare},
    {"setp.neu.f64", "Pqq", test<No<Equal>, double>, Group::Compare},
    {"setp.leu.f64", "Pqq", test<No<Greater>, double>, Group::Compare},
    {"setp.geu.f64", "Pqq", test<No<Less>, double>, Group::Compare},
    {"selp.b16", "Hhhp", choose<u16>, Group::Move},
    {"selp.b32", "Wwwp", choose<u32>, Group::Move},
    {"selp.u32", "Wwwp", choose<u32>, Group::Move},
    {"selp.f32", "Wwwp", choose<u32>, Group::Move},
    {"selp.b64", "Qqqp", choose<u64>, Group::Move},
    {"selp.u64", "Qqqp", choose<u64>, Group::Move},
    {"selp.f64", "Qqqp", choose<u64>, Group::Move},
    {"and.pred", "Ppp", logic<And>, Group::Compare},
    {"or.pred", "Ppp", logic<Or>, Group::Compare},
    {"xor.pred", "Ppp", logic<Xor>, Group::Compare},
    {"not.pred", "Pp", negate, Group::Compare},
    {"mov.pred", "Pp", copy, Group::Move},
    {},
};

}  // namespace

const Form* compare_forms() { return forms; }

}  // namespace cusim::ptx
