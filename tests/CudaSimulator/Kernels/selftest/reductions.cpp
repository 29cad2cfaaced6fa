#include "test.h"
#include <algorithm>

static const i64 lengths[] = {1, 31, 256, 4096, 4097, 20001};

static void check_double(double expected, double actual, double tolerance, const std::string& what)
{
    check(std::fabs(expected - actual) <= tolerance, what + ": " + std::to_string(actual) + ", expected " + std::to_string(expected));
}

TEST(sums_dots_sizes_and_missing_numbers)
{
    Random random(17);
    for (i64 count : lengths)
    for (int kind = 0; kind < 4; kind++)
    for (bool shared : {false, true})
    {
        i64 rows = 3, chunks = (count + 4095) / 4096, rowOfY = shared ? 0 : count;
        Floats x = random.array(rows * count), y = random.array(rows * count);
        if (kind == 3)
        {
            for (i64 i = 0; i < rows * count; i += 7)
                x[i] = NotANumber;
        }

        Array<double> partials(rows * chunks, 5), results(rows, 5);
        const float* second = kind == 1 ? y.data() : nullptr;
        launch("sum_chunks", 2, 256, kind, (const float*)x.data(), second, partials.data(), rows, count, rowOfY);
        launch("sum_rows", 2, 256, (const double*)partials.data(), results.data(), rows, chunks, 0.5, 0);
        Array<double> again = partials, other(rows, 1);
        launch("sum_chunks", 5, 256, kind, (const float*)x.data(), second, again.data(), rows, count, rowOfY);
        check(again == partials, "the sums do not depend on the grid");
        launch("sum_rows", 1, 256, (const double*)partials.data(), other.data(), rows, chunks, 0.5, 2);
        for (i64 row = 0; row < rows; row++)
        {
            double sum = 0;
            for (i64 i = row * count; i < (row + 1) * count; i++)
                sum += kind == 0 ? x[i] : kind == 1 ? (double)x[i] * y[shared ? i % count : i] : kind == 2 ? std::fabs(x[i]) : std::isnan(x[i]);
            check_double(sum / 2, results[row], 1e-10, "sum");
            check_double(results[row] + 1, other[row], 0, "added");
        }
    }

    Floats x = {3, 4};
    Array<double> partials(1), norm(1);
    launch("sum_chunks", 1, 256, 1, (const float*)x.data(), (const float*)x.data(), partials.data(), 1LL, 2LL, 2LL);
    launch("sum_rows", 1, 256, (const double*)partials.data(), norm.data(), 1LL, 1LL, 1.0, 1);
    check(norm[0] == 5, "norm");
}

TEST(extremes_and_where_they_are)
{
    Random random(18);
    for (i64 count : lengths)
    for (int kind = 0; kind < 3; kind++)
    for (int special = 0; special < 3; special++)
    {
        i64 rows = 3, chunks = (count + 4095) / 4096;
        Floats x(rows * count);
        for (float& value : x)
            value = special == 2 || (special == 1 && random.below(3) == 0) ? NotANumber : (float)(random.below(9) - 4);
        Floats values(rows * chunks), results(rows);
        Array<i64> positions(rows * chunks), found(rows);
        launch("extreme_chunks", 2, 256, kind, (const float*)x.data(), values.data(), positions.data(), rows, count);
        launch("extreme_rows", 2, 256, kind, (const float*)values.data(), (const i64*)positions.data(), results.data(), found.data(), rows, chunks);
        for (i64 row = 0; row < rows; row++)
        {
            i64 at = -1;
            float best = NotANumber;
            for (i64 i = 0; i < count; i++)
            {
                float value = kind == 2 ? std::fabs(x[row * count + i]) : x[row * count + i];
                if (!std::isnan(value) && (at < 0 || (kind == 1 ? value < best : value > best)))
                {
                    best = value;
                    at = i;
                }
            }

            check(found[row] == at, "position " + std::to_string(found[row]) + ", expected " + std::to_string(at));
            check(results[row] == best || at < 0, "value");
            check(at >= 0 || std::isnan(results[row]), "no value where there is no number");
        }
    }
}

TEST(order_statistics)
{
    Random random(19);
    for (int sizes : {0, 1})
    {
        Floats x = random.array(3001, -50, 50);
        for (int i = 0; i < 3001; i += 4)
            x[i] = (float)(random.below(5) - 2);
        x[5] = -0.0f;
        x[6] = Infinite;
        x[7] = -Infinite;
        x[9] = NotANumber;
        Floats sorted = x;
        if (sizes)
        {
            for (float& value : sorted)
                value = std::fabs(value);
        }

        std::sort(sorted.begin(), sorted.end(), [](float a, float b) { return std::isnan(b) ? !std::isnan(a) : a < b; });
        for (unsigned rank : {0u, 1u, 700u, 1500u, 2999u, 3000u})
        {
            Array<unsigned> state = {0, rank}, counts(256);
            Floats result(1);
            for (int round = 0; round < 4; round++)
            {
                std::fill(counts.begin(), counts.end(), 0);
                launch("rank_count", 2, 64, (const float*)x.data(), 3001LL, sizes, round, (const unsigned*)state.data(), counts.data());
                launch("rank_choose", 1, 32, state.data(), (const unsigned*)counts.data(), round, result.data());
            }

            check(result[0] == sorted[rank] || (std::isnan(result[0]) && std::isnan(sorted[rank])), "rank " + std::to_string(rank));
        }
    }
}
