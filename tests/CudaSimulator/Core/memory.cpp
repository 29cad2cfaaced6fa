#include "Core/memory.h"
#include <cstdlib>
#include <cstring>
#include <deque>
#include "Core/status.h"

namespace cusim {

namespace {

constexpr std::size_t QuarantineBytes = std::size_t{64} << 20;

struct Heap {
    std::map<Address, Block> device, host;
    std::deque<Block> quarantine;
    std::size_t quarantined = 0;
    std::size_t plain[MaxDevices] = {};   // bytes of cuMemAlloc
};

Heap& heap() {
    static Heap* const instance = new Heap;
    return *instance;
}

std::size_t whole(std::size_t bytes) { return Alignment + (bytes + GuardBytes + Alignment - 1) / Alignment * Alignment; }

bool make(std::size_t bytes, Block& block) {
    block.base = static_cast<char*>(std::aligned_alloc(Alignment, whole(bytes)));
    if (!block.base) { return false; }
    std::memset(block.base, GuardByte, Alignment);
    std::memset(block.base + Alignment, FreshByte, bytes);
    std::memset(block.base + Alignment + bytes, GuardByte, whole(bytes) - Alignment - bytes);
    block.address = reinterpret_cast<Address>(block.base + Alignment);
    block.bytes = bytes;
    return true;
}

bool filled(const char* from, const char* to, unsigned char value) {
    const std::size_t bytes = static_cast<std::size_t>(to - from);
    return bytes == 0 || (static_cast<unsigned char>(*from) == value && std::memcmp(from, from + 1, bytes - 1) == 0);
}

std::string words(const Block& block) {
    return std::to_string(block.bytes) + " bytes of " + block.entry;
}

// Keeps a freed block's address out of use for a while, over resets too; a write into it shows when it is let go.
void retire(Block block) {
    if (!block.base) { return; }
    std::memset(block.base + Alignment, FreedByte, block.bytes);
    Heap& all = heap();
    all.quarantined += block.bytes;
    all.quarantine.push_back(block);
    while (all.quarantined > QuarantineBytes) {
        const Block old = all.quarantine.front();
        all.quarantine.pop_front();
        all.quarantined -= old.bytes;
        const char* const data = old.base + Alignment;
        if (!filled(data, data + old.bytes, FreedByte)) { note("written after it was freed: " + words(old)); }
        std::free(old.base);
    }
}

Block* containing(std::map<Address, Block>& blocks, Address address, std::size_t bytes) {
    auto next = blocks.upper_bound(address);
    if (next == blocks.begin()) { return nullptr; }
    Block& block = std::prev(next)->second;
    const std::size_t offset = address - block.address;
    return offset <= block.bytes && bytes <= block.bytes - offset && (offset < block.bytes || bytes == 0) ? &block : nullptr;
}

void account(const Block& block) {
    if (block.pool) { block.pool->used -= block.bytes; }
    else { heap().plain[block.context->device] -= block.bytes; }
}

}  // namespace

int allocate_device(Context& context, std::size_t bytes, Pool* pool, const char* entry, Address* address) {
    if (bytes == 0) { return InvalidValue; }
    const int device = context.device;
    const std::size_t idle = pool ? pool->reserved - pool->used : 0;
    const std::size_t fresh = bytes > idle ? bytes - idle : 0;
    if (fresh > state().deviceBytes || bytes_in_use(device) > state().deviceBytes - fresh) { return OutOfMemory; }
    if (pool && pool->maxBytes && pool->used + bytes > pool->maxBytes) { return OutOfMemory; }
    Block block{0, bytes, nullptr, &context, pool, pool == nullptr, false, 0, entry};
    if (!make(bytes, block)) { return OutOfMemory; }
    heap().device[block.address] = block;
    *address = block.address;
    if (pool) {
        pool->used += bytes;
        if (pool->used > pool->reserved) { pool->reserved = pool->used; }
        if (pool->used > pool->usedHigh) { pool->usedHigh = pool->used; }
        if (pool->reserved > pool->reservedHigh) { pool->reservedHigh = pool->reserved; }
    } else {
        heap().plain[device] += bytes;
    }
    return Success;
}

int allocate_host(Context* context, std::size_t bytes, unsigned flags, const char* entry, void** pointer) {
    if (bytes == 0) { return InvalidValue; }
    Block block{0, bytes, nullptr, context, nullptr, true, true, flags, entry};
    if (!make(bytes, block)) { return OutOfMemory; }
    heap().host[block.address] = block;
    *pointer = reinterpret_cast<void*>(block.address);
    return Success;
}

int register_host(Context* context, void* pointer, std::size_t bytes, unsigned flags) {
    const Address address = reinterpret_cast<Address>(pointer);
    if (!pointer || bytes == 0) { return InvalidValue; }
    auto& blocks = heap().host;
    const auto next = blocks.lower_bound(address);
    const bool reachesNext = next != blocks.end() && next->first < address + bytes;
    const bool inPrevious = next != blocks.begin() && std::prev(next)->first + std::prev(next)->second.bytes > address;
    if (reachesNext || inPrevious) { return HostMemoryAlreadyRegistered; }
    blocks[address] = Block{address, bytes, nullptr, context, nullptr, true, true, flags, "cuMemHostRegister_v2"};
    return Success;
}

int release_device(Address address) {
    auto& blocks = heap().device;
    const auto found = blocks.find(address);
    if (found == blocks.end()) { return InvalidValue; }
    const Block block = found->second;
    blocks.erase(found);
    if (!guards_intact(block)) { note("written beyond its ends, seen when freed: " + words(block)); }
    account(block);
    retire(block);
    return Success;
}

int release_host(const void* pointer, bool registered) {
    auto& blocks = heap().host;
    const auto found = blocks.find(reinterpret_cast<Address>(pointer));
    if (found == blocks.end() || (found->second.base == nullptr) != registered) {
        return registered ? HostMemoryNotRegistered : InvalidValue;
    }
    const Block block = found->second;
    blocks.erase(found);
    if (!guards_intact(block)) { note("written beyond its ends, seen when freed: " + words(block)); }
    retire(block);
    return Success;
}

void release_all_of(const Context& context) {
    for (auto* blocks : {&heap().device, &heap().host}) {
        for (auto at = blocks->begin(); at != blocks->end();) {
            if (at->second.context != &context) { ++at; continue; }
            if (!at->second.host) { account(at->second); }
            retire(at->second);
            at = blocks->erase(at);
        }
    }
}

void release_everything() {
    for (auto* blocks : {&heap().device, &heap().host}) {
        for (auto& [address, block] : *blocks) { retire(block); }
        blocks->clear();
    }
    for (std::size_t& bytes : heap().plain) { bytes = 0; }
}

Block* device_block(Address address, std::size_t bytes) { return containing(heap().device, address, bytes); }
Block* host_block(Address address, std::size_t bytes) { return containing(heap().host, address, bytes); }

bool accessible(Address address, std::size_t bytes, int device) {
    if (const Block* block = device_block(address, bytes)) { return block->ready && block->context->device == device; }
    return host_block(address, bytes) != nullptr;
}

std::string describe(Address address) {
    if (const Block* block = device_block(address, 0)) {
        return "byte " + std::to_string(address - block->address) + " of " + words(*block)
            + (block->ready ? ", device " + std::to_string(block->context->device) : ", not yet reached in its stream");
    }
    for (const Block& block : heap().quarantine) {
        if (address >= block.address && address < block.address + block.bytes) { return "freed: " + words(block); }
    }
    return "no device memory";
}

std::string describe_blocks() {
    std::string lines;
    for (const auto* blocks : {&heap().device, &heap().host}) {
        for (const auto& [address, block] : *blocks) { lines += "  " + words(block) + '\n'; }
    }
    return lines;
}

bool guards_intact(const Block& block) {
    if (!block.base) { return true; }
    const char* const data = block.base + Alignment;
    return filled(block.base, data, GuardByte) && filled(data + block.bytes, block.base + whole(block.bytes), GuardByte);
}

int check_guards(const Context* context) {
    int damaged = 0;
    for (auto* blocks : {&heap().device, &heap().host}) {
        for (auto& [address, block] : *blocks) {
            if ((context && block.context != context) || guards_intact(block)) { continue; }
            damaged++;
            note("written beyond its ends: " + words(block));
            // Repaired, so that one damage is told once.
            char* const data = block.base + Alignment;
            std::memset(block.base, GuardByte, Alignment);
            std::memset(data + block.bytes, GuardByte, whole(block.bytes) - Alignment - block.bytes);
        }
    }
    return damaged;
}

std::size_t bytes_in_use(int device) {
    std::size_t bytes = heap().plain[device];
    for (const Pool* pool : state().pools) { bytes += pool->device == device ? pool->reserved : 0; }
    return bytes;
}

long live_device_blocks() { return static_cast<long>(heap().device.size()); }
long live_host_blocks() { return static_cast<long>(heap().host.size()); }

Pool* default_pool(int device) {
    Device& all = state().devices[device];
    if (!all.defaultPool) { all.defaultPool = all.currentPool = create<Pool>(device, true); }
    return all.defaultPool;
}

void trim_pools() {
    for (Pool* pool : state().pools) {
        const std::uint64_t keep = pool->releaseThreshold > pool->used ? pool->releaseThreshold : pool->used;
        if (pool->reserved > keep) { pool->reserved = keep; }
    }
}

}  // namespace cusim
