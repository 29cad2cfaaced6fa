// The same tests on a real GPU, or on the simulator's executor of PTX: arrays in memory that both sides see, kernels from the committed PTX.
#pragma once
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace gpu
{
    /// Starts the driver and loads every PTX; from then on arrays and launches are the GPU's. Stops the program where that fails.
    void start();

    /// The same with the simulator of that path, which runs the PTX itself: every launch there is done by the host build too, and twice by
    /// the executor, forwards and backwards, and all three must leave the same bits.
    void start_executor(const char* simulator);

    bool started();

    void* allocate(size_t bytes);

    /// Lets kernels reach what lies between the guards; numbers is the size of floating-point elements, or 0.
    void expose(void* memory, size_t bytes, size_t numbers);
    void conceal(void* memory);

    void release(void* memory);

    [[noreturn]] void stop(const std::string& why);

    void launch(const char* name, int blocks, int threads, void** arguments);

    /// Launches so far of a kernel by the executor; -1 on a real GPU.
    long executed(const char* name);
}

/// Gives arrays memory that kernels may be handed, here or there.
template <class T> struct Reachable
{
    using value_type = T;

    // The address sanitizer has guards of its own, which see reads too.
#if defined(__SANITIZE_ADDRESS__)
    static constexpr size_t Guard = 0;
#else
    static constexpr size_t Guard = 64;
#endif
    static constexpr char Pattern = 0x5a;

    Reachable() = default;
    template <class Other> Reachable(const Reachable<Other>&) {}

    T* allocate(size_t count)
    {
        char* memory = static_cast<char*>(gpu::allocate(count * sizeof(T) + 2 * Guard));
        std::memset(memory, Pattern, Guard);
        std::memset(memory + Guard + count * sizeof(T), Pattern, Guard);
        gpu::expose(memory + Guard, count * sizeof(T), std::is_floating_point_v<T> ? sizeof(T) : 0);
        return reinterpret_cast<T*>(memory + Guard);
    }

    void deallocate(T* values, size_t count)
    {
        gpu::conceal(values);
        char* memory = reinterpret_cast<char*>(values) - Guard;
        for (size_t i = 0; i < Guard; i++)
        {
            if (memory[i] != Pattern || memory[Guard + count * sizeof(T) + i] != Pattern)
                gpu::stop("a kernel wrote outside an array of " + std::to_string(count) + " elements of " + std::to_string(sizeof(T)) + " bytes");
        }

        gpu::release(memory);
    }

    bool operator==(const Reachable&) const { return true; }
    bool operator!=(const Reachable&) const { return false; }
};

template <class T> using Array = std::vector<T, Reachable<T>>;
