// Floats and doubles, each operation rounded once to nearest: the host's own, built without contraction, and std::fma.
#include <cmath>
#include "Ptx/form.h"
#include "Ptx/lanes.h"

namespace cusim::ptx {

namespace {

struct Add { template <class T> static T of(T a, T b) { return canonical(a + b); } };
struct Subtract { template <class T> static T of(T a, T b) { return canonical(a - b); } };
struct Multiply { template <class T> static T of(T a, T b) { return canonical(a * b); } };
struct Divide { template <class T> static T of(T a, T b) { return canonical(a / b); } };
struct Fused { template <class T> static T of(T a, T b, T c) { return canonical(std::fma(a, b, c)); } };
struct Reciprocal { template <class T> static T of(T a) { return canonical(T{1} / a); } };
struct Root { template <class T> static T of(T a) { return canonical(std::sqrt(a)); } };
struct Negate { template <class T> static T of(T a) { return -a; } };
struct Absolute { template <class T> static T of(T a) { return std::fabs(a); } };

// The one that is a number, where only one is; -0 is less than +0.
struct Greatest {
    static float of(float a, float b) {
        if (a != a || b != b) { return canonical(a != a ? b : a); }
        return a > b || (a == b && std::signbit(b)) ? a : b;
    }
};

const Form forms[] = {
    {"add.rn.f32", "Www", each<Add, float, float, float>, Group::Float},
    {"add.rn.f64", "Qqq", each<Add, double, double, double>, Group::Double},
    {"sub.rn.f32", "Www", each<Subtract, float, float, float>, Group::Float},
    {"sub.rn.f64", "Qqq", each<Subtract, double, double, double>, Group::Double},
    {"mul.rn.f32", "Www", each<Multiply, float, float, float>, Group::Float},
    {"mul.rn.f64", "Qqq", each<Multiply, double, double, double>, Group::Double},
    {"div.rn.f32", "Www", each<Divide, float, float, float>, Group::SlowFloat},
    {"div.rn.f64", "Qqq", each<Divide, double, double, double>, Group::SlowFloat},
    {"fma.rn.f32", "Wwww", each<Fused, float, float, float, float>, Group::Float},
    {"fma.rn.f64", "Qqqq", each<Fused, double, double, double, double>, Group::Double},
    {"rcp.rn.f32", "Ww", each<Reciprocal, float, float>, Group::SlowFloat},
    {"sqrt.rn.f32", "Ww", each<Root, float, float>, Group::SlowFloat},
    {"sqrt.rn.f64", "Qq", each<Root, double, double>, Group::SlowFloat},
    {"neg.f32", "Ww", each<Negate, float, float>, Group::Float},
    {"neg.f64", "Qq", each<Negate, double, double>, Group::Double},
    {"abs.f32", "Ww", each<Absolute, float, float>, Group::Float},
    {"max.f32", "Www", each<Greatest, float, float, float>, Group::Float},
    {},
};

}  // namespace

const Form* float_forms() { return forms; }

}  // namespace cusim::ptx
