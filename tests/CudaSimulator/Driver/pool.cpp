// Stream-ordered allocation and its pools. The address is given at the call; the memory is there once the stream
// reaches the allocation and gone once it reaches the release.
#include <cstring>
#include "Core/entry.h"
#include "Core/capture.h"

using namespace cusim;

namespace {

// CUmemPoolProps, 88 bytes.
struct PoolProperties {
    int allocationType, handleTypes, locationType, locationId;
    void* security;
    std::size_t maxBytes;
    unsigned short usage;
    unsigned char reserved[54];
};
static_assert(sizeof(PoolProperties) == 88);

bool is_device(int device) { return device >= 0 && device < state().deviceCount; }

// Capturing would make memory that the graph owns, which this simulator does not model.
int allocate_ordered(Entry& entry, const char* name, Address* address, std::size_t bytes, Pool* pool, void* handle) {
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream || stream->context != entry.context) { return InvalidHandle; }
    if (!address) { return InvalidValue; }
    if (stream->capture) {
        stream->capture->valid = false;
        return NotSupported;
    }
    Address made = 0;
    if (int code = allocate_device(*entry.context, bytes, pool, name, &made)) { return code; }
    *address = made;
    return enqueue(*stream, Op{OpKind::Allocate, name, [made] {
        if (Block* const block = device_block(made, 0)) { block->ready = true; }
        return 0;
    }, {}});
}

}  // namespace

CUSIM_API int cuMemAllocAsync(Address* address, std::size_t bytes, void* stream) {
    Entry entry("cuMemAllocAsync", CurrentContext);
    if (entry.code) { return entry.code; }
    const int device = entry.context->device;
    default_pool(device);
    return allocate_ordered(entry, "cuMemAllocAsync", address, bytes, state().devices[device].currentPool, stream);
}

CUSIM_API int cuMemAllocFromPoolAsync(Address* address, std::size_t bytes, void* handle, void* stream) {
    Entry entry("cuMemAllocFromPoolAsync", CurrentContext);
    if (entry.code) { return entry.code; }
    Pool* const pool = find<Pool>(handle);
    if (!pool) { return InvalidHandle; }
    if (pool->device != entry.context->device) { return InvalidValue; }
    return allocate_ordered(entry, "cuMemAllocFromPoolAsync", address, bytes, pool, stream);
}

CUSIM_API int cuMemFreeAsync(Address address, void* handle) {
    Entry entry("cuMemFreeAsync", CurrentContext | Releases);
    if (entry.code) { return entry.code; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream || stream->context != entry.context) { return InvalidHandle; }
    const Block* const block = device_block(address, 0);
    if (!block || block->address != address) { return entry.afterwards ? entry.afterwards : InvalidValue; }
    if (entry.afterwards) {
        release_device(address);
        return entry.afterwards;
    }
    if (stream->capture) {
        stream->capture->valid = false;
        return NotSupported;
    }
    // A second release before the first ran is found when it runs, as stream order has it.
    return enqueue(*stream, Op{OpKind::Free, "cuMemFreeAsync", [address] {
        const Block* const held = device_block(address, 0);
        if (!held || !held->ready) { return static_cast<int>(IllegalAddress); }
        return release_device(address);
    }, {}});
}

CUSIM_API int cuDeviceGetDefaultMemPool(void** pool, int device) {
    Entry entry("cuDeviceGetDefaultMemPool", Initialised);
    if (entry.code) { return entry.code; }
    if (!pool) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    *pool = default_pool(device);
    return Success;
}

CUSIM_API int cuDeviceGetMemPool(void** pool, int device) {
    Entry entry("cuDeviceGetMemPool", Initialised);
    if (entry.code) { return entry.code; }
    if (!pool) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    default_pool(device);
    *pool = state().devices[device].currentPool;
    return Success;
}

