// How the executor runs threads: parting and meeting again, loops, votes, barriers; what its counts say of it.
#include <string>
#include "selftest/ptx.h"

namespace {

std::string counts() {
    std::string text(cusim_ptx_counts(nullptr, 0) + 1, '\0');
    cusim_ptx_counts(text.data(), text.size());
    return text;
}

}  // namespace

TEST(ptx_threads_part_and_meet_again) {
    const PtxRun run(
        "setp.lt.s32 %p1, %r5, 10;\n@%p1 bra FEW;\nmov.u32 %r6, 7;\nbra.uni END;\nFEW:\nmov.u32 %r6, 5;\nEND:\nadd.s32 %r6, %r6, %r5;\nst.global.u32 [%rd5], %r6;",
        {}, 2, 48);
    OK(run.code);
    for (unsigned i = 0; i < run.out.size(); i++) { EQUAL(run.out[i], i + (i < 10 ? 5u : 7u)); }
}

// Thread t goes round t times, an inner loop each time: 0 + 1 + ... + (t - 1).
TEST(ptx_loops_of_different_lengths) {
    const PtxRun run(
        "mov.u32 %r6, 0;\nmov.u32 %r7, 0;\nsetp.eq.s32 %p1, %r2, 0;\n@%p1 bra DONE;\nOUTER:\nmov.u32 %r8, 0;\nINNER:\nsetp.ge.s32 %p2, %r8, %r7;\n@%p2 bra NEXT;\n"
        "add.s32 %r6, %r6, 1;\nadd.s32 %r8, %r8, 1;\nbra.uni INNER;\nNEXT:\nadd.s32 %r7, %r7, 1;\nsetp.lt.s32 %p3, %r7, %r2;\n@%p3 bra OUTER;\nDONE:\nst.global.u32 [%rd5], %r6;");
    OK(run.code);
    for (unsigned t = 0; t < 32; t++) { EQUAL(run.out[t], t * (t - (t > 0)) / 2); }
}

// The exit of the loop stands before its body.
TEST(ptx_loops_laid_out_backwards) {
    const PtxRun run(
        "mov.u32 %r6, 0;\nbra.uni BODY;\nOUT:\nst.global.u32 [%rd5], %r6;\nret;\nBODY:\nadd.s32 %r6, %r6, 3;\nsetp.gt.s32 %p1, %r6, %r2;\n@%p1 bra OUT;\nbra.uni BODY;");
    OK(run.code);
    for (unsigned t = 0; t < 32; t++) { EQUAL(run.out[t], (t / 3 + 1) * 3); }
}

// The join of a branch, and the way round the loop, stand before the branch: all lanes meet there, or the stores would be halves.
TEST(ptx_ways_meet_wherever_the_join_stands) {
    cusim_ptx_forget();
    const PtxRun run(
        "mov.u32 %r6, 0;\nand.b32 %r7, %r2, 1;\nsetp.eq.s32 %p1, %r7, 0;\nbra.uni HEAD;\nJOIN:\nst.global.u32 [%rd5], %r6;\nsetp.lt.s32 %p2, %r6, 30;\n"
        "@%p2 bra HEAD;\nret;\nHEAD:\nadd.s32 %r6, %r6, 10;\n@%p1 bra JOIN;\nadd.s32 %r8, %r6, 1;\nbra.uni JOIN;", {}, 4, 64);
    OK(run.code);
    for (unsigned word : run.out) { EQUAL(word, 30u); }
    // 8 warps three times round, four sectors each.
    CHECK(counts().find("        24         96   1.00") != std::string::npos);
}

TEST(ptx_votes_wait_for_all_of_the_warp) {
    const PtxRun run(
        "and.b32 %r7, %r2, 1;\nsetp.eq.s32 %p1, %r7, 1;\n@%p1 bra VOTE;\nmov.u32 %r8, 0;\nVOTE:\nvote.sync.ballot.b32 %r6, %p1, -1;\nst.global.u32 [%rd5], %r6;", {}, 1, 64);
    OK(run.code);
    for (unsigned word : run.out) { EQUAL(word, 0xaaaaaaaau); }
}

TEST(ptx_exchanges_between_lanes) {
    const PtxRun run("shfl.sync.bfly.b32 %r6, %r5, 5, 31, -1;\nst.global.u32 [%rd5], %r6;", {}, 2, 64);
    OK(run.code);
    for (unsigned i = 0; i < run.out.size(); i++) { EQUAL(run.out[i], i ^ 5); }
}

// Each thread takes what the one after it in the block put down.
TEST(ptx_barriers_order_shared_memory) {
    const char* const body =
        "mov.u64 %rd8, tile;\nmul.wide.u32 %rd9, %r2, 4;\nadd.s64 %rd9, %rd8, %rd9;\ncvt.rn.f32.s32 %f1, %r5;\nst.shared.f32 [%rd9], %f1;\nbar.sync 0;\n"
        "add.s32 %r6, %r2, 1;\nrem.s32 %r6, %r6, %r4;\nmul.wide.u32 %rd10, %r6, 4;\nadd.s64 %rd10, %rd8, %rd10;\nld.shared.f32 %f2, [%rd10];\ncvt.rzi.s32.f32 %r7, %f2;\nst.global.u32 [%rd5], %r7;";
    const PtxRun run(body, {}, 3, 32);
    OK(run.code);
    for (unsigned i = 0; i < 96; i++) { EQUAL(run.out[i], i / 32 * 32 + (i + 1) % 32); }
}

TEST(ptx_atomics_add_up_over_blocks) {
    const PtxRun run("atom.global.add.u32 %r6, [%rd3], 2;", {}, 5, 96);
    OK(run.code);
    EQUAL(run.out[0], 960u);
}

TEST(ptx_counts_sectors_and_lanes) {
    cusim_ptx_forget();
    OK(PtxRun("ld.global.u32 %r6, [%rd6];\nst.global.u32 [%rd5], %r6;", {}, 2, 64).code);
    EQUAL(cusim_ptx_launches("run"), 1);
    // 4 warps, two accesses each, of 128 bytes: 4 sectors an access and no more.
    CHECK(counts().find("  100.0          8         32   1.00") != std::string::npos);
    cusim_ptx_forget();
    EQUAL(cusim_ptx_launches("run"), 0);
    cusim_reset();
    // Every 8th word: a sector for each lane, where 4 would hold what is asked for.
    OK(PtxRun("mul.wide.s32 %rd8, %r2, 32;\nadd.s64 %rd8, %rd4, %rd8;\nand.b64 %rd8, %rd8, -1;\nld.global.u32 %r6, [%rd8];", {}, 8, 32).code);
    CHECK(counts().find("256 sectors for 32, 8.00 times") != std::string::npos);
}
