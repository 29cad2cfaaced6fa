// The device as the kernels see it, on the host. A kernel without barriers runs thread after thread in plain loops; one with
// barriers runs every thread of a block as a fiber, and a barrier is where fibers change.
#pragma once
#include <cmath>

#define DEVICE static inline
#define KERNEL extern "C" void
// One block at a time per thread of the host: its shared memory may be static.
#define SHARED static thread_local

namespace host
{
    /// Where the running thread is.
    struct Place { int thread, blockSize, block, blocks; };

    inline thread_local Place place;

    /// Lets the other threads of the block come to the same point; stops the program where the kernel is not marked as having barriers.
    void wait();
}

DEVICE int thread_in_block() { return host::place.thread; }
DEVICE int block_size() { return host::place.blockSize; }
DEVICE int block_index() { return host::place.block; }
DEVICE int block_count() { return host::place.blocks; }
DEVICE void barrier() { host::wait(); }
DEVICE void add_atomically(unsigned* to, unsigned value) { *to += value; }
DEVICE float square_root(float x) { return std::sqrt(x); }
DEVICE double square_root(double x) { return std::sqrt(x); }

// The first thread of a warp does the work of all 32; the others find no run left: theirs is beyond any array.
DEVICE long long first_run()
{
    long long warp = (long long)block_index() * (block_size() / 32) + thread_in_block() / 32;
    return thread_in_block() % 32 == 0 ? warp : 1LL << 54;
}

DEVICE long long run_step() { return (long long)block_count() * (block_size() / 32); }

template <class Function, class Store> DEVICE void words_of_run(Function function, Store store)
{
    for (int word = 0; word < 4; word++)
    {
        unsigned bits = 0;
        for (int lane = 0; lane < 8; lane++)
            bits |= function(word * 8 + lane) << lane * 4;
        store(word, bits);
    }
}