CUSIM_API int cuDeviceSetMemPool(int device, void* handle) {
    Entry entry("cuDeviceSetMemPool", Initialised);
    if (entry.code) { return entry.code; }
    if (!is_device(device)) { return InvalidDevice; }
    Pool* const pool = find<Pool>(handle);
    if (!pool) { return InvalidHandle; }
    if (pool->device != device) { return InvalidValue; }
    state().devices[device].currentPool = pool;
    return Success;
}

CUSIM_API int cuMemPoolCreate(void** pool, const PoolProperties* properties) {
    Entry entry("cuMemPoolCreate", Initialised | Uncaptured);
    if (entry.code) { return entry.code; }
    if (!pool || !properties || properties->allocationType != 1 || properties->locationType != 1) { return InvalidValue; }
    if (!is_device(properties->locationId)) { return InvalidDevice; }
    if (properties->handleTypes != 0) { return NotSupported; }
    Pool* const made = create<Pool>(properties->locationId, false);
    made->maxBytes = properties->maxBytes;
    *pool = made;
    return Success;
}

CUSIM_API int cuMemPoolDestroy(void* handle) {
    Entry entry("cuMemPoolDestroy", Initialised | Uncaptured);
    if (entry.code) { return entry.code; }
    Pool* const pool = find<Pool>(handle);
    if (!pool) { return InvalidHandle; }
    if (pool->isDefault) { return InvalidValue; }
    pool->alive = false;
    pool->releaseThreshold = 0;
    Device& own = state().devices[pool->device];
    if (own.currentPool == pool) { own.currentPool = own.defaultPool; }
    trim_pools();
    return Success;
}

CUSIM_API int cuMemPoolTrimTo(void* handle, std::size_t keep) {
    Entry entry("cuMemPoolTrimTo", Initialised | UncapturedIfStrict);
    if (entry.code) { return entry.code; }
    Pool* const pool = find<Pool>(handle);
    if (!pool) { return InvalidHandle; }
    if (pool->reserved > keep) { pool->reserved = keep > pool->used ? keep : pool->used; }
    return Success;
}

CUSIM_API int cuMemPoolSetAttribute(void* handle, int attribute, const void* value) {
    Entry entry("cuMemPoolSetAttribute", Initialised | UncapturedIfStrict);
    if (entry.code) { return entry.code; }
    Pool* const pool = find<Pool>(handle);
    if (!pool) { return InvalidHandle; }
    if (!value) { return InvalidValue; }
    if (attribute >= 1 && attribute <= 3) {
        int policy;
        std::memcpy(&policy, value, sizeof policy);
        pool->reuse[attribute - 1] = static_cast<std::uint64_t>(policy != 0);
        return Success;
    }
    std::uint64_t number;
    std::memcpy(&number, value, sizeof number);
    // The high-water marks can only be reset.
    if (attribute == 4) { pool->releaseThreshold = number; }
    else if (attribute == 6 && number == 0) { pool->reservedHigh = pool->reserved; }
    else if (attribute == 8 && number == 0) { pool->usedHigh = pool->used; }
    else { return InvalidValue; }
    return Success;
}

CUSIM_API int cuMemPoolGetAttribute(void* handle, int attribute, void* value) {
    Entry entry("cuMemPoolGetAttribute", Initialised | UncapturedIfStrict);
    if (entry.code) { return entry.code; }
    const Pool* const pool = find<Pool>(handle);
    if (!pool) { return InvalidHandle; }
    if (!value || attribute < 1 || attribute > 8) { return InvalidValue; }
    if (attribute <= 3) {
        const int policy = static_cast<int>(pool->reuse[attribute - 1]);
        std::memcpy(value, &policy, sizeof policy);
        return Success;
    }
    const std::uint64_t numbers[] = {pool->releaseThreshold, pool->reserved, pool->reservedHigh, pool->used, pool->usedHigh};
    std::memcpy(value, &numbers[attribute - 4], sizeof numbers[0]);
    return Success;
}
