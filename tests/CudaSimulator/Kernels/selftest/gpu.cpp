#include "gpu.h"
#include "../../kernels.h"
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <sstream>

void gpu::stop(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::_Exit(1);
}

namespace
{
    using gpu::stop;

    bool running, executing;
    std::vector<void*> modules;

    // The driver's calls, found by name: nothing of CUDA is needed to build this.
    int (*cuInit)(unsigned);
    int (*cuDeviceGet)(int*, int);
    int (*cuDeviceGetName)(char*, int, int);
    int (*cuDevicePrimaryCtxRetain)(void**, int);
    int (*cuCtxSetCurrent)(void*);
    int (*cuCtxSynchronize)();
    int (*cuMemAllocManaged)(unsigned long long*, size_t, unsigned);
    int (*cuMemFree)(unsigned long long);
    int (*cuMemHostRegister)(void*, size_t, unsigned);
    int (*cuMemHostUnregister)(void*);
    int (*cuModuleLoadDataEx)(void**, const void*, unsigned, int*, void**);
    int (*cuModuleGetFunction)(void**, void*, const char*);
    int (*cuLaunchKernel)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);

    // And the executor's own.
    void (*cusim_ptx)(int);
    long (*cusim_ptx_launches)(const char*);
    size_t (*cusim_report)(char*, size_t);
    constexpr int Forwards = 1, Backwards = 2;

    // What lies open to kernels.
    struct Exposed { size_t bytes, numbers; };
    std::map<char*, Exposed> exposed;
    using Contents = std::map<char*, std::vector<char>>;

    void require(int status, const std::string& call)
    {
        if (status == 0)
            return;
        std::string report;
        if (executing)
        {
            report.resize(cusim_report(nullptr, 0) + 1);
            cusim_report(report.data(), report.size());
        }

        stop(call + " gave " + std::to_string(status) + "\n" + report);
    }

    Contents contents()
    {
        Contents all;
        for (auto& [memory, piece] : exposed)
            all[memory].assign(memory, memory + piece.bytes);
        return all;
    }

    void put(const Contents& all)
    {
        for (auto& [memory, bytes] : all)
            std::memcpy(memory, bytes.data(), bytes.size());
    }

    template <class T> bool both_no_number(const char* a, const char* b)
    {
        T x, y;
        std::memcpy(&x, a, sizeof x);
        std::memcpy(&y, b, sizeof y);
        return x != x && y != y;
    }

    // The same bits; of what is no number any.
    void compare(const Contents& expected, const std::string& what)
    {
        for (auto& [memory, bytes] : expected)
        {
            size_t numbers = exposed[memory].numbers, step = numbers ? numbers : 1;
            if (std::memcmp(memory, bytes.data(), bytes.size()) == 0)
                continue;
            for (size_t i = 0; i < bytes.size(); i += step)
            {
                const char *a = memory + i, *b = bytes.data() + i;
                if (std::memcmp(a, b, step) != 0 && !(numbers == 4 && both_no_number<float>(a, b)) && !(numbers == 8 && both_no_number<double>(a, b)))
                    stop(what + ": element " + std::to_string(i / step) + " of an array of " + std::to_string(bytes.size() / step) + " is not what the host build gives");
            }
        }
    }

    template <class Function> void find(void* library, Function*& function, const char* name)
    {
        function = reinterpret_cast<Function*>(dlsym(library, name));
        if (!function)
            stop(std::string("no ") + name);
    }

    void load(const std::filesystem::path& path)
    {
        constexpr int ErrorLog = 5, ErrorLogSize = 6;
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        char log[8192] = "";
        int options[] = {ErrorLog, ErrorLogSize};
        void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
        void* module;
        int status = cuModuleLoadDataEx(&module, text.str().c_str(), 2, options, values);
        require(status, "loading " + path.string() + ": " + log);
        modules.push_back(module);
    }

    void start_with(const char* path)
    {
        void* library = dlopen(path, RTLD_NOW);
        if (!library)
            stop(dlerror());
        find(library, cuInit, "cuInit");
        find(library, cuDeviceGet, "cuDeviceGet");
        find(library, cuDeviceGetName, "cuDeviceGetName");
        find(library, cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain");
        find(library, cuCtxSetCurrent, "cuCtxSetCurrent");
        find(library, cuCtxSynchronize, "cuCtxSynchronize");
        if (executing)
        {
            find(library, cuMemHostRegister, "cuMemHostRegister_v2");
            find(library, cuMemHostUnregister, "cuMemHostUnregister");
            find(library, cusim_ptx, "cusim_ptx");
            find(library, cusim_ptx_launches, "cusim_ptx_launches");
            find(library, cusim_report, "cusim_report");
            cusim_ptx(Forwards);
        }
        else
        {
            find(library, cuMemAllocManaged, "cuMemAllocManaged");
            find(library, cuMemFree, "cuMemFree_v2");
        }
        find(library, cuModuleLoadDataEx, "cuModuleLoadDataEx");
        find(library, cuModuleGetFunction, "cuModuleGetFunction");
        find(library, cuLaunchKernel, "cuLaunchKernel");

        int device;
        void* context;
        char name[256];
        require(cuInit(0), "cuInit");
        require(cuDeviceGet(&device, 0), "cuDeviceGet");
        require(cuDeviceGetName(name, sizeof name, device), "cuDeviceGetName");
        require(cuDevicePrimaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
        require(cuCtxSetCurrent(context), "cuCtxSetCurrent");
        for (const auto& file : std::filesystem::directory_iterator(KERNELS))
        {
            if (file.path().extension() == ".ptx")
                load(file.path());
        }

        running = true;
        std::printf("on %s, %zu modules\n", name, modules.size());
    }
}

void gpu::start() { start_with("libcuda.so.1"); }

void gpu::start_executor(const char* simulator)
{
    executing = true;
    start_with(simulator);
}

bool gpu::started() { return running; }

void* gpu::allocate(size_t bytes)
{
    if (!running || executing)
        return operator new(bytes);
    constexpr unsigned Global = 1;
    unsigned long long memory;
    require(cuMemAllocManaged(&memory, bytes ? bytes : 1, Global), "cuMemAllocManaged");
    return reinterpret_cast<void*>(memory);
}

void gpu::release(void* memory)
{
    if (!running || executing)
        operator delete(memory);
    else
        require(cuMemFree(reinterpret_cast<unsigned long long>(memory)), "cuMemFree");
}

void gpu::expose(void* memory, size_t bytes, size_t numbers)
{
    if (!executing || bytes == 0)
        return;
    require(cuMemHostRegister(memory, bytes, 0), "cuMemHostRegister");
    exposed[static_cast<char*>(memory)] = {bytes, numbers};
}

void gpu::conceal(void* memory)
{
    if (exposed.erase(static_cast<char*>(memory)) != 0)
        require(cuMemHostUnregister(memory), "cuMemHostUnregister");
}

long gpu::executed(const char* name) { return executing ? cusim_ptx_launches(name) : -1; }

void gpu::launch(const char* name, int blocks, int threads, void** arguments)
{
    for (void* module : modules)
    {
        void* function;
        if (cuModuleGetFunction(&function, module, name) != 0)
            continue;
        auto run = [&]
        {
            require(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr), std::string("launching ") + name);
            require(cuCtxSynchronize(), std::string("running ") + name);
        };
        if (!executing)
            return run();
        Contents before = contents();
        find_kernel(name)->run(arguments, {(unsigned)blocks, 1, 1, (unsigned)threads, 1, 1, 0});
        Contents expected = contents();
        for (int order : {Backwards, Forwards})
        {
            put(before);
            cusim_ptx(order);
            run();
            compare(expected, std::string(name) + (order == Backwards ? " from its PTX, backwards" : " from its PTX"));
        }

        return;
    }

    stop(std::string("no kernel ") + name);
}
