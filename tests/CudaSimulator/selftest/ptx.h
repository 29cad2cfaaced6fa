// Small PTX texts for the executor: an entry's body, launched on arrays of words.
#pragma once
#include <string>
#include <vector>
#include "selftest/driver.h"

extern "C" {
int cuModuleLoadData(Handle*, const void*);
}

// A module of one entry, run(to: .u64, from: .u64, count: .u32), with the body between its braces.
inline std::string ptx_text(const std::string& body) {
    return ".version 6.3\n.target sm_75\n.address_size 64\n.visible .entry run(\n.param .u64 to,\n.param .u64 from,\n.param .u32 count\n)\n.maxntid 256, 1, 1\n{\n"
        ".reg .pred %p<8>;\n.reg .b16 %rs<8>;\n.reg .b32 %r<16>;\n.reg .b64 %rd<16>;\n.reg .f32 %f<16>;\n.reg .f64 %fd<16>;\n"
        ".shared .align 4 .b8 tile[128];\n"
        "ld.param.u64 %rd1, [to];\nld.param.u64 %rd2, [from];\ncvta.to.global.u64 %rd3, %rd1;\ncvta.to.global.u64 %rd4, %rd2;\n"
        "ld.param.u32 %r1, [count];\nmov.u32 %r2, %tid.x;\nmov.u32 %r3, %ctaid.x;\nmov.u32 %r4, %ntid.x;\nmad.lo.s32 %r5, %r3, %r4, %r2;\n"
        // %rd5 is where this thread's word goes, %rd6 where its input is.
        "mul.wide.s32 %rd7, %r5, 4;\nadd.s64 %rd5, %rd3, %rd7;\nadd.s64 %rd6, %rd4, %rd7;\n" + body + "\nret;\n}\n";
}

// The machine with the executor on; a body's outcome over blocks of threads, the words it left and the code it ended with.
struct PtxRun {
    explicit PtxRun(const std::string& body, std::vector<unsigned> input = {}, unsigned blocks = 1, unsigned threads = 32, unsigned count = 0) {
        Machine machine;
        cusim_ptx(1);
        const std::size_t words = static_cast<std::size_t>(blocks) * threads;
        input.resize(words);
        Address to = device_memory(words * 4), from = device_memory(words * 4);
        OK(cuMemcpyHtoD_v2(from, input.data(), words * 4));
        OK(cuMemcpyHtoD_v2(to, std::vector<unsigned>(words).data(), words * 4));
        Handle module = nullptr, function = nullptr;
        code = cuModuleLoadData(&module, ptx_text(body).c_str());
        if (code) { return; }
        OK(cuModuleGetFunction(&function, module, "run"));
        void* parameters[] = {&to, &from, &count};
        OK(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, machine.stream, parameters, nullptr));
        code = cuStreamSynchronize(machine.stream);
        out.resize(words);
        if (!code) { OK(cuMemcpyDtoH_v2(out.data(), to, words * 4)); }
    }

    int code = 0;
    std::vector<unsigned> out;
};
