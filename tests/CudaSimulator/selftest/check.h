// A test is TEST(name) { ... CHECK(...); }; each starts on a fresh machine.
#pragma once
#include <cmath>
#include <cstdio>

struct Test {
    Test(const char* name, void (*run)());
    const char* name;
    void (*run)();
    Test* next;
};

void fail(const char* file, int line, const char* what, double got, double expected);

#define TEST(name) \
    static void test_##name(); \
    static const Test registered_##name(#name, test_##name); \
    static void test_##name()

#define EQUAL(expression, expected) \
    do { \
        auto got_ = (expression); \
        const auto expected_ = (expected); \
        if (!(got_ == static_cast<decltype(got_)>(expected_))) { \
            fail(__FILE__, __LINE__, #expression, static_cast<double>(got_), static_cast<double>(expected_)); \
        } \
    } while (0)

#define OK(expression) EQUAL(expression, 0)
#define CHECK(condition) EQUAL(static_cast<int>(static_cast<bool>(condition)), 1)

#define NEAR(expression, expected, tolerance) \
    do { \
        const double got_ = (expression), expected_ = (expected); \
        if (!(std::fabs(got_ - expected_) <= (tolerance))) { fail(__FILE__, __LINE__, #expression, got_, expected_); } \
    } while (0)
