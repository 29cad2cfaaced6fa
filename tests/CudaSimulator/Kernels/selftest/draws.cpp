// Random numbers and products with matrices of them: bits against those of the processor's code, sums against plain loops in the documented order.
#include "sums.h"
#include <cstdio>
#include "../host.h"
#include "../../../../Native/Kernels/draws.h"

static const double WordScale = 1.0 / 4294967296, Inside = 0.954499736103642;

struct Rule
{
    double scale, factor, summand;
    unsigned hash;
};

// The hashes are those of tests/Cpu.Tests/DrawsTests.
static const Rule rules[] = {{0, 4 * WordScale, 1, 0xd4d4c97du}, {Inside * WordScale, 0.1, 0, 0x61ff5878u}, {WordScale, 2, -3, 0xf2db2fe2u}};

static Floats elements(const Rule& rule, i64 first, i64 count)
{
    Floats to(count, 77);
    launch("draw_elements", 3, 64, to.data(), first, count, 7LL, 3LL, rule.scale, rule.factor, rule.summand);
    return to;
}

TEST(draws_have_the_bits_of_the_processor)
{
    for (const Rule& rule : rules)
    {
        unsigned hash = 2166136261u;
        for (float value : elements(rule, (1LL << 34) - 1000, 65536))
        {
            unsigned bits;
            std::memcpy(&bits, &value, sizeof bits);
            hash = (hash ^ bits) * 16777619u;
        }

        char text[64];
        std::snprintf(text, sizeof text, "0x%08x, expected 0x%08x", hash, rule.hash);
        check(hash == rule.hash, text);
    }
}

TEST(draws_do_not_depend_on_where_they_start)
{
    for (const Rule& rule : rules)
    {
        Floats whole = elements(rule, 0, 300);
        for (i64 first : {1, 2, 3, 4, 67})
        for (i64 count : {1, 2, 5, 133})
            check_same(Floats(whole.begin() + first, whole.begin() + first + count), elements(rule, first, count), "from " + std::to_string(first));
    }
}

/// Phi of what is said to be the quantile, by the library's complementary error function.
TEST(quantiles_invert_the_distribution)
{
    for (double q = 0.4999999; q > -0.5; q -= 0.0001)
    {
        double x = normal_quantile(q), density = std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979);
        double error = q > 0 ? (0.5 - q) - 0.5 * std::erfc(x / std::sqrt(2.0)) : 0.5 * std::erfc(-x / std::sqrt(2.0)) - (0.5 + q);
        check(std::fabs(error) <= 1e-10 * density * std::fabs(x) + 1e-15, "quantile at " + std::to_string(q));
    }
}

static const int sizes[][3] = {{1, 1, 1}, {1, 5, 16}, {2, 31, 33}, {3, 7, 130}, {5, 6, 99}, {9, 10, 17}};

TEST(products_along_drawn_rows)
{
    Random random(31);
    for (auto [m, n, k] : sizes)
    for (bool plain : {false, true})
    {
        float alpha = plain ? 1 : 0.3f;
        Floats x = random.array(m * k), bias = random.array(n), w = elements(rules[1], 0, n * k), y(m * n, 9), expected(m * n);
        for (int s = 0; s < m; s++)
        for (int row = 0; row < n; row++)
        {
            float sum = interleaved(k, [&](float sum, i64 p) { return std::fmaf(w[row * k + p], x[s * k + p], sum); });
            expected[s * n + row] = plain ? sum : alpha * sum + bias[row];
        }

        launch("drawn_along", 2, 32, (const float*)x.data(), plain ? (const float*)nullptr : (const float*)bias.data(), y.data(), m, n, k, alpha, 7LL, 3LL,
            rules[1].scale, rules[1].factor, rules[1].summand);
        check_same(expected, y, "along");
    }
}

TEST(products_across_drawn_rows)
{
    Random random(32);
    for (auto [m, n, k] : sizes)
    for (bool plain : {false, true})
    {
        float alpha = plain ? 1 : 0.3f;
        Floats a = random.array(m * k), bias = random.array(n), b = elements(rules[1], 0, n * k), c(m * n, 9), expected(m * n);
        for (int i = 0; i < m * k; i++)
            a[i] = i % 3 == 0 || i % k == 2 ? 0 : a[i];
        for (int s = 0; s < m; s++)
        for (int column = 0; column < n; column++)
        {
            float sum = 0;
            for (int p = 0; p < k; p++)
                sum = std::fmaf(a[s * k + p], b[p * n + column], sum);
            expected[s * n + column] = plain ? sum : alpha * sum + bias[column];
        }

        launch("drawn_across", 2, 32, (const float*)a.data(), plain ? (const float*)nullptr : (const float*)bias.data(), c.data(), m, n, k, alpha, 7LL, 3LL,
            rules[1].scale, rules[1].factor, rules[1].summand);
        check_same(expected, c, "across");
    }
}
