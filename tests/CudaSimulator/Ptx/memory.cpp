// Loads, stores and atomics of every state space.
#include "Ptx/addresses.h"
#include "Ptx/form.h"

namespace cusim::ptx {

namespace {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s32 = std::int32_t;
using s64 = std::int64_t;

enum class Space { Global, Cached, Shared, Local, Generic };

template <class T>
T at_address(u64 address) {
    T value;
    std::memcpy(&value, reinterpret_cast<const void*>(address), sizeof value);
    return value;
}

// Local memory of the lane's thread.
std::size_t local_offset(const Execution& e, int lane) { return static_cast<std::size_t>(e.warp->first + lane) * e.kernel.localBytes; }

template <class T, class R>
void load_global(Execution& e, const Instruction& in, u32 lanes, const Addresses& at, Use use) {
    if (!reaches_global(e, in, lanes, at, sizeof(T))) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        if (!note_global(e, in, l, at[l], sizeof(T), use, nullptr)) { return; }
        e.set<R>(in.results[0], l, static_cast<R>(at_address<T>(at[l])));
    }
}

template <class T, class R>
void load_shared(Execution& e, const Instruction& in, u32 lanes, const Addresses& at) {
    if (!reaches_inside(e, in, lanes, at, sizeof(T), "shared", e.shared.size())) { return; }
    count_banks(e, in, lanes, at, sizeof(T));
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        if (!note_shared(e, in, l, at[l], sizeof(T), Use::Read, nullptr)) { return; }
        T value;
        std::memcpy(&value, &e.shared[at[l]], sizeof value);
        e.set<R>(in.results[0], l, static_cast<R>(value));
    }
}

template <class T, class R>
void load_local(Execution& e, const Instruction& in, u32 lanes, const Addresses& at) {
    if (!reaches_inside(e, in, lanes, at, sizeof(T), "local", e.kernel.localBytes)) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const std::size_t from = local_offset(e, l) + at[l];
        for (std::size_t i = 0; i < sizeof(T); i++) {
            if (e.localWritten[from + i] >= e.clock.block) { continue; }
            return e.find(719, "initcheck", in, l, "reads local byte " + std::to_string(at[l] + i) + ", which was not written");
        }
        T value;
        std::memcpy(&value, &e.local[from], sizeof value);
        e.set<R>(in.results[0], l, static_cast<R>(value));
    }
}

template <class T, class R>
void store_global(Execution& e, const Instruction& in, u32 lanes, const Addresses& at) {
    if (!reaches_global(e, in, lanes, at, sizeof(T))) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const T value = static_cast<T>(e.get<R>(in.operands[1], l));
        if (!note_global(e, in, l, at[l], sizeof(T), Use::Write, &value)) { return; }
        std::memcpy(reinterpret_cast<void*>(at[l]), &value, sizeof value);
    }
}

template <class T, class R>
void store_shared(Execution& e, const Instruction& in, u32 lanes, const Addresses& at) {
    if (!reaches_inside(e, in, lanes, at, sizeof(T), "shared", e.shared.size())) { return; }
    count_banks(e, in, lanes, at, sizeof(T));
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const T value = static_cast<T>(e.get<R>(in.operands[1], l));
        if (!note_shared(e, in, l, at[l], sizeof(T), Use::Write, &value)) { return; }
        std::memcpy(&e.shared[at[l]], &value, sizeof value);
    }
}

template <class T, class R>
void store_local(Execution& e, const Instruction& in, u32 lanes, const Addresses& at) {
    if (!reaches_inside(e, in, lanes, at, sizeof(T), "local", e.kernel.localBytes)) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const std::size_t to = local_offset(e, l) + at[l];
        const T value = static_cast<T>(e.get<R>(in.operands[1], l));
        std::memcpy(&e.local[to], &value, sizeof value);
        for (std::size_t i = 0; i < sizeof(T); i++) { e.localWritten[to + i] = e.clock.now; }
    }
}

// Splits generic addresses by where they point: lanes of each space with its own addresses.
struct Generic {
    Generic(u32 lanes, Addresses& at) {
        for (int l = 0; l < WarpSize; l++) {
            if (!(lanes >> l & 1)) { continue; }
            (at[l] >= LocalWindow ? local : at[l] >= SharedWindow ? shared : global) |= 1u << l;
            at[l] &= SharedWindow - 1;
        }
    }
    u32 global = 0, shared = 0, local = 0;
};

// Memory holds a T, the register an R.
template <Space Where, class T, class R>
void load(Execution& e, const Instruction& in, u32 lanes) {
    Addresses at;
    addresses_of(e, in, lanes, at);
    if constexpr (Where == Space::Global) { load_global<T, R>(e, in, lanes, at, Use::Read); }
    else if constexpr (Where == Space::Cached) { load_global<T, R>(e, in, lanes, at, Use::ReadCached); }
    else if constexpr (Where == Space::Shared) { load_shared<T, R>(e, in, lanes, at); }
    else if constexpr (Where == Space::Local) { load_local<T, R>(e, in, lanes, at); }
    else {
        const Generic parts(lanes, at);
        if (parts.global) { load_global<T, R>(e, in, parts.global, at, Use::Read); }
        if (parts.shared && !e.failure) { load_shared<T, R>(e, in, parts.shared, at); }
        if (parts.local && !e.failure) { load_local<T, R>(e, in, parts.local, at); }
    }
}

