// What the executor's instructions give, against values worked out by hand.
#include <cmath>
#include <cstring>
#include "selftest/ptx.h"

namespace {

// The word that "%r6" or, from a float, "%f1" comes to in every thread.
unsigned word(const std::string& body, unsigned input = 0) {
    const PtxRun run("ld.global.u32 %r15, [%rd6];\n" + body + "\nst.global.u32 [%rd5], %r6;", std::vector<unsigned>(32, input));
    OK(run.code);
    return run.out.empty() ? 0 : run.out[17];
}

unsigned bits(float value) {
    unsigned result;
    std::memcpy(&result, &value, 4);
    return result;
}

// A predicate of two floats, as 1 or 0.
unsigned compared(const char* how, const char* a, const char* b) {
    return word(std::string("mov.f32 %f1, ") + a + ";\nsetp." + how + ".f32 %p1, %f1, " + b + ";\nselp.u32 %r6, 1, 0, %p1;");
}

constexpr char One[] = "0f3F800000", NotANumber[] = "0f7FC00000", MinusZero[] = "0f80000000", Zero[] = "0f00000000";

}  // namespace

TEST(ptx_integers_go_round) {
    EQUAL(word("add.s32 %r6, %r15, 1;", 0x7fffffffu), 0x80000000u);
    EQUAL(word("mul.lo.s32 %r6, %r15, %r15;", 0x10001u), 0x20001u);
    EQUAL(word("mad.lo.s32 %r6, %r15, -2, 5;", 3), 0xffffffffu);
    EQUAL(word("div.s32 %r6, %r15, -2;", 7), static_cast<unsigned>(-3));
    EQUAL(word("rem.s32 %r6, %r15, -4;", static_cast<unsigned>(-7)), static_cast<unsigned>(-3));
    EQUAL(word("div.u32 %r6, %r15, 2;", 0xfffffffeu), 0x7fffffffu);
    EQUAL(word("div.s32 %r6, %r15, -1;", 0x80000000u), 0x80000000u);
    EQUAL(word("min.s32 %r6, %r15, 1;", static_cast<unsigned>(-5)), static_cast<unsigned>(-5));
    EQUAL(word("mul.wide.s32 %rd8, %r15, %r15;\nshr.u64 %rd8, %rd8, 32;\ncvt.u32.u64 %r6, %rd8;", 0x80000000u), 0x40000000u);
    EQUAL(word("cvt.s64.s32 %rd8, %r15;\nshr.s64 %rd8, %rd8, 20;\ncvt.u32.u64 %r6, %rd8;", 0x80000000u), 0xfffff800u);
    EQUAL(word("cvt.u64.u32 %rd8, %r15;\ndiv.s64 %rd8, %rd8, 3;\ncvt.u32.u64 %r6, %rd8;", 0xffffffffu), 0x55555555u);
}

TEST(ptx_shifts_end_at_the_width) {
    EQUAL(word("shl.b32 %r6, %r15, 31;", 3), 0x80000000u);
    EQUAL(word("shl.b32 %r6, %r15, 32;", 3), 0u);
    EQUAL(word("shr.u32 %r6, %r15, 40;", 0xffffffffu), 0u);
    EQUAL(word("shr.s32 %r6, %r15, 40;", 0x80000000u), 0xffffffffu);
}

TEST(ptx_floats_are_rounded_once) {
    // (1 + 2^-12)^2 - 1 = 2^-11 + 2^-24: lost when rounded twice.
    const float x = 1 + 0x1p-12f;
    EQUAL(word("mov.b32 %f1, %r15;\nfma.rn.f32 %f2, %f1, %f1, 0fBF800000;\nmov.b32 %r6, %f2;", bits(x)), bits(0x1p-11f + 0x1p-24f));
    EQUAL(word("mov.b32 %f1, %r15;\nmul.rn.f32 %f2, %f1, %f1;\nadd.rn.f32 %f2, %f2, 0fBF800000;\nmov.b32 %r6, %f2;", bits(x)), bits(0x1p-11f));
    EQUAL(word("mov.b32 %f1, %r15;\nrcp.rn.f32 %f2, %f1;\nmov.b32 %r6, %f2;", bits(3.0f)), bits(1.0f / 3));
    EQUAL(word("mov.b32 %f1, %r15;\nsqrt.rn.f32 %f2, %f1;\nmov.b32 %r6, %f2;", bits(-1.0f)), 0x7fffffffu);
    EQUAL(word("mov.f64 %fd1, 0d3FF0000010000000;\ncvt.rn.f32.f64 %f1, %fd1;\nmov.b32 %r6, %f1;"), 0x3f800000u);
    EQUAL(word("cvt.rn.f32.s32 %f1, %r15;\nmov.b32 %r6, %f1;", 16777217), bits(16777216.0f));
    EQUAL(word("max.f32 %f1, 0f7FC00000, 0f40000000;\nmov.b32 %r6, %f1;"), bits(2.0f));
    EQUAL(word("max.f32 %f1, 0f80000000, 0f00000000;\nmov.b32 %r6, %f1;"), 0u);
}

