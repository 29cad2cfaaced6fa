// A small frame for the tests of the kernels: arrays, random numbers, launches by name, comparisons that count.
#pragma once
#include "../../kernels.h"
#include "gpu.h"
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using i64 = long long;
using byte = unsigned char;
using Floats = Array<float>;

inline const float NotANumber = std::numeric_limits<float>::quiet_NaN();
inline const float Infinite = std::numeric_limits<float>::infinity();

/// One test, registered by being defined: TEST(name) { ... }.
struct Test
{
    Test(const char* name, void (*body)());
    const char* name;
    void (*body)();
    static std::vector<Test*>& all();
};

#define TEST(name) \
    static void name(); \
    static Test name##_test(#name, name); \
    static void name()

/// Numbers that are the same on every machine.
class Random
{
public:
    explicit Random(uint64_t seed) : _state(seed * 2654435761u + 1) {}
    uint32_t bits();

    /// Whole numbers from 0 to below the limit.
    int below(int limit) { return (int)(bits() % (uint32_t)limit); }

    /// Uniform in the range.
    float between(float least, float most) { return least + (most - least) * (float)(bits() * 0x1p-32); }

    Floats array(i64 count, float least = -2, float most = 2);

private:
    uint64_t _state;
};

/// Fails the running test unless the condition holds.
void check(bool holds, const std::string& what);

/// The same bits, any not-a-number being one; what names the arrays.
void check_same(const Floats& expected, const Floats& actual, const std::string& what);

/// |expected - actual| at most relative * |expected| + absolute.
void check_near(const std::vector<double>& expected, const Floats& actual, double relative, double absolute, const std::string& what);

template <class Expected, class Actual> void check_equal(const Expected& expected, const Actual& actual, const std::string& what)
{
    for (size_t i = 0; i < expected.size(); i++)
        check(expected[i] == actual[i], what + "[" + std::to_string(i) + "]: " + std::to_string(actual[i]) + ", expected " + std::to_string(expected[i]));
}

void run_kernel(const char* name, int blocks, int threads, std::vector<void*> arguments, std::vector<unsigned char> sizes);

/// Launches as cuLaunchKernel does: blocks few enough that threads go round their loops.
template <class... Arguments> void launch(const char* name, int blocks, int threads, Arguments... arguments)
{
    run_kernel(name, blocks, threads, {&arguments...}, {(unsigned char)sizeof(Arguments)...});
}
