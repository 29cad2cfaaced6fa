// Moves and conversions. Floats become integers within their range, no number becoming 0.
#include <cmath>
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

struct Same { template <class T> static T of(T a) { return a; } };
template <class To> struct As { template <class T> static To of(T a) { return static_cast<To>(a); } };
// Between floats and doubles a value that is no number stays one.
struct Narrow { static float of(double a) { return canonical(static_cast<float>(a)); } };
struct Floor { static float of(float a) { return canonical(std::floor(a)); } };

template <class To>
struct Truncate {
    static To of(float a) {
        constexpr float Beyond = sizeof(To) == 8 ? 0x1p63f : 0x1p31f;
        if (a != a) { return 0; }
        if (a >= Beyond) { return std::numeric_limits<To>::max(); }
        return a < -Beyond ? std::numeric_limits<To>::min() : static_cast<To>(a);
    }
};

struct LowSigned { static s64 of(s64 a) { return static_cast<s32>(a); } };
struct LocalToGeneric { static u64 of(u64 a) { return a + LocalWindow; } };

const Form forms[] = {
    {"mov.u16", "Hh", each<Same, u16, u16>, Group::Move},
    {"mov.u32", "Ww", each<Same, u32, u32>, Group::Move},
    {"mov.b32", "Ww", each<Same, u32, u32>, Group::Move},
    {"mov.f32", "Ww", each<Same, u32, u32>, Group::Move},
    {"mov.u64", "Qq", each<Same, u64, u64>, Group::Move},
    {"mov.b64", "Qq", each<Same, u64, u64>, Group::Move},
    {"mov.f64", "Qq", each<Same, u64, u64>, Group::Move},
    {"cvta.to.global.u64", "Qq", each<Same, u64, u64>, Group::Move},
    {"cvta.local.u64", "Qq", each<LocalToGeneric, u64, u64>, Group::Move},
    {"cvt.s64.s32", "Qw", each<As<s64>, s64, s32>, Group::Convert},
    // Of a wider register the low part.
    {"cvt.s64.s32", "Qq", each<LowSigned, s64, s64>, Group::Convert},
    {"cvt.u64.u32", "Qw", each<As<u64>, u64, u32>, Group::Convert},
    {"cvt.u32.u64", "Wq", each<As<u32>, u32, u64>, Group::Convert},
    {"cvt.u16.u32", "Hw", each<As<u16>, u16, u32>, Group::Convert},
    {"cvt.rn.f32.s32", "Ww", each<As<float>, float, s32>, Group::Convert},
    {"cvt.rn.f32.s64", "Wq", each<As<float>, float, s64>, Group::Convert},
    {"cvt.rn.f64.s32", "Qw", each<As<double>, double, s32>, Group::Convert},
    {"cvt.f64.f32", "Qw", each<As<double>, double, float>, Group::Convert},
    {"cvt.rn.f32.f64", "Wq", each<Narrow, float, double>, Group::Convert},
    {"cvt.rmi.f32.f32", "Ww", each<Floor, float, float>, Group::Convert},
    {"cvt.rzi.s32.f32", "Ww", each<Truncate<s32>, s32, float>, Group::Convert},
    {"cvt.rzi.s64.f32", "Qw", each<Truncate<s64>, s64, float>, Group::Convert},
    {},
};

}  // namespace

const Form* convert_forms() { return forms; }

}  // namespace cusim::ptx
