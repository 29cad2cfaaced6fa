#include "Ptx/addresses.h"
#include <algorithm>
#include "Core/memory.h"

namespace cusim::ptx {

namespace {

constexpr unsigned SectorBytes = 32, Banks = 32, BankBytes = 4;

template <class Function>
int first_lane(std::uint32_t lanes, Function function) {
    for (int l = 0; l < WarpSize; l++) {
        if (lanes >> l & 1 && function(l)) { return l; }
    }
    return -1;
}

bool aligned(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes) {
    const int lane = first_lane(lanes, [&](int l) { return at[l] % bytes != 0; });
    if (lane >= 0) {
        e.find(716, "memcheck", in, lane, "address " + std::to_string(at[lane]) + " is no multiple of " + std::to_string(bytes) + " bytes");
    }
    return lane < 0;
}

// Of addresses in order, how many differ, and how many pieces of memory they lie in.
void distinct(const Addresses& at, std::uint32_t lanes, unsigned piece, std::uint64_t& addresses, std::uint64_t& pieces) {
    std::uint64_t sorted[WarpSize];
    int count = 0;
    bool ordered = true;
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1)) { continue; }
        ordered = ordered && (count == 0 || sorted[count - 1] <= at[l]);
        sorted[count++] = at[l];
    }
    if (!ordered) { std::sort(sorted, sorted + count); }
    addresses = pieces = 1;
    for (int i = 1; i < count; i++) {
        addresses += sorted[i] != sorted[i - 1];
        pieces += sorted[i] / piece != sorted[i - 1] / piece;
    }
}

Count& count_of(Execution& e, const Instruction& in) { return e.counts.instructions[static_cast<std::size_t>(&in - e.kernel.code.data())]; }

std::string other_thread(const Execution& e, std::uint32_t thread) {
    return thread == ManyThreads ? "several threads" : thread == AtomicThread ? "an atomic" : thread_words(thread, e.shape.blockX);
}

// The first cell whose last use has no order to this one, or null; the use is noted in those before it.
const Cell* conflict(Execution& e, Cell* cells, unsigned count, std::uint32_t thread, Use use, bool changes, bool anyWrite) {
    const std::uint32_t me = use == Use::Atomic ? AtomicThread : thread;
    for (Cell* cell = cells; cell < cells + count; cell++) {
        const bool written = unordered(e.clock, cell->writer, cell->writerTime, me);
        if (use == Use::Read || use == Use::ReadCached) {
            if ((cell->changed || anyWrite) && (written || (use == Use::ReadCached && cell->writer != 0))) { return cell; }
            note_read(*cell, e.clock, thread);
            continue;
        }
        // Several threads may write one value; none may read what another changes.
        if (written && changes) { return cell; }
        if ((anyWrite || changes) && unordered(e.clock, cell->reader, cell->readerTime, thread)) { return cell; }
        note_write(*cell, e.clock, me, changes);
    }
    return nullptr;
}

bool told(Execution& e, const Instruction& in, int lane, const char* space, std::uint64_t at, Use use, const Cell* cell) {
    if (!cell) { return true; }
    const bool reads = use == Use::Read || use == Use::ReadCached;
    const bool byWriter = reads || unordered(e.clock, cell->writer, cell->writerTime, use == Use::Atomic ? AtomicThread : e.thread(lane));
    const std::uint32_t other = byWriter ? cell->writer : cell->reader;
    e.find(719, "racecheck", in, lane, std::string(reads ? "reads" : "writes") + ' ' + space + " byte " + std::to_string(at) + " that "
        + other_thread(e, other) + (byWriter ? " writes" : other == ManyThreads ? " read" : " reads") + ", with nothing to order them");
    return false;
}

}  // namespace

void addresses_of(const Execution& e, const Instruction& in, std::uint32_t lanes, Addresses& at) {
    for (int l = 0; l < WarpSize; l++) {
        at[l] = lanes >> l & 1 ? e.get<std::uint64_t>(in.operands[0], l) + static_cast<std::uint64_t>(in.displacement) : 0;
    }
}

