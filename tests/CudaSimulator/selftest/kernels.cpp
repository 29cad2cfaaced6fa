#include <cstring>
#include <string>
#include "selftest/driver.h"

const char* const TestPtx = R"(
// comment with .entry nothing(
.version 6.3
.target sm_75
.address_size 64
.visible .global .align 4 .b8 table[16];
.visible .entry set(
    .param .u64 set_param_0,
    .param .f32 set_param_1,
    .param .u32 set_param_2
)
.maxntid 256, 1, 1
{
    .reg .b64 %rd<3>;
    .shared .align 4 .b8 local[128];
    ld.param.u64 %rd1, [set_param_0];
    cvta.to.global.u64 %rd2, %rd1;
    { ret; }
}
.visible .entry spoil(.param .u64 spoil_param_0)
{
    ld.param.u64 %rd1, [spoil_param_0];
    cvta.to.global.u64 %rd2, %rd1;
    ret;
}
.visible .entry unknown(.param .u64 unknown_param_0) { ret; }
)";

namespace {

void run_set(void** arguments, const LaunchShape& shape) {
    float* to;
    float value;
    int count;
    std::memcpy(&to, arguments[0], 8);
    std::memcpy(&value, arguments[1], 4);
    std::memcpy(&count, arguments[2], 4);
    for (unsigned i = 0; i < shape.gridX * shape.blockX; i++) {
        if (static_cast<int>(i) < count) { to[i] = value; }
    }
}

void run_spoil(void** arguments, const LaunchShape&) {
    float* to;
    std::memcpy(&to, arguments[0], 8);
    to[-1] = 1;
}

const unsigned char setSizes[] = {8, 4, 4}, spoilSizes[] = {8};
const KernelEntry setKernel{"set", 3, setSizes, run_set}, spoilKernel{"spoil", 1, spoilSizes, run_spoil};

}  // namespace

Handle test_function(const char* name) {
    cusim_register_kernel(&setKernel);
    cusim_register_kernel(&spoilKernel);
    Handle module = nullptr, function = nullptr;
    OK(cuModuleLoadDataEx(&module, TestPtx, 0, nullptr, nullptr));
    OK(cuModuleGetFunction(&function, module, name));
    return function;
}

int launch_set(Handle function, Address to, float value, int count, Handle stream) {
    void* parameters[] = {&to, &value, &count};
    return cuLaunchKernel(function, 1, 1, 1, 256, 1, 1, 0, stream, parameters, nullptr);
}

bool report_contains(const char* words) {
    std::string report(cusim_report(nullptr, 0) + 1, '\0');
    cusim_report(report.data(), report.size());
    return report.find(words) != std::string::npos;
}
