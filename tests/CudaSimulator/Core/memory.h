// Device memory on the host heap: poisoned when fresh and when freed, between guard bands, freed blocks kept
// aside so that stale addresses mean nothing; pinned host memory beside it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include "Core/state.h"

namespace cusim {

using Address = std::uint64_t;

constexpr unsigned char FreshByte = 0xCD, FreedByte = 0xDD, GuardByte = 0xA5;
constexpr std::size_t Alignment = 512;   // of device allocations, and the size of the band before each
constexpr std::size_t GuardBytes = 256;  // at least, behind each

struct Pool : Object {
    static constexpr Kind kind_of = Kind::Pool;
    Pool(int device, bool isDefault) : Object(Kind::Pool, nullptr), device(device), isDefault(isDefault) {
        state().pools.push_back(this);
    }
    const int device;
    const bool isDefault;
    std::uint64_t reuse[3] = {1, 1, 1};
    std::uint64_t releaseThreshold = 0, used = 0, usedHigh = 0, reserved = 0, reservedHigh = 0;
    std::size_t maxBytes = 0;            // 0: as much as the device has
};

struct Block {
    Address address;
    std::size_t bytes;
    char* base;                          // the whole piece with its bands; null for registered host memory
    Context* context;
    Pool* pool;                          // null for cuMemAlloc
    bool ready;                          // false until a stream-ordered allocation is reached in its stream
    bool host;
    unsigned flags;                      // of pinned memory
    const char* entry;                   // who made it
};

// 0, or 1 for zero bytes, or 2 when the device is full.
int allocate_device(Context& context, std::size_t bytes, Pool* pool, const char* entry, Address* address);
int allocate_host(Context* context, std::size_t bytes, unsigned flags, const char* entry, void** pointer);
int register_host(Context* context, void* pointer, std::size_t bytes, unsigned flags);

// 0, or 1 when no block of that kind starts there. A damaged guard band is noted.
int release_device(Address address);
int release_host(const void* pointer, bool registered);
void release_all_of(const Context& context);
void release_everything();

// The live block that holds all of the range, or null.
Block* device_block(Address address, std::size_t bytes);
Block* host_block(Address address, std::size_t bytes);

// Whether work on the device may touch the range: its own ready memory, or pinned host memory.
bool accessible(Address address, std::size_t bytes, int device);

// What is known of an address, in words.
std::string describe(Address address);

// One line for each live block, in words.
std::string describe_blocks();

// Counts the blocks of the context (null: of all) with a damaged guard band, and notes each once.
int check_guards(const Context* context);
bool guards_intact(const Block& block);

std::size_t bytes_in_use(int device);
long live_device_blocks();
long live_host_blocks();
Pool* default_pool(int device);

// What synchronising does to pools: what is reserved beyond the threshold goes back to the device.
void trim_pools();

}  // namespace cusim
