#include "sums.h"

TEST(sigmoid_and_tanh)
{
    Random random(9);
    Floats x = random.array(5000, -12, 12);
    const float special[] = {0.0f, -0.0f, 100, -100, 1000, -1000, Infinite, -Infinite, NotANumber, 1e-30f, 0.625f, -0.6251f, 88.5f, -88.5f};
    std::copy(std::begin(special), std::end(special), x.begin());
    i64 count = x.size();
    for (int kind : {0, 1})
    {
        Floats y(count);
        launch("smooth_forward", 3, 128, kind, (const float*)x.data(), y.data(), count);
        std::vector<double> expected(count);
        for (i64 i = 0; i < count; i++)
            expected[i] = kind == 0 ? 1 / (1 + std::exp(-(double)x[i])) : std::tanh((double)x[i]);
        // Units in the last place: 2.5 and 2, as the processor's code has it, where the result is a normal number.
        check_near(expected, y, 2.5 * 0x1p-23, 0x1p-126, "y");
        for (int seeds : {1, 3})
        {
            i64 units = 100, rows = 2 * seeds;
            Floats state(y.begin(), y.begin() + 2 * units), signal = random.array(rows * units), result(rows * units), back(rows * units);
            for (i64 i = 0; i < rows * units; i++)
            {
                float v = state[i / units / seeds * units + i % units];
                back[i] = signal[i] * (kind == 0 ? v * (1 - v) : 1 - v * v);
            }

            launch("smooth_backward", 1, 64, kind, (const float*)signal.data(), (const float*)state.data(), result.data(), rows, units, seeds);
            check_same(back, result, "dx");
        }
    }
}