bool reaches_global(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes) {
    Range& range = e.ranges[static_cast<std::size_t>(&in - e.kernel.code.data())];
    for (int l = 0; l < WarpSize; l++) {
        if (!(lanes >> l & 1) || (at[l] >= range.from && at[l] + bytes <= range.to)) { continue; }
        const Block* block = accessible(at[l], bytes, e.device) ? device_block(at[l], bytes) : nullptr;
        if (!block && accessible(at[l], bytes, e.device)) { block = host_block(at[l], bytes); }
        if (!block) {
            e.find(700, "memcheck", in, l, std::to_string(bytes) + " bytes at address " + std::to_string(at[l]) + ": " + describe(at[l]));
            return false;
        }
        range = {block->address, block->address + block->bytes};
    }
    if (!aligned(e, in, lanes, at, bytes)) { return false; }
    std::uint64_t addresses, sectors;
    distinct(at, lanes, SectorBytes, addresses, sectors);
    Count& count = count_of(e, in);
    count.touched += sectors;
    count.least += (addresses * bytes + SectorBytes - 1) / SectorBytes;
    return true;
}

bool reaches_inside(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes, const char* space, std::size_t size) {
    const int lane = first_lane(lanes, [&](int l) { return at[l] > size || bytes > size - at[l]; });
    if (lane >= 0) {
        e.find(700, "memcheck", in, lane, std::to_string(bytes) + " bytes at " + std::to_string(at[lane]) + " of " + std::to_string(size) + " bytes of " + space + " memory");
        return false;
    }
    return aligned(e, in, lanes, at, bytes);
}

// 32 banks of words; lanes that want the same word are served together, pieces of eight bytes a half of the warp at a time.
void count_banks(Execution& e, const Instruction& in, std::uint32_t lanes, const Addresses& at, unsigned bytes) {
    const int lanesATime = bytes == 8 ? WarpSize / 2 : WarpSize;
    Count& count = count_of(e, in);
    for (int from = 0; from < WarpSize; from += lanesATime) {
        std::uint64_t words[2 * WarpSize];
        int found = 0;
        for (int l = from; l < from + lanesATime; l++) {
            if (!(lanes >> l & 1)) { continue; }
            for (unsigned part = 0; part < (bytes + BankBytes - 1) / BankBytes; part++) { words[found++] = at[l] / BankBytes + part; }
        }
        if (found == 0) { continue; }
        std::sort(words, words + found);
        found = static_cast<int>(std::unique(words, words + found) - words);
        unsigned char passes[Banks] = {};
        unsigned char most = 0;
        for (int i = 0; i < found; i++) { most = std::max(most, ++passes[words[i] % Banks]); }
        count.touched += most;
        count.least++;
    }
}

bool note_global(Execution& e, const Instruction& in, int lane, std::uint64_t at, unsigned bytes, Use use, const void* value) {
    unsigned count;
    Cell* const cells = e.global.cells(at, bytes, count);
    const bool changes = value && std::memcmp(reinterpret_cast<const void*>(at), value, bytes) != 0;
    return told(e, in, lane, "global", at, use, conflict(e, cells, count, e.thread(lane), use, changes, false));
}

bool note_shared(Execution& e, const Instruction& in, int lane, std::uint64_t at, unsigned bytes, Use use, const void* value) {
    const bool changes = value && std::memcmp(&e.shared[at], value, bytes) != 0;
    Cell* const cells = &e.sharedCells[at];
    // What another block left there is nothing to this one.
    for (unsigned i = 0; i < bytes; i++) {
        Cell& cell = cells[i];
        if (cell.readerTime < e.clock.block) { cell.reader = 0; }
        if (cell.writerTime >= e.clock.block) { continue; }
        cell.writer = 0;
        if (use == Use::Write) { continue; }
        e.find(719, "initcheck", in, lane, "reads shared byte " + std::to_string(at + i) + ", which no thread of the block has written");
        return false;
    }
    return told(e, in, lane, "shared", at, use, conflict(e, cells, bytes, e.thread(lane), use, changes, true));
}

}  // namespace cusim::ptx