template <Space Where, class T, class R>
void store(Execution& e, const Instruction& in, u32 lanes) {
    Addresses at;
    addresses_of(e, in, lanes, at);
    if constexpr (Where == Space::Global) { store_global<T, R>(e, in, lanes, at); }
    else if constexpr (Where == Space::Shared) { store_shared<T, R>(e, in, lanes, at); }
    else if constexpr (Where == Space::Local) { store_local<T, R>(e, in, lanes, at); }
    else {
        const Generic parts(lanes, at);
        if (parts.global) { store_global<T, R>(e, in, parts.global, at); }
        if (parts.shared && !e.failure) { store_shared<T, R>(e, in, parts.shared, at); }
        if (parts.local && !e.failure) { store_local<T, R>(e, in, parts.local, at); }
    }
}

// The same for all lanes.
template <class T, class R>
void load_parameter(Execution& e, const Instruction& in, u32 lanes) {
    Addresses at;
    addresses_of(e, in, lanes, at);
    if (!reaches_inside(e, in, lanes, at, sizeof(T), "parameter", e.parameters.size())) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (lanes >> l & 1) { e.set<R>(in.results[0], l, static_cast<R>(at_address<T>(reinterpret_cast<u64>(e.parameters.data()) + at[l]))); }
    }
}

// Four neighbouring words at once.
struct Four { u32 words[4]; };

void load_four(Execution& e, const Instruction& in, u32 lanes) {
    Addresses at;
    addresses_of(e, in, lanes, at);
    if (!reaches_global(e, in, lanes, at, sizeof(Four))) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        if (!note_global(e, in, l, at[l], sizeof(Four), Use::Read, nullptr)) { return; }
        const Four four = at_address<Four>(at[l]);
        for (int i = 0; i < 4; i++) { e.set<u32>(in.results[i], l, four.words[i]); }
    }
}

void store_four(Execution& e, const Instruction& in, u32 lanes) {
    Addresses at;
    addresses_of(e, in, lanes, at);
    if (!reaches_global(e, in, lanes, at, sizeof(Four))) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        Four four;
        for (int i = 0; i < 4; i++) { four.words[i] = e.get<u32>(in.operands[1 + i], l); }
        if (!note_global(e, in, l, at[l], sizeof four, Use::Write, &four)) { return; }
        std::memcpy(reinterpret_cast<void*>(at[l]), &four, sizeof four);
    }
}

// Lane after lane, as a device may.
void add_atomically(Execution& e, const Instruction& in, u32 lanes) {
    Addresses at;
    addresses_of(e, in, lanes, at);
    if (!reaches_global(e, in, lanes, at, sizeof(u32))) { return; }
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        const u32 before = at_address<u32>(at[l]), after = before + e.get<u32>(in.operands[1], l);
        if (!note_global(e, in, l, at[l], sizeof after, Use::Atomic, &after)) { return; }
        std::memcpy(reinterpret_cast<void*>(at[l]), &after, sizeof after);
        e.set<u32>(in.results[0], l, before);
    }
}

const Form forms[] = {
    {"ld.param.u32", "Wa", load_parameter<u32, u32>, Group::Parameter},
    {"ld.param.u64", "Qa", load_parameter<u64, u64>, Group::Parameter},
    {"ld.param.s32", "Qa", load_parameter<s32, s64>, Group::Parameter},
    {"ld.param.f32", "Wa", load_parameter<u32, u32>, Group::Parameter},
    {"ld.param.f64", "Qa", load_parameter<u64, u64>, Group::Parameter},
    {"ld.global.u8", "Ha", load<Space::Global, u8, u16>, Group::Global},
    {"ld.global.u8", "Wa", load<Space::Global, u8, u32>, Group::Global},
    {"ld.global.u32", "Wa", load<Space::Global, u32, u32>, Group::Global},
    {"ld.global.u64", "Qa", load<Space::Global, u64, u64>, Group::Global},
    {"ld.global.s32", "Qa", load<Space::Global, s32, s64>, Group::Global},
    {"ld.global.f32", "Wa", load<Space::Global, u32, u32>, Group::Global},
    {"ld.global.f64", "Qa", load<Space::Global, u64, u64>, Group::Global},
    {"ld.global.nc.f32", "Wa", load<Space::Cached, u32, u32>, Group::Global},
    {"ld.global.v4.f32", "WWWWa", load_four, Group::Global},
    {"ld.shared.u64", "Qa", load<Space::Shared, u64, u64>, Group::Shared},
    {"ld.shared.f32", "Wa", load<Space::Shared, u32, u32>, Group::Shared},
    {"ld.shared.f64", "Qa", load<Space::Shared, u64, u64>, Group::Shared},
    {"ld.local.f32", "Wa", load<Space::Local, u32, u32>, Group::Local},
    {"ld.s32", "Qa", load<Space::Generic, s32, s64>, Group::Global},
    {"st.global.u8", "ah", store<Space::Global, u8, u16>, Group::Global},
    {"st.global.u32", "aw", store<Space::Global, u32, u32>, Group::Global},
    {"st.global.u64", "aq", store<Space::Global, u64, u64>, Group::Global},
    {"st.global.f32", "aw", store<Space::Global, u32, u32>, Group::Global},
    {"st.global.f64", "aq", store<Space::Global, u64, u64>, Group::Global},
    {"st.global.v4.f32", "awwww", store_four, Group::Global},
    {"st.shared.u64", "aq", store<Space::Shared, u64, u64>, Group::Shared},
    {"st.shared.f32", "aw", store<Space::Shared, u32, u32>, Group::Shared},
    {"st.shared.f64", "aq", store<Space::Shared, u64, u64>, Group::Shared},
    {"st.local.f32", "aw", store<Space::Local, u32, u32>, Group::Local},
    {"st.u8", "ah", store<Space::Generic, u8, u16>, Group::Local},
    {"atom.global.add.u32", "Waw", add_atomically, Group::Global},
    {},
};

}  // namespace

const Form* memory_forms() { return forms; }

}  // namespace cusim::ptx
