// Each kind of finding: the launch dies, and the report names kernel, line, thread and what it did.
#include "selftest/ptx.h"

namespace {

void finds(int code, const char* words, const std::string& body, unsigned blocks = 1, unsigned threads = 32) {
    cusim_reset();
    const PtxRun run(body, {}, blocks, threads);
    EQUAL(run.code, code);
    CHECK(report_contains(words));
    if (!report_contains(words)) {
        std::string report(cusim_report(nullptr, 0) + 1, '\0');
        cusim_report(report.data(), report.size());
        std::printf("  not \"%s\" but %s", words, report.c_str());
    }
}

constexpr char Own[] = "mov.u64 %rd8, tile;\nmul.wide.u32 %rd9, %r2, 4;\nadd.s64 %rd9, %rd8, %rd9;\nmov.f32 %f1, 0f00000000;\n";

}  // namespace

TEST(ptx_memcheck) {
    finds(700, "memcheck: kernel run, line 30 of the PTX (ld.global.u32), thread 31 of block 0: 4 bytes", "ld.global.u32 %r6, [%rd6+4];");
    finds(700, "memcheck", "st.global.u32 [%rd5+-4], %r5;");
    finds(700, "no device memory", "mov.u64 %rd8, 0;\nld.global.f32 %f1, [%rd8];");
    finds(716, "is no multiple of 4 bytes", "ld.global.u32 %r6, [%rd4+2];");
    finds(716, "is no multiple of 16 bytes", "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd4+8];");
    finds(700, "4 bytes at 128 of 128 bytes of shared memory", std::string(Own) + "st.shared.f32 [%rd9+4], %f1;");
    finds(700, "of 8 bytes of local memory", ".local .align 4 .b8 depot[8];\n.reg .b64 %SPL;\nmov.u64 %SPL, depot;\nmov.f32 %f1, 0f00000000;\nst.local.f32 [%SPL+8], %f1;");
}

TEST(ptx_racecheck_of_shared_memory) {
    const std::string own = Own;
    finds(719, "racecheck: kernel run, line 36 of the PTX (ld.shared.f32), thread 0 of block 0: reads shared byte 4 that thread 1 of block 0 writes",
        own + "st.shared.f32 [%rd9], %f1;\nxor.b64 %rd9, %rd9, 4;\nld.shared.f32 %f2, [%rd9];\n");
    finds(719, "writes shared byte 4 that thread 1 of block 0 reads",
        own + "st.shared.f32 [%rd9], %f1;\nbar.sync 0;\nld.shared.f32 %f2, [%rd9];\nxor.b64 %rd9, %rd9, 4;\nst.shared.f32 [%rd9], %f1;");
    finds(719, "writes shared byte 0 that thread 0 of block 0 writes", own + "cvt.rn.f32.s32 %f1, %r2;\nst.shared.f32 [%rd8], %f1;\n");
    // One value from all, and a barrier before others read it, is in order.
    finds(0, "", own + "st.shared.f32 [%rd8], %f1;\nbar.sync 0;\nld.shared.f32 %f2, [%rd8];");
}

TEST(ptx_racecheck_of_global_memory) {
    finds(719, "racecheck: kernel run, line 30 of the PTX (st.global.u32), thread 1 of block 0: writes global byte", "st.global.u32 [%rd3], %r5;");
    finds(719, "thread 0 of block 1: writes global byte", "add.s32 %r6, %r3, 1;\nst.global.u32 [%rd3], %r6;", 2);
    // Another block reads what this one changes.
    finds(719, "reads global byte", "setp.ne.s32 %p1, %r5, 0;\n@%p1 bra READ;\nst.global.u32 [%rd3], 1;\nREAD:\nld.global.u32 %r6, [%rd3];", 2, 32);
    finds(719, "that an atomic writes", "atom.global.add.u32 %r6, [%rd3], 1;\nld.global.u32 %r7, [%rd3];", 2);
    finds(719, "reads global byte", "mov.f32 %f1, 0f3F800000;\nst.global.f32 [%rd5], %f1;\nld.global.nc.f32 %f2, [%rd5];");
    // Bytes beside each other are not each other's.
    finds(0, "", "cvt.s64.s32 %rd8, %r2;\nadd.s64 %rd8, %rd3, %rd8;\nmov.u16 %rs1, 1;\nst.global.u8 [%rd8], %rs1;");
    finds(0, "", "st.global.u32 [%rd3], 5;", 3);
}

TEST(ptx_initcheck) {
    finds(719, "initcheck: kernel run, line 30 of the PTX (add.s32), thread 0 of block 0: reads register %r9, which was not written", "add.s32 %r6, %r9, 1;");
    // Only some threads have written it.
    finds(719, "thread 4 of block 0: reads register %r6", "setp.gt.s32 %p1, %r2, 3;\n@%p1 bra ON;\nmov.u32 %r6, 1;\nON:\nst.global.u32 [%rd5], %r6;");
    finds(719, "reads register %p5", "@%p5 bra ON;\nON:\nmov.u32 %r6, 1;");
    finds(719, "reads shared byte 0, which no thread of the block has written", std::string(Own) + "ld.shared.f32 %f2, [%rd8];");
    // Nor does what the block before has left there count.
    finds(719, "thread 0 of block 1: reads shared byte",
        std::string(Own) + "setp.ne.s32 %p1, %r3, 0;\n@%p1 bra READ;\nst.shared.f32 [%rd9], %f1;\nREAD:\nld.shared.f32 %f2, [%rd9];", 2);
    finds(719, "reads local byte 4, which was not written",
        ".local .align 4 .b8 depot[8];\n.reg .b64 %SPL;\nmov.u64 %SPL, depot;\nmov.f32 %f1, 0f00000000;\nst.local.f32 [%SPL], %f1;\nld.local.f32 %f2, [%SPL+4];");
}

TEST(ptx_synccheck) {
    finds(719, "synccheck: kernel run, line 32 of the PTX (bar.sync), thread 5 of block 0: waits for threads of its warp that have ended",
        "setp.gt.s32 %p1, %r2, 4;\n@!%p1 bra END;\nbar.sync 0;\nEND:");
    finds(719, "waits at a barrier that other warps of the block never reach", "setp.gt.s32 %p1, %r2, 31;\n@!%p1 bra END;\nbar.sync 0;\nEND:", 1, 64);
    finds(719, "waits at a barrier where other warps of the block wait at another one",
        "setp.gt.s32 %p1, %r2, 31;\n@!%p1 bra HERE;\nbar.sync 0;\nbra.uni END;\nHERE:\nbar.sync 0;\nEND:", 1, 64);
    finds(719, ", which waits in line 32", "setp.gt.s32 %p1, %r2, 3;\n@!%p1 bra HERE;\nbar.sync 0;\nbra.uni END;\nHERE:\nbar.sync 0;\nEND:");
    finds(719, "waits for threads of its warp that have ended or were never there", "setp.eq.s32 %p1, %r2, 0;\nvote.sync.ballot.b32 %r6, %p1, -1;", 1, 16);
    finds(719, "takes part where it is no member", "setp.eq.s32 %p1, %r2, 0;\nvote.sync.ballot.b32 %r6, %p1, 1;");
}

TEST(ptx_division_by_zero) { finds(719, "arithmetic: kernel run, line 30 of the PTX (div.s32), thread 0 of block 0: division of 0 by zero", "div.s32 %r6, %r5, %r1;"); }

TEST(ptx_findings_are_sticky) {
    cusim_reset();
    EQUAL(PtxRun("st.global.u32 [%rd3+-4], %r1;").code, 700);
    EQUAL(cuCtxSynchronize(), 700);
}
