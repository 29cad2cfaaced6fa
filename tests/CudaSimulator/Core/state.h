// All state of the simulated machine, behind one lock that every call holds while it runs.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>
#include "Core/objects.h"

struct KernelEntry;

namespace cusim {

struct Capture;
struct Pool;
struct Stream;

struct Context : Object {
    static constexpr Kind kind_of = Kind::Context;
    Context(int device, bool primary, unsigned flags)
        : Object(Kind::Context, this), device(device), primary(primary), flags(flags) {}

    const int device;
    const bool primary;
    unsigned flags;
    std::uint64_t id = 0;
    int error = 0;                              // the sticky error that killed it
    int pending = 0;                            // an error of queued work, not sticky, for the next synchronisation
    Stream* legacy = nullptr;
    std::vector<Stream*> streams;               // all ever made here, the legacy stream first
    std::map<unsigned long, Stream*> perThread; // handle 2, by thread
};

struct Device {
    Context* primary = nullptr;
    int references = 0;
    unsigned flags = 0;
    Pool* defaultPool = nullptr;
    Pool* currentPool = nullptr;
};

// A fault to inject: the nth call of an entry counted from when it was armed, 0 for every call.
struct Fault {
    long nth;
    int code;
    bool late;      // the call succeeds and the work it queued fails
    long seen = 0;
    long fired = 0;
};

constexpr int MaxDevices = 8;
constexpr std::size_t DefaultDeviceBytes = std::size_t{8} << 30;
constexpr int DefaultDriver = 13000, DefaultCapability = 90;

struct State {
    std::recursive_mutex mutex;
    bool initialized = false;
    bool lazy = true;
    bool lenient = false;                       // where drivers differ, the kinder answer
    int deviceCount = 1;
    std::size_t deviceBytes = DefaultDeviceBytes;
    int driverVersion = DefaultDriver;
    int capability = DefaultCapability;         // major and minor, 90 for 9.0
    Device devices[MaxDevices];
    std::uint64_t generation = 1;               // grows with each reset: what threads remember of before is void
    std::uint64_t nextId = 1;
    std::unordered_map<const void*, std::unique_ptr<Object>> objects;
    std::vector<std::shared_ptr<Capture>> captures;
    std::vector<Pool*> pools;                   // all ever made, default ones too
    std::map<std::string, Fault> faults;
    std::map<std::string, long> calls;
    std::vector<std::pair<const char*, unsigned long>> log;  // entry and thread, oldest first
    std::vector<std::string> notes;             // what went wrong, in words, for the report
    std::map<std::string, const KernelEntry*> kernels;       // registered by a test, before the host build's
    long pageableCopies = 0;                    // asynchronous copies from or to memory that is not pinned
    unsigned dnnManners = 0;                    // CusimManner added up
    int injection = 0;                          // a late fault for the work the current call queues
};

// Never destroyed: threads of the host program may call until the very end of the process.
State& state();

// A number for the calling thread that no other thread of the process shares.
unsigned long thread_number();

// Adds a line to the report; at most 1000 are kept.
void note(std::string text);

}  // namespace cusim
