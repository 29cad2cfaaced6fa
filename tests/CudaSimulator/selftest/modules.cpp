#include <cstring>
#include <string>
#include "selftest/driver.h"

TEST(kernels_run_when_waited_for) {
    Machine machine;
    Handle set = test_function("set");
    const Address address = device_memory(16);
    {
        OK(launch_set(set, address, 2.5f, 4, machine.stream));  // the arguments are gone when it runs
    }
    EQUAL(read_back<unsigned>(address), 0xCDCDCDCDu);
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<float>(address + 12), 2.5f);
}

TEST(launch_limits) {
    Machine machine;
    Handle set = test_function("set");
    Address to = device_memory(4);
    float value = 0;
    int count = 0;
    void* parameters[] = {&to, &value, &count};
    const auto launch = [&](unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared) {
        return cuLaunchKernel(set, gx, gy, gz, bx, by, bz, shared, machine.stream, parameters, nullptr);
    };
    OK(launch(1, 65535, 65535, 256, 1, 1, 0));
    EQUAL(launch(0, 1, 1, 1, 1, 1, 0), 1);
    EQUAL(launch(1, 65536, 1, 1, 1, 1, 0), 1);
    EQUAL(launch(1, 1, 65536, 1, 1, 1, 0), 1);
    EQUAL(launch(1, 1, 1, 1, 1, 65, 0), 1);
    EQUAL(launch(1, 1, 1, 257, 1, 1, 0), 1);
    EQUAL(launch(1, 1, 1, 1, 1, 1, 49152), 1);
    OK(cuFuncSetAttribute(set, 8, 100000));
    OK(launch(1, 1, 1, 1, 1, 1, 49152));
    EQUAL(cuFuncSetAttribute(set, 8, 232448), 1);
    EQUAL(cuLaunchKernel(set, 1, 1, 1, 1, 1, 1, 0, machine.stream, nullptr, nullptr), 1);
    EQUAL(cuLaunchKernel(machine.stream, 1, 1, 1, 1, 1, 1, 0, machine.stream, parameters, nullptr), 400);
    int shared = 0, threads = 0, blocks = 0;
    OK(cuFuncGetAttribute(&shared, 1, set));
    OK(cuFuncGetAttribute(&threads, 0, set));
    OK(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, set, 256, 0));
    EQUAL(shared, 128);
    EQUAL(threads, 256);
    EQUAL(blocks, 8);
}

TEST(kernels_that_leave_their_memory) {
    Machine machine;
    Handle set = test_function("set"), spoil = test_function("spoil");
    Address to = device_memory(16);
    void* parameters[] = {&to};
    OK(cuLaunchKernel(spoil, 1, 1, 1, 1, 1, 1, 0, machine.stream, parameters, nullptr));
    EQUAL(cuStreamSynchronize(machine.stream), 700);
    CHECK(report_contains("kernel spoil wrote beyond the ends of 16 bytes of cuMemAlloc_v2"));
    EQUAL(launch_set(set, to, 1, 1, machine.stream), 700);
}

TEST(kernels_refuse_host_and_freed_pointers) {
    float host = 0;
    for (int freed = 0; freed < 2; freed++) {
        cusim_reset();
        Machine machine;
        Handle set = test_function("set");
        Address to = reinterpret_cast<Address>(&host);
        if (freed) {
            to = device_memory(4);
            OK(cuMemFree_v2(to));
        }
        OK(launch_set(set, to, 1, 1, machine.stream));
        EQUAL(cuStreamSynchronize(machine.stream), 700);
        EQUAL(host, 0);
    }
}

TEST(images_are_read) {
    Machine machine;
    test_function("set");
    Handle module;
    char log[256] = "";
    const int options[] = {5, 6};
    const auto load = [&](const std::string& text) {
        void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
        return cuModuleLoadDataEx(&module, text.c_str(), 2, options, values);
    };
    const std::string text = TestPtx;
    const auto replaced = [&](const char* old, const char* fresh) {
        std::string changed = text;
        return changed.replace(changed.find(old), std::strlen(old), fresh);
    };
    EQUAL(load("ELF"), 200);
    EQUAL(load(replaced(".version 6.3", ".version 9.9")), 222);
    EQUAL(load(replaced("sm_75", "sm_100")), 209);
    EQUAL(load(text.substr(0, text.size() - 30)), 218);
    EQUAL(load(replaced(".param .u32 set_param_2", ".param .u64 set_param_2")), 218);
    CHECK(std::strstr(log, "entry set, parameter 2: 8 bytes in the PTX, 4 in the host build") != nullptr);
    EQUAL(load(replaced(",\n    .param .u32 set_param_2", "")), 218);
    CHECK(std::strstr(log, "2 parameters in the PTX, 3 in the host build") != nullptr);
    EQUAL(cuModuleLoadDataEx(&module, nullptr, 0, nullptr, nullptr), 1);
    OK(load(text));
    Handle function;
    EQUAL(cuModuleGetFunction(&function, module, "nothing"), 500);
    EQUAL(cuModuleGetFunction(&function, module, "unknown"), 500);
    CHECK(report_contains("entry unknown has no host build"));
    Address table;
    std::size_t bytes;
    OK(cuModuleGetGlobal_v2(&table, &bytes, module, "table"));
    EQUAL(bytes, 16);
    EQUAL(cuModuleGetGlobal_v2(&table, &bytes, module, "local"), 500);
    OK(cuModuleUnload(module));
    EQUAL(cuModuleUnload(module), 400);
}

TEST(a_kernel_is_loaded_when_first_asked_for) {
    Machine machine;
    test_function("set");
    Handle module, function, graph;
    OK(cuModuleLoadDataEx(&module, TestPtx, 0, nullptr, nullptr));
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    EQUAL(cuModuleGetFunction(&function, module, "set"), 900);
    EQUAL(cuStreamEndCapture(machine.stream, &graph), 901);
    OK(cuModuleGetFunction(&function, module, "set"));
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(cuModuleGetFunction(&function, module, "set"));
    OK(cuStreamEndCapture(machine.stream, &graph));
}

TEST(other_drivers_and_devices) {
    Machine machine;
    int value = 0;
    OK(cuDriverGetVersion(&value));
    EQUAL(value, 13000);
    cusim_driver(12040);
    OK(cuDriverGetVersion(&value));
    EQUAL(value, 12040);
    cusim_capability(6, 1);
    OK(cuDeviceGetAttribute(&value, 75, 0));
    EQUAL(value, 6);
    OK(cuDeviceGetAttribute(&value, 76, 0));
    EQUAL(value, 1);
    Handle module;
    EQUAL(cuModuleLoadDataEx(&module, TestPtx, 0, nullptr, nullptr), 209);
}

TEST(graphs_need_their_modules) {
    Machine machine;
    test_function("set");
    Handle module, function, graph, exec;
    OK(cuModuleLoadDataEx(&module, TestPtx, 0, nullptr, nullptr));
    OK(cuModuleGetFunction(&function, module, "set"));
    const Address address = device_memory(4);
    OK(cuStreamBeginCapture_v2(machine.stream, 1));
    OK(launch_set(function, address, 1, 1, machine.stream));
    OK(cuStreamEndCapture(machine.stream, &graph));
    OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
    OK(cuGraphLaunch(exec, machine.stream));
    OK(cuStreamSynchronize(machine.stream));
    EQUAL(read_back<float>(address), 1);
    OK(cuModuleUnload(module));
    OK(cuGraphLaunch(exec, machine.stream));
    EQUAL(cuStreamSynchronize(machine.stream), 719);
}
