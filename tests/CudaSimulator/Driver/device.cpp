// cuInit and what a device says of itself: an H100-like machine, as many as the control set.
#include <cstdio>
#include <cstring>
#include "Core/entry.h"

using namespace cusim;

namespace {

bool is_device(int device) { return device >= 0 && device < state().deviceCount; }

// Attribute and value; what is not listed is refused.
constexpr int Attributes[][2] = {
    {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 2147483647}, {6, 65535}, {7, 65535},
    {8, 49152}, {9, 65536}, {10, 32}, {12, 65536}, {13, 1980000}, {15, 1}, {16, 132}, {17, 0}, {18, 0}, {19, 1}, {20, 0},
    {31, 1}, {32, 1}, {34, 0}, {35, 0}, {36, 2619000}, {37, 5120}, {38, 52428800}, {39, 2048}, {40, 3}, {41, 1}, {50, 0},
    {78, 1}, {81, 233472}, {82, 65536}, {83, 1}, {86, 0}, {88, 0}, {89, 1}, {95, 1}, {97, 232448},
    {99, 1}, {102, 1}, {106, 32}, {111, 1024}, {115, 1},
};

}  // namespace

CUSIM_API int cuInit(unsigned flags) {
    Entry entry("cuInit", Nothing);
    if (entry.code) { return entry.code; }
    if (flags != 0) { return InvalidValue; }
    if (state().deviceCount == 0) { return NoDevice; }
    state().initialized = true;
    return Success;
}

CUSIM_API int cuDriverGetVersion(int* version) {
    Entry entry("cuDriverGetVersion", Nothing);
    if (entry.code) { return entry.code; }
    if (!version) { return InvalidValue; }
    *version = state().driverVersion;
    return Success;
}

CUSIM_API int cuDeviceGetCount(int* count) {
    Entry entry("cuDeviceGetCount", Initialised);
    if (entry.code) { return entry.code; }
    if (!count) { return InvalidValue; }
    *count = state().deviceCount;
    return Success;
}

CUSIM_API int cuDeviceGet(int* device, int ordinal) {
    Entry entry("cuDeviceGet", Initialised);
    if (entry.code) { return entry.code; }
    if (!device) { return InvalidValue; }
    if (!is_device(ordinal)) { return InvalidDevice; }
    *device = ordinal;
    return Success;
}

CUSIM_API int cuDeviceGetName(char* name, int length, int device) {
    Entry entry("cuDeviceGetName", Initialised);
    if (entry.code) { return entry.code; }
    if (!name || length <= 0) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    std::snprintf(name, static_cast<std::size_t>(length), "Simulated GPU %d", device);
    return Success;
}

CUSIM_API int cuDeviceGetUuid_v2(unsigned char* uuid, int device) {
    Entry entry("cuDeviceGetUuid_v2", Initialised);
    if (entry.code) { return entry.code; }
    if (!uuid) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    std::memcpy(uuid, "simulated-gpu-0", 16);
    uuid[14] = static_cast<unsigned char>('0' + device);
    return Success;
}

CUSIM_API int cuDeviceTotalMem_v2(std::size_t* bytes, int device) {
    Entry entry("cuDeviceTotalMem_v2", Initialised);
    if (entry.code) { return entry.code; }
    if (!bytes) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    *bytes = state().deviceBytes;
    return Success;
}

CUSIM_API int cuDeviceGetAttribute(int* value, int attribute, int device) {
    Entry entry("cuDeviceGetAttribute", Initialised);
    if (entry.code) { return entry.code; }
    if (!value) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    if (attribute == 33) {
        *value = device + 1;  // PCI bus
        return Success;
    }
    if (attribute == 75 || attribute == 76) {
        *value = attribute == 75 ? state().capability / 10 : state().capability % 10;
        return Success;
    }
    for (const auto& known : Attributes) {
        if (known[0] == attribute) {
            *value = known[1];
            return Success;
        }
    }
    return InvalidValue;
}

CUSIM_API int cuDeviceGetPCIBusId(char* id, int length, int device) {
    Entry entry("cuDeviceGetPCIBusId", Initialised);
    if (entry.code) { return entry.code; }
    if (!id || length < 13) { return InvalidValue; }
    if (!is_device(device)) { return InvalidDevice; }
    std::snprintf(id, static_cast<std::size_t>(length), "0000:%02X:00.0", device + 1);
    return Success;
}

CUSIM_API int cuDeviceCanAccessPeer(int* can, int device, int peer) {
    Entry entry("cuDeviceCanAccessPeer", Initialised);
    if (entry.code) { return entry.code; }
    if (!can) { return InvalidValue; }
    if (!is_device(device) || !is_device(peer)) { return InvalidDevice; }
    *can = 0;
    return Success;
}