TEST(further_smooth_functions)
{
    Random random(29);
    struct { int kind; float least; double (*value)(double); double (*slope)(double); } functions[] = {
        {2, -10, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
        {3, 0.01f, [](double x) { return std::sqrt(x); }, [](double x) { return 0.5 / std::sqrt(x); }},
        {4, -10, [](double x) { return x > 0 ? x : std::expm1(x); }, [](double x) { return x > 0 ? 1 : std::exp(x); }},
        {5, -10, [](double x) { return std::log1p(std::exp(x)); }, [](double x) { return 1 / (1 + std::exp(-x)); }},
        {6, -10, [](double x) { return std::erf(x); }, [](double x) { return 2 / std::sqrt(std::acos(-1.0)) * std::exp(-x * x); }},
    };
    for (auto& f : functions)
    {
        i64 count = 1000;
        Floats x = random.array(count, f.least, 10), y(count), signal = random.array(count), result(count);
        launch("smooth_forward", 3, 128, f.kind, (const float*)x.data(), y.data(), count);
        std::vector<double> expected(count), back(count);
        for (i64 i = 0; i < count; i++)
        {
            expected[i] = f.value(x[i]);
            back[i] = signal[i] * f.slope(x[i]);
        }

        check_near(expected, y, 3 * 0x1p-23, 0x1p-126, "y");
        // From y, the last place of which is 2^-24 next to 1; e^(-x^2) has the rounding of x^2, up to 100.
        launch("smooth_backward", 1, 64, f.kind, (const float*)signal.data(), (const float*)(f.kind == 6 ? x : y).data(), result.data(), count, (i64)1, 1);
        check_near(back, result, f.kind == 6 ? 1e-5 : 1e-6, 4 * 0x1p-23, "dx");
    }
}

TEST(affine_fill_scale_axpy)
{
    Random random(10);
    int channels = 3, plane = 5;
    i64 count = 4 * channels * plane;
    Floats x = random.array(count), factor = random.array(channels), shift = random.array(channels), y(count), with(count), without(count);
    for (i64 i = 0; i < count; i++)
    {
        with[i] = std::fma(factor[i / plane % channels], x[i], shift[i / plane % channels]);
        without[i] = factor[i / plane % channels] * x[i];
    }

    launch("channel_affine", 1, 32, (const float*)x.data(), (const float*)factor.data(), (const float*)shift.data(), y.data(), count, channels, plane);
    check_same(with, y, "with shifts");
    launch("channel_affine", 1, 32, (const float*)x.data(), (const float*)factor.data(), (const float*)nullptr, y.data(), count, channels, plane);
    check_same(without, y, "without");
    launch("fill", 1, 32, y.data(), 3.5f, count);
    check_same(Floats(count, 3.5f), y, "fill");
    Floats sum(count), scaled(count);
    for (i64 i = 0; i < count; i++)
    {
        sum[i] = std::fma(0.3f, x[i], 3.5f);
        scaled[i] = 0.3f * x[i];
    }

    launch("axpy", 1, 32, (const float*)x.data(), y.data(), 0.3f, count);
    check_same(sum, y, "axpy");
    launch("scale", 1, 32, (const float*)x.data(), x.data(), 0.3f, count);
    check_same(scaled, x, "scale");
}

static float plain(int operation, float a, float b)
{
    float larger = std::isnan(a) || std::isnan(b) ? NotANumber : a > b ? a : b, smaller = std::isnan(larger) ? larger : a < b ? a : b;
    const float results[] = {a + b, a - b, a * b, a / b, larger, smaller};
    return results[operation];
}

static float slope(int operation, bool toB, float r, float a, float b)
{
    bool larger = a >= b, smaller = a <= b;
    const float ofA[] = {r, r, r * b, r / b, larger ? r : 0, smaller ? r : 0};
    const float ofB[] = {r, -r, r * a, -r * (a / b) / b, larger ? 0 : r, smaller ? 0 : r};
    return toB ? ofB[operation] : ofA[operation];
}

TEST(broadcast_forward_and_backward)
{
    Random random(11);
    const int result[4] = {4, 3, 5, 7};
    for (int operation = 0; operation < 6; operation++)
    for (int repeatedA = 0; repeatedA < 16; repeatedA += 3)
    for (int repeatedB = 0; repeatedB < 16; repeatedB++)
    for (int seeds : {1, 2})
    {
        // Rows of the signal: seeds for each row of an operand; one that all rows share has no seeds.
        if (seeds > 1 && ((repeatedA | repeatedB) & 1))
            continue;
        int repeated[2] = {repeatedA, repeatedB};
        i64 strides[2][4], counts[2], signalCounts[2];
        int extents[4] = {result[0], result[1], result[2], result[3]};
        for (int o = 0; o < 2; o++)
        {
            i64 stride = 1;
            for (int axis = 3; axis >= 0; axis--)
            {
                bool keeps = !(repeated[o] >> axis & 1);
                strides[o][axis] = keeps ? stride : 0;
                stride *= keeps ? extents[axis] : 1;
            }

            counts[o] = stride;
            signalCounts[o] = stride * seeds;
        }

        Floats a = random.array(counts[0]), b = random.array(counts[1], 0.5f, 2);
        for (i64 i = 0; i < counts[0]; i += 5)
            a[i] = b[i % counts[1]];
        i64 elements = 4 * 3 * 5 * 7;
        auto at = [&](int o, i64 i, int s) { return i / 105 / s * strides[o][0] + i / 35 % 3 * strides[o][1] + i / 7 % 5 * strides[o][2] + i % 7 * strides[o][3]; };
        Floats y(elements), expected(elements);
        for (i64 i = 0; i < elements; i++)
            expected[i] = plain(operation, a[at(0, i, 1)], b[at(1, i, 1)]);
        auto call = [&](const char* name, auto... first)
        {
            launch(name, 2, 64, first..., extents[0], extents[1], extents[2], extents[3], strides[0][0], strides[0][1], strides[0][2], strides[0][3],
                strides[1][0], strides[1][1], strides[1][2], strides[1][3]);
        };
        call("broadcast_forward", operation, (const float*)a.data(), (const float*)b.data(), y.data());
        check_same(expected, y, "y");

        extents[0] *= seeds;
        Floats signal = random.array(elements * seeds);
        for (int toB : {0, 1})
        {
            // Element by element of the operand, its terms in row-major order.
            std::vector<std::vector<float>> terms(signalCounts[toB]);
            for (i64 i = 0; i < elements * seeds; i++)
            {
                i64 own = i / 105 * strides[toB][0] + i / 35 % 3 * strides[toB][1] + i / 7 % 5 * strides[toB][2] + i % 7 * strides[toB][3];
                terms[own].push_back(slope(operation, toB, signal[i], a[at(0, i, seeds)], b[at(1, i, seeds)]));
            }

            Floats back(signalCounts[toB]), given(signalCounts[toB]);
            for (size_t i = 0; i < terms.size(); i++)
                back[i] = terms[i].size() == 1 ? terms[i][0] : interleaved(terms[i].size(), [&](float s, i64 t) { return s + terms[i][t]; });
            bool reads = operation > 1;
            call("broadcast_backward", operation, toB, (unsigned)repeated[toB], (const float*)signal.data(), (const float*)(reads ? a.data() : nullptr),
                (const float*)(reads ? b.data() : nullptr), given.data(), seeds);
            check_same(back, given, toB ? "to b" : "to a");
        }
    }
}

TEST(broadcast_of_missing_numbers)
{
    Floats a = {NotANumber, 1, 0.0f, 2}, b = {1, NotANumber, -0.0f, 1}, y(4);
    for (int operation : {4, 5})
    {
        launch("broadcast_forward", 1, 32, operation, (const float*)a.data(), (const float*)b.data(), y.data(), 1, 1, 1, 4, 0LL, 0LL, 0LL, 1LL, 0LL, 0LL,
            0LL, 1LL);
        check(std::isnan(y[0]) && std::isnan(y[1]), "not-a-number wins");
        check(!std::signbit(y[2]), "of equal ones the first");
        check(y[3] == (operation == 4 ? 2 : 1), "the larger, the smaller");
    }
}

TEST(bias_and_channel_sums)
{
    Random random(12);
    for (int samples : {1, 3, 19})
    for (int plane : {1, 2, 16, 61})
    for (bool products : {false, true})
    {
        int channels = 5;
        i64 count = (i64)samples * channels * plane;
        Floats x = random.array(count), dy = random.array(count), centres = random.array(channels), factors = random.array(channels);
        Floats sums(channels), product(channels), expectedSums(channels), expectedProducts(channels), y(count), biased(count);
        for (int c = 0; c < channels; c++)
        {
            float sum = 0, total = 0;
            for (int n = 0; n < samples; n++)
            {
                const float *xs = &x[((i64)n * channels + c) * plane], *signal = &dy[((i64)n * channels + c) * plane];
                sum += interleaved(plane, [&](float s, i64 i) { return s + signal[i]; });
                total += interleaved(plane, [&](float s, i64 i) { return std::fma(xs[i] - centres[c], signal[i], s); });
            }

            expectedSums[c] = sum;
            expectedProducts[c] = factors[c] * total;
        }

        launch("channel_sums", 2, 64, (const float*)(products ? x.data() : nullptr), (const float*)dy.data(), (const float*)centres.data(),
            (const float*)factors.data(), sums.data(), products ? product.data() : (float*)nullptr, samples, channels, plane);
        check_same(expectedSums, sums, "sums");
        if (products)
            check_same(expectedProducts, product, "products");
        for (i64 i = 0; i < count; i++)
            biased[i] = x[i] + centres[i / plane % channels];
        launch("add_bias", 2, 32, (const float*)x.data(), (const float*)centres.data(), y.data(), count, channels, plane);
        check_same(biased, y, "bias");
    }
}
