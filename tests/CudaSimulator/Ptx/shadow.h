// Who touched what: beside each byte or word of memory the thread that wrote it last and one that read it, and when. A block's
// barriers and its beginning are the ticks of a clock that runs through the whole launch.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace cusim::ptx {

struct Clock {
    std::uint32_t now = 0;        // of the running block, since its last barrier
    std::uint32_t block = 0;      // when the running block began
};

constexpr std::uint32_t ManyThreads = 0xffffffffu, AtomicThread = 0xfffffffeu;

struct Cell {
    std::uint32_t writer = 0, writerTime = 0;   // writer 0: nobody; threads count from 1 over the launch
    std::uint32_t reader = 0, readerTime = 0;
    bool changed = false;                       // whether a write gave another value than before
};

// Whether what a thread did at that time has no order to what another does now: other blocks never have one.
constexpr bool unordered(const Clock& clock, std::uint32_t one, std::uint32_t time, std::uint32_t other) {
    return one != 0 && one != other && (time == clock.now || time < clock.block);
}

// Notes the reader.
inline void note_read(Cell& cell, const Clock& clock, std::uint32_t thread) {
    if (cell.reader == thread && cell.readerTime == clock.now) { return; }
    if (unordered(clock, cell.reader, cell.readerTime, thread)) {
        // Once readers of other blocks are among them, no barrier orders them all.
        cell.readerTime = cell.readerTime < clock.block ? 0 : clock.now;
        cell.reader = ManyThreads;
    } else {
        cell.reader = thread;
        cell.readerTime = clock.now;
    }
}

inline void note_write(Cell& cell, const Clock& clock, std::uint32_t thread, bool changed) {
    cell.changed = changed || (cell.changed && cell.writer != 0);
    cell.writer = thread;
    cell.writerTime = clock.now;
}

// The cells of device memory, a page at a time as a launch touches them: one a word, or one a byte in pages where smaller pieces
// are touched.
class GlobalShadow {
public:
    struct Page {
        int shift = 2;
        std::vector<Cell> cells;
    };

    // The cells of the bytes [address, address + bytes), which do not cross a page when they are aligned.
    Cell* cells(std::uint64_t address, unsigned bytes, unsigned& count) {
        const std::uint64_t number = address / PageBytes;
        if (!last_ || number != lastNumber_) {
            last_ = &pages_[number];
            lastNumber_ = number;
        }
        Page& page = *last_;
        if (page.cells.empty()) {
            page.shift = bytes < 4 ? 0 : 2;
            page.cells.resize(PageBytes >> page.shift);
        }
        if (page.shift == 2 && bytes < 4) { split(page); }
        count = bytes >> page.shift;
        return &page.cells[(address % PageBytes) >> page.shift];
    }

private:
    static constexpr std::uint64_t PageBytes = 1024;

    static void split(Page& page) {
        std::vector<Cell> bytes(PageBytes);
        for (std::size_t i = 0; i < bytes.size(); i++) { bytes[i] = page.cells[i / 4]; }
        page.cells = std::move(bytes);
        page.shift = 0;
    }

    std::unordered_map<std::uint64_t, Page> pages_;
    Page* last_ = nullptr;
    std::uint64_t lastNumber_ = 0;
};

}  // namespace cusim::ptx
