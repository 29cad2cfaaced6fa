#include "gpu.h"
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
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

    bool running;
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
    int (*cuModuleLoadDataEx)(void**, const void*, unsigned, int*, void**);
    int (*cuModuleGetFunction)(void**, void*, const char*);
    int (*cuLaunchKernel)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);

    void require(int status, const std::string& call)
    {
        if (status != 0)
            stop(call + " gave " + std::to_string(status));
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
}

void gpu::start()
{
    void* library = dlopen("libcuda.so.1", RTLD_NOW);
    if (!library)
        stop(dlerror());
    find(library, cuInit, "cuInit");
    find(library, cuDeviceGet, "cuDeviceGet");
    find(library, cuDeviceGetName, "cuDeviceGetName");
    find(library, cuDevicePrimaryCtxRetain, "cuDevicePrimaryCtxRetain");
    find(library, cuCtxSetCurrent, "cuCtxSetCurrent");
    find(library, cuCtxSynchronize, "cuCtxSynchronize");
    find(library, cuMemAllocManaged, "cuMemAllocManaged");
    find(library, cuMemFree, "cuMemFree_v2");
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

bool gpu::started() { return running; }

void* gpu::allocate(size_t bytes)
{
    if (!running)
        return operator new(bytes);
    constexpr unsigned Global = 1;
    unsigned long long memory;
    require(cuMemAllocManaged(&memory, bytes ? bytes : 1, Global), "cuMemAllocManaged");
    return reinterpret_cast<void*>(memory);
}

void gpu::release(void* memory)
{
    if (!running)
        operator delete(memory);
    else
        require(cuMemFree(reinterpret_cast<unsigned long long>(memory)), "cuMemFree");
}

void gpu::launch(const char* name, int blocks, int threads, void** arguments)
{
    for (void* module : modules)
    {
        void* function;
        if (cuModuleGetFunction(&function, module, name) != 0)
            continue;
        require(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr), std::string("launching ") + name);
        require(cuCtxSynchronize(), std::string("running ") + name);
        return;
    }

    stop(std::string("no kernel ") + name);
}
