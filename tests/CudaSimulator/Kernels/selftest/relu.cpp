#include "test.h"

// Numbers with ties at the kinks and all that is special.
static Floats awkward(Random& random, i64 count)
{
    Floats x = random.array(count);
    const float special[] = {0.0f, -0.0f, NotANumber, Infinite, -Infinite, 1.5f, -0.5f, 1e-45f, -1e-45f};
    for (i64 i = 0; i < count; i += 3)
        x[i] = special[random.below(9)];
    return x;
}

static bool bit(const Array<unsigned>& mask, i64 i) { return mask[i / 32] >> (i % 32) & 1; }

static void check_mask(const Array<unsigned>& mask, const std::vector<bool>& upper, const std::string& what)
{
    for (i64 i = 0; i < (i64)mask.size() * 32; i++)
        check(bit(mask, i) == (i < (i64)upper.size() && upper[i]), what + ": bit " + std::to_string(i));
}

TEST(piecewise_forward_and_mask)
{
    Random random(1);
    for (i64 units : {1, 3, 31, 32, 33, 127, 128, 129, 255, 1000, 4097})
    {
        for (int kind = 0; kind < 4; kind++)
        {
            float a = kind == 2 ? -0.5f : 0.25f, b = 1.5f;
            i64 inner = 5, count = 7;
            Floats x = awkward(random, units), y(units, 9), expected(units), slopes = random.array(count);
            std::vector<bool> upper(units);
            for (i64 i = 0; i < units; i++)
            {
                float slope = kind == 3 ? slopes[i / inner % count] : a;
                upper[i] = kind == 2 ? x[i] > a && x[i] < b : x[i] > 0;
                expected[i] = kind == 0 ? (x[i] > 0 || std::isnan(x[i]) ? x[i] : 0) : kind == 2 ? (x[i] < a ? a : x[i] > b ? b : x[i]) : upper[i] ? x[i] : slope * x[i];
            }

            Array<unsigned> mask((units + 31) / 32, 0xdeadbeef);
            const float* given = kind == 3 ? slopes.data() : nullptr;
            launch("piecewise_forward", 2, 64, kind == 3 ? 1 : kind, (const float*)x.data(), y.data(), mask.data(), units, a, b, given, inner, count);
            check_same(expected, y, "y");
            check_mask(mask, upper, "mask");
            launch("piecewise_forward", 1, 32, kind == 3 ? 1 : kind, (const float*)x.data(), x.data(), (unsigned*)nullptr, units, a, b, given, inner, count);
            check_same(expected, x, "in place, without a mask");
            Floats shifted = awkward(random, units + 1), there(units, 9);
            launch("piecewise_forward", 1, 32, 0, (const float*)(shifted.data() + 1), there.data(), mask.data(), units, a, b, given, inner, count);
            for (i64 i = 0; i < units; i++)
            {
                expected[i] = shifted[i + 1] > 0 || std::isnan(shifted[i + 1]) ? shifted[i + 1] : 0;
                upper[i] = shifted[i + 1] > 0;
            }

            check_same(expected, there, "from where no four lie together");
            check_mask(mask, upper, "mask of them");
        }
    }
}

TEST(bias_addend_relu)
{
    Random random(2);
    int channels = 3;
    for (int plane : {1, 2, 7, 8, 50})
    for (int with = 0; with < 4; with++)
    {
        i64 units = 5 * channels * plane;
        Floats x = awkward(random, units), bias = random.array(channels), addend = awkward(random, units), y(units), expected(units);
        std::vector<bool> upper(units);
        for (i64 i = 0; i < units; i++)
        {
            float sum = x[i];
            if (with & 1)
                sum += bias[i / plane % channels];
            if (with & 2)
                sum += addend[i];
            upper[i] = sum > 0;
            expected[i] = upper[i] || std::isnan(sum) ? sum : 0;
        }

        Array<unsigned> mask((units + 31) / 32, 0xdeadbeef);
        launch("bias_relu_forward", 1, 64, (const float*)x.data(), (const float*)(with & 1 ? bias.data() : nullptr),
            (const float*)(with & 2 ? addend.data() : nullptr), y.data(), mask.data(), units, channels, plane);
        check_same(expected, y, "y");
        check_mask(mask, upper, "mask");
    }
}

TEST(piecewise_backward_rules_and_seeds)
{
    Random random(3);
    for (int seeds : {1, 3})
    for (int rule = 0; rule < 4; rule++)
    for (float lower : {0.0f, 0.1f})
    for (bool parametric : {false, true})
    for (i64 units : {37, 40})
    {
        i64 samples = 3, rows = samples * seeds, inner = 1, count = units;
        Floats signal = awkward(random, rows * units), result(rows * units, 5), expected(rows * units), slopes = random.array(units);
        Array<unsigned> mask((samples * units + 31) / 32);
        for (unsigned& word : mask)
            word = random.bits();
        for (i64 row = 0; row < rows; row++)
        for (i64 u = 0; u < units; u++)
        {
            float value = signal[row * units + u];
            if (rule == 1 || rule == 3)
                value = value > 0 || std::isnan(value) ? value : 0;
            if (rule >= 2 && !bit(mask, row / seeds * units + u))
                value = parametric ? slopes[u] * value : lower == 0 ? 0 : lower * value;
            expected[row * units + u] = value;
        }

        const float* given = parametric ? slopes.data() : nullptr;
        const unsigned* bits = rule >= 2 ? mask.data() : nullptr;
        launch("piecewise_backward", 2, 32, (const float*)signal.data(), result.data(), bits, rows, units, seeds, rule, lower, given, inner, count);
        check_same(expected, result, "result");
        launch("piecewise_backward", 1, 256, (const float*)signal.data(), signal.data(), bits, rows, units, seeds, rule, lower, given, inner, count);
        check_same(expected, signal, "in place");
    }
}
