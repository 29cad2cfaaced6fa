// Copies and fills. Ranges are checked at the call, as the driver does, and again when the work runs, for what
// was freed in between. Host memory is read and written when the work runs, never at the call.
#include <cstring>
#include "Core/entry.h"
#include "Core/stream.h"

using namespace cusim;

namespace {

Address address_of(const void* pointer) { return reinterpret_cast<Address>(pointer); }
char* bytes_at(Address address) { return reinterpret_cast<char*>(address); }

bool on_device(Address address, std::size_t bytes) {
    return device_block(address, bytes) != nullptr || host_block(address, bytes) != nullptr;
}

// A host pointer may be pinned or pageable, never device memory: swapped arguments are not let through.
bool on_host(const void* pointer, std::size_t bytes) {
    if (!pointer || device_block(address_of(pointer), 0)) { return false; }
    return !host_block(address_of(pointer), 0) || host_block(address_of(pointer), bytes) != nullptr;
}

void count_pageable(const void* pointer, std::size_t bytes) {
    if (!host_block(address_of(pointer), bytes)) { state().pageableCopies++; }
}

// Memory of another device may be copied, though no kernel here may touch it.
int move(Address to, Address from, std::size_t bytes) {
    for (Address end : {to, from}) {
        const Block* const block = device_block(end, 0);
        if (block ? !block->ready || !device_block(end, bytes) : device_block(end, bytes) != nullptr) { return IllegalAddress; }
    }
    std::memmove(bytes_at(to), bytes_at(from), bytes);
    return Success;
}

enum class Side { Host, Device };

// Checks both ends and queues the copy. `freed` memory shows when it runs: then neither end may have vanished.
int copy(Entry& entry, const char* name, Address to, Side toSide, Address from, Side fromSide, std::size_t bytes, void* handle) {
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream || stream->context != entry.context) { return InvalidHandle; }
    if (bytes == 0) { return Success; }
    const auto reaches = [bytes](Address end, Side side) {
        return side == Side::Device ? on_device(end, bytes) : on_host(bytes_at(end), bytes);
    };
    if (!reaches(to, toSide) || !reaches(from, fromSide)) { return InvalidValue; }
    if (toSide == Side::Host) { count_pageable(bytes_at(to), bytes); }
    if (fromSide == Side::Host) { count_pageable(bytes_at(from), bytes); }
    return enqueue(*stream, Op{OpKind::Copy, name, [=] {
        const bool there = (toSide == Side::Host || on_device(to, bytes)) && (fromSide == Side::Host || on_device(from, bytes));
        return there ? move(to, from, bytes) : static_cast<int>(IllegalAddress);
    }, {}});
}

// The synchronous forms go through the legacy stream and wait for it.
int copy_now(Entry& entry, const char* name, Address to, Side toSide, Address from, Side fromSide, std::size_t bytes) {
    const long pageable = state().pageableCopies;
    const int code = copy(entry, name, to, toSide, from, fromSide, bytes, nullptr);
    state().pageableCopies = pageable;
    return code ? code : synchronize(*entry.context->legacy);
}

int fill(Entry& entry, const char* name, Address to, unsigned value, std::size_t width, std::size_t count, void* handle) {
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream || stream->context != entry.context) { return InvalidHandle; }
    if (count == 0) { return Success; }
    if (to % width != 0 || count > SIZE_MAX / width || !on_device(to, count * width)) { return InvalidValue; }
    return enqueue(*stream, Op{OpKind::Set, name, [=] {
        for (std::size_t i = 0; i < count; i++) { std::memcpy(bytes_at(to) + i * width, &value, width); }
        return 0;
    }, {{to, count * width}}});
}

}  // namespace