TEST(ptx_floats_become_integers_within_range) {
    const char* const body = "mov.b32 %f1, %r15;\ncvt.rzi.s32.f32 %r6, %f1;";
    EQUAL(word(body, bits(-2.9f)), static_cast<unsigned>(-2));
    EQUAL(word(body, bits(3e9f)), 0x7fffffffu);
    EQUAL(word(body, bits(-3e9f)), 0x80000000u);
    EQUAL(word(body, bits(NAN)), 0u);
    EQUAL(word("mov.b32 %f1, %r15;\ncvt.rmi.f32.f32 %f2, %f1;\nmov.b32 %r6, %f2;", bits(-0.5f)), bits(-1.0f));
}

TEST(ptx_comparisons_with_what_is_no_number) {
    for (const char* ordered : {"eq", "lt", "le", "gt", "ge", "num"}) { EQUAL(compared(ordered, One, NotANumber), 0u); }
    for (const char* unordered : {"neu", "ltu", "leu", "gtu", "geu", "nan"}) { EQUAL(compared(unordered, NotANumber, One), 1u); }
    EQUAL(compared("eq", MinusZero, Zero), 1u);
    EQUAL(compared("neu", MinusZero, Zero), 0u);
    EQUAL(compared("gtu", One, Zero), 1u);
    EQUAL(compared("ltu", One, Zero), 0u);
}

TEST(ptx_fields_of_bits) {
    EQUAL(word("bfe.u32 %r6, %r15, 8, 4;", 0x00000a5fu), 0xau);
    EQUAL(word("bfe.u32 %r6, %r15, 30, 8;", 0xc0000000u), 3u);
    EQUAL(word("bfe.u32 %r6, %r15, 0, 32;", 0xdeadbeefu), 0xdeadbeefu);
}

TEST(ptx_four_words_at_once) {
    const PtxRun run(
        "mul.wide.u32 %rd8, %r2, 16;\nadd.s64 %rd9, %rd4, %rd8;\nadd.s64 %rd10, %rd3, %rd8;\nsetp.gt.s32 %p1, %r2, 7;\n@%p1 bra END;\n"
        "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd9];\nst.global.v4.f32 [%rd10], {%f4, %f3, %f2, %f1};\nEND:", {1, 2, 3, 4, 5, 6, 7, 8});
    OK(run.code);
    for (unsigned i = 0; i < 8; i++) { EQUAL(run.out[i], i / 4 * 4 + 4 - i % 4); }
}

TEST(ptx_forms_it_does_not_know_are_refused_by_name) {
    EQUAL(PtxRun("sin.approx.f32 %f1, 0f00000000;").code, 218);
    CHECK(report_contains("entry run: sin.approx.f32: an instruction the executor does not know"));
    cusim_reset();
    EQUAL(PtxRun("add.s32 %r6, %rd1, 1;").code, 218);
    CHECK(report_contains("add.s32: operands the executor does not know: %r6 %rd1 1"));
    cusim_reset();
    EQUAL(PtxRun("mov.u32 %r6, %tid.y;").code, 218);
    cusim_reset();
    EQUAL(PtxRun("bra nowhere;").code, 218);
    cusim_reset();
    // Off, nothing is read of it.
    Machine machine;
    Handle module = nullptr;
    OK(cuModuleLoadData(&module, ptx_text("sin.approx.f32 %f1, 0f00000000;").c_str()));
}
