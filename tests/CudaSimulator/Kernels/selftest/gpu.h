// The same tests on a real GPU: arrays in memory that both sides see, kernels from the committed PTX.
#pragma once
#include <cstddef>
#include <vector>

namespace gpu
{
    /// Starts the driver and loads every PTX; from then on arrays and launches are the GPU's. Stops the program where that fails.
    void start();

    bool started();

    void* allocate(size_t bytes);

    void release(void* memory);

    void launch(const char* name, int blocks, int threads, void** arguments);
}

/// Gives arrays memory that kernels may be handed, here or there.
template <class T> struct Reachable
{
    using value_type = T;

    Reachable() = default;
    template <class Other> Reachable(const Reachable<Other>&) {}

    T* allocate(size_t count) { return static_cast<T*>(gpu::allocate(count * sizeof(T))); }
    void deallocate(T* memory, size_t) { gpu::release(memory); }
    bool operator==(const Reachable&) const { return true; }
    bool operator!=(const Reachable&) const { return false; }
};

template <class T> using Array = std::vector<T, Reachable<T>>;