CUSIM_API int cuMemcpyHtoDAsync_v2(Address to, const void* from, std::size_t bytes, void* stream) {
    Entry entry("cuMemcpyHtoDAsync_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    return copy(entry, "cuMemcpyHtoDAsync_v2", to, Side::Device, address_of(from), Side::Host, bytes, stream);
}

CUSIM_API int cuMemcpyDtoHAsync_v2(void* to, Address from, std::size_t bytes, void* stream) {
    Entry entry("cuMemcpyDtoHAsync_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    return copy(entry, "cuMemcpyDtoHAsync_v2", address_of(to), Side::Host, from, Side::Device, bytes, stream);
}

CUSIM_API int cuMemcpyDtoDAsync_v2(Address to, Address from, std::size_t bytes, void* stream) {
    Entry entry("cuMemcpyDtoDAsync_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    return copy(entry, "cuMemcpyDtoDAsync_v2", to, Side::Device, from, Side::Device, bytes, stream);
}

CUSIM_API int cuMemcpyHtoD_v2(Address to, const void* from, std::size_t bytes) {
    Entry entry("cuMemcpyHtoD_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    return copy_now(entry, "cuMemcpyHtoD_v2", to, Side::Device, address_of(from), Side::Host, bytes);
}

CUSIM_API int cuMemcpyDtoH_v2(void* to, Address from, std::size_t bytes) {
    Entry entry("cuMemcpyDtoH_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    return copy_now(entry, "cuMemcpyDtoH_v2", address_of(to), Side::Host, from, Side::Device, bytes);
}

CUSIM_API int cuMemcpyDtoD_v2(Address to, Address from, std::size_t bytes) {
    Entry entry("cuMemcpyDtoD_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    return copy_now(entry, "cuMemcpyDtoD_v2", to, Side::Device, from, Side::Device, bytes);
}

CUSIM_API int cuMemcpyPeerAsync(Address to, void* toContext, Address from, void* fromContext, std::size_t bytes, void* stream) {
    Entry entry("cuMemcpyPeerAsync", CurrentContext);
    if (entry.code) { return entry.code; }
    if (!find<Context>(toContext) || !find<Context>(fromContext)) { return InvalidContext; }
    return copy(entry, "cuMemcpyPeerAsync", to, Side::Device, from, Side::Device, bytes, stream);
}

// CUDA_MEMCPY2D, 128 bytes.
struct Copy2D {
    std::size_t fromX, fromY;
    int fromType, fromPadding;
    const void* fromHost;
    Address fromDevice;
    void* fromArray;
    std::size_t fromPitch, toX, toY;
    int toType, toPadding;
    void* toHost;
    Address toDevice;
    void* toArray;
    std::size_t toPitch, width, height;
};
static_assert(sizeof(Copy2D) == 128);

CUSIM_API int cuMemcpy2DAsync_v2(const Copy2D* copy2D, void* handle) {
    Entry entry("cuMemcpy2DAsync_v2", CurrentContext);
    if (entry.code) { return entry.code; }
    if (!copy2D) { return InvalidValue; }
    const Copy2D c = *copy2D;
    const bool fromHost = c.fromType == 1, toHost = c.toType == 1;
    if ((!fromHost && c.fromType != 2) || (!toHost && c.toType != 2)) { return c.fromType == 3 || c.toType == 3 ? NotSupported : InvalidValue; }
    if (c.width == 0 || c.height == 0) { return Success; }
    const std::size_t fromPitch = c.fromPitch ? c.fromPitch : c.width, toPitch = c.toPitch ? c.toPitch : c.width;
    if (fromPitch < c.fromX + c.width || toPitch < c.toX + c.width) { return InvalidValue; }
    const Address from = (fromHost ? address_of(c.fromHost) : c.fromDevice) + c.fromY * fromPitch + c.fromX;
    const Address to = (toHost ? address_of(c.toHost) : c.toDevice) + c.toY * toPitch + c.toX;
    const std::size_t fromBytes = (c.height - 1) * fromPitch + c.width, toBytes = (c.height - 1) * toPitch + c.width;
    if (!(fromHost ? on_host(bytes_at(from), fromBytes) : on_device(from, fromBytes))) { return InvalidValue; }
    if (!(toHost ? on_host(bytes_at(to), toBytes) : on_device(to, toBytes))) { return InvalidValue; }
    Stream* const stream = resolve_stream(handle, *entry.context);
    if (!stream || stream->context != entry.context) { return InvalidHandle; }
    if (fromHost) { count_pageable(bytes_at(from), fromBytes); }
    if (toHost) { count_pageable(bytes_at(to), toBytes); }
    return enqueue(*stream, Op{OpKind::Copy, "cuMemcpy2DAsync_v2", [=] {
        if ((!fromHost && !on_device(from, fromBytes)) || (!toHost && !on_device(to, toBytes))) { return static_cast<int>(IllegalAddress); }
        for (std::size_t row = 0; row < c.height; row++) {
            if (int code = move(to + row * toPitch, from + row * fromPitch, c.width)) { return code; }
        }
        return static_cast<int>(Success);
    }, {}});
}

CUSIM_API int cuMemsetD8Async(Address to, unsigned char value, std::size_t count, void* stream) {
    Entry entry("cuMemsetD8Async", CurrentContext);
    if (entry.code) { return entry.code; }
    return fill(entry, "cuMemsetD8Async", to, value, 1, count, stream);
}

CUSIM_API int cuMemsetD32Async(Address to, unsigned value, std::size_t count, void* stream) {
    Entry entry("cuMemsetD32Async", CurrentContext);
    if (entry.code) { return entry.code; }
    return fill(entry, "cuMemsetD32Async", to, value, 4, count, stream);
}

CUSIM_API int cuMemsetD8_v2(Address to, unsigned char value, std::size_t count) {
    Entry entry("cuMemsetD8_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    return fill(entry, "cuMemsetD8_v2", to, value, 1, count, nullptr);
}

CUSIM_API int cuMemsetD32_v2(Address to, unsigned value, std::size_t count) {
    Entry entry("cuMemsetD32_v2", CurrentContext | Uncaptured);
    if (entry.code) { return entry.code; }
    return fill(entry, "cuMemsetD32_v2", to, value, 4, count, nullptr);
}
