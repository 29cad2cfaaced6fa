// Allocation on the device and pinned on the host, and what is known of a pointer.
#include <cstring>
#include "Core/entry.h"
#include "Core/stream.h"

using namespace cusim;

CUSIM_API int cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
    Entry entry("cuMemGetInfo_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    const std::size_t used = bytes_in_use(entry.context->device);
    if (free) { *free = used < state().deviceBytes ? state().deviceBytes - used : 0; }
    if (total) { *total = state().deviceBytes; }
    return Success;
}

CUSIM_API int cuMemAlloc_v2(Address* address, std::size_t bytes) {
    Entry entry("cuMemAlloc_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    if (!address) { return InvalidValue; }
    return allocate_device(*entry.context, bytes, nullptr, "cuMemAlloc_v2", address);
}

// The driver may wait for the device first, but need not, and for memory of a pool it does not: pulled from under running work.
CUSIM_API int cuMemFree_v2(Address address) {
    Entry entry("cuMemFree_v2", CurrentContext | Uncaptured | Releases);
    if (entry.code) { return entry.code; }
    if (address == 0) { return entry.afterwards; }
    Block* const block = device_block(address, 0);
    if (!block || block->address != address) { return entry.afterwards ? entry.afterwards : InvalidValue; }
    const int code = state().lenient && !block->pool ? synchronize(*block->context) : Success;
    release_device(address);
    return entry.afterwards ? entry.afterwards : code;
}

CUSIM_API int cuMemHostAlloc(void** pointer, std::size_t bytes, unsigned flags) {
    Entry entry("cuMemHostAlloc", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    if (!pointer || flags > 7) { return InvalidValue; }
    return allocate_host(entry.context, bytes, flags, "cuMemHostAlloc", pointer);
}

CUSIM_API int cuMemFreeHost(void* pointer) {
    Entry entry("cuMemFreeHost", CurrentContext | Uncaptured | Releases);
    if (entry.code) { return entry.code; }
    const Block* const block = host_block(reinterpret_cast<Address>(pointer), 0);
    if (!block || reinterpret_cast<Address>(pointer) != block->address) { return InvalidValue; }
    const int code = state().lenient ? synchronize(*block->context) : Success;
    const int released = release_host(pointer, false);
    return entry.afterwards ? entry.afterwards : released ? released : code;
}

CUSIM_API int cuMemHostRegister_v2(void* pointer, std::size_t bytes, unsigned flags) {
    Entry entry("cuMemHostRegister_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    if (flags > 15) { return InvalidValue; }
    return register_host(entry.context, pointer, bytes, flags);
}

CUSIM_API int cuMemHostUnregister(void* pointer) {
    Entry entry("cuMemHostUnregister", CurrentContext | Uncaptured | Releases);
    if (entry.code) { return entry.code; }
    const int code = synchronize(*entry.context);
    const int released = release_host(pointer, true);
    return entry.afterwards ? entry.afterwards : released ? released : code;
}

CUSIM_API int cuMemHostGetFlags(unsigned* flags, void* pointer) {
    Entry entry("cuMemHostGetFlags", CurrentContext);
    if (entry.code) { return entry.code; }
    const Block* const block = host_block(reinterpret_cast<Address>(pointer), 1);
    if (!flags || !block) { return InvalidValue; }
    *flags = block->flags;
    return Success;
}

CUSIM_API int cuMemHostGetDevicePointer_v2(Address* address, void* pointer, unsigned flags) {
    Entry entry("cuMemHostGetDevicePointer_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    if (!address || flags != 0 || !host_block(reinterpret_cast<Address>(pointer), 1)) { return InvalidValue; }
    *address = reinterpret_cast<Address>(pointer);
    return Success;
}

CUSIM_API int cuPointerGetAttribute(void* data, int attribute, Address address) {
    Entry entry("cuPointerGetAttribute", CurrentContext);
    if (entry.code) { return entry.code; }
    const Block* block = device_block(address, 1);
    if (!block) { block = host_block(address, 1); }
    if (!data || !block) { return InvalidValue; }
    const auto put = [data](auto value) { std::memcpy(data, &value, sizeof value); return 0; };
    const bool device = !block->host;
    switch (attribute) {
        case 1: return put(static_cast<void*>(block->context));
        case 2: return put(device ? 2u : 1u);
        case 3: return put(address);
        case 4: return device ? InvalidValue : put(address);
        case 8: return put(0);
        case 9: return put(block->context->device);
        case 11: return put(block->address);
        case 12: return put(block->bytes);
        case 13: return put(1);
        case 17: return put(static_cast<void*>(block->pool));
        default: return InvalidValue;
    }
}
