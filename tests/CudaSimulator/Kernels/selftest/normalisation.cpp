#include "sums.h"

TEST(lrn_forward_and_derivative)
{
    Random random(6);
    for (int size : {1, 2, 3, 5, 20})
    for (float beta : {0.75f, 0.5f, 1.0f, 0.6f})
    for (int seeds : {1, 2})
    {
        int samples = 2, channels = 9, plane = 35;
        float kappa = 1.5f, alpha = 0.3f;
        i64 row = channels * plane, elements = samples * row, rows = samples * seeds;
        Floats x = random.array(elements), y(elements), signal = random.array(rows * row), powers(rows * row), terms(rows * row), result(rows * row);
        int before = (size - 1) / 2, after = size - 1 - before;
        auto under = [&](i64 n, int t, int p)
        {
            double sum = 0;
            for (int q = std::max(0, t - before); q <= std::min(channels - 1, t + after); q++)
                sum += (double)x[n * row + q * plane + p] * x[n * row + q * plane + p];
            return kappa + alpha * sum;
        };

        std::vector<double> forward(elements), back(rows * row);
        for (i64 i = 0; i < elements; i++)
            forward[i] = x[i] * std::pow(under(i / row, i / plane % channels, i % plane), -(double)beta);
        for (i64 i = 0; i < rows * row; i++)
        {
            i64 n = i / row / seeds;
            int j = i / plane % channels, p = i % plane;
            double sum = 0;
            for (int t = std::max(0, j - after); t <= std::min(channels - 1, j + before); t++)
                sum += (double)signal[i + (t - j) * plane] * x[n * row + t * plane + p] * std::pow(under(n, t, p), -(double)beta - 1);
            back[i] = signal[i] * std::pow(under(n, j, p), -(double)beta) - 2.0 * alpha * beta * x[n * row + j * plane + p] * sum;
        }

        launch("lrn_forward", 2, 96, (const float*)x.data(), y.data(), elements, channels, plane, size, kappa, alpha, beta);
        check_near(forward, y, 2e-6, 0, "y");
        launch("lrn_backward_terms", 2, 96, (const float*)x.data(), (const float*)signal.data(), powers.data(), terms.data(), rows * row, seeds,
            channels, plane, size, kappa, alpha, beta);
        launch("lrn_backward", 2, 96, (const float*)x.data(), (const float*)signal.data(), (const float*)powers.data(), (const float*)terms.data(),
            result.data(), rows * row, seeds, channels, plane, size, alpha, beta);
        check_near(back, result, 2e-6, 5e-6, "dx");
    }
}

TEST(softmax_and_its_logarithm)
{
    Random random(7);
    for (int logarithmic : {0, 1})
    for (int inner : {1, 5})
    for (int extent : {1, 7, 16, 100, 1000})
    for (int seeds : {1, 3})
    {
        int samples = 2, outerPerRow = 3, outer = samples * outerPerRow, rows = samples * seeds;
        i64 elements = (i64)outer * extent * inner, signals = (i64)rows * outerPerRow * extent * inner;
        Floats x = random.array(elements, -9, 9), y(elements), signal = random.array(signals), result(signals);
        std::vector<double> forward(elements), back(signals);
        for (i64 line = 0; line < outer * inner; line++)
        {
            auto at = [&](int i) { return (line / inner * extent + i) * inner + line % inner; };
            double sum = 0, largest = -1e300;
            for (int i = 0; i < extent; i++)
                largest = std::max(largest, (double)x[at(i)]);
            for (int i = 0; i < extent; i++)
                sum += std::exp(x[at(i)] - largest);
            for (int i = 0; i < extent; i++)
                forward[at(i)] = logarithmic ? x[at(i)] - largest - std::log(sum) : std::exp(x[at(i)] - largest) / sum;
        }

        launch("softmax_forward", 2, extent > 500 ? 64 : 256, (const float*)x.data(), y.data(), (i64)outer, extent, inner, logarithmic);
        // x - max is up to 18 and rounded: 18 * 2^-24 of the result, and an ulp each for power, sum and quotient.
        check_near(forward, y, 18 * 0x1p-24 + 4 * 0x1p-23, logarithmic ? 2e-6 : 0, "y");
        Floats exact(signals);
        for (i64 line = 0; line < rows * outerPerRow * inner; line++)
        {
            i64 outerLine = line / inner, row = outerLine / outerPerRow;
            auto at = [&](i64 i) { return (outerLine * extent + i) * inner + line % inner; };
            auto state = [&](i64 i) { return ((row / seeds * outerPerRow + outerLine % outerPerRow) * extent + i) * inner + line % inner; };
            double sum = 0;
            for (int i = 0; i < extent; i++)
                sum += logarithmic ? signal[at(i)] : (double)signal[at(i)] * y[state(i)];
            float inOrder = interleaved(extent, [&](float s, i64 i) { return logarithmic ? s + signal[at(i)] : std::fma(signal[at(i)], y[state(i)], s); });
            for (int i = 0; i < extent; i++)
            {
                back[at(i)] = logarithmic ? signal[at(i)] - std::exp((double)y[state(i)]) * sum : y[state(i)] * (signal[at(i)] - sum);
                exact[at(i)] = y[state(i)] * (signal[at(i)] - inOrder);
            }
        }

        launch("softmax_backward", 2, 256, (const float*)y.data(), (const float*)signal.data(), result.data(), (i64)rows, seeds, outerPerRow, extent, inner,
            logarithmic);
        check_near(back, result, 1e-5, 1e-5, "dx");
        if (!logarithmic)
            check_same(exact, result, "dx by the order of sums");
    }
}

TEST(softmax_takes_huge_and_missing_numbers)
{
    // Only the largest itself keeps the power finite, wherever in the line it is.
    for (int at = 0; at < 40; at++)
    {
        Floats line(40, -1e30f), expected(40, 0), given(40);
        line[at] = 1e30f;
        expected[at] = 1;
        launch("softmax_forward", 1, 32, (const float*)line.data(), given.data(), 1LL, 40, 1, 0);
        check_same(expected, given, "largest at " + std::to_string(at));
    }

    Floats x = {1e30f, 1e30f, -Infinite, 3, 0, -0.0f, NotANumber, 1}, y(8);
    launch("softmax_forward", 1, 32, (const float*)x.data(), y.data(), 2LL, 4, 1, 0);
    check_same({0.5f, 0.5f, 0, 0}, {y[0], y[1], y[2], y[3]}, "huge");
    check(std::isnan(y[4]) && std::isnan(y[7]), "a line with a missing number is missing");
}

TEST(instance_norm_and_its_derivative)
{
    Random random(8);
    for (int plane : {1, 5, 16, 49, 333})
    for (int seeds : {1, 2})
    {
        int samples = 3, channels = 5;
        i64 planes = samples * channels, signalPlanes = planes * seeds;
        float epsilon = 1e-3f;
        Floats x = random.array(planes * plane), scale = random.array(channels), shift = random.array(channels), y(planes * plane);
        Floats signal = random.array(signalPlanes * plane), result(signalPlanes * plane), exact(planes * plane);
        std::vector<double> forward(planes * plane), back(signalPlanes * plane);
        for (i64 p = 0; p < signalPlanes; p++)
        {
            i64 state = p / channels / seeds * channels + p % channels;
            const float *from = &x[state * plane], *r = &signal[p * plane];
            double mean = 0, variance = 0, signalMean = 0, slope = 0;
            for (int i = 0; i < plane; i++)
                mean += from[i] / (double)plane;
            for (int i = 0; i < plane; i++)
                variance += (from[i] - mean) * (from[i] - mean) / plane;
            for (int i = 0; i < plane; i++)
            {
                signalMean += r[i] / (double)plane;
                slope += r[i] * (from[i] - mean) / plane / (variance + epsilon);
            }

            double factor = scale[p % channels] / std::sqrt(variance + epsilon);
            for (int i = 0; i < plane; i++)
                back[p * plane + i] = factor * (r[i] - signalMean - (from[i] - mean) * slope);
            if (p != state && seeds > 1)
                continue;
            for (int i = 0; i < plane; i++)
                forward[state * plane + i] = factor * (from[i] - mean) + shift[p % channels];
        }

        for (i64 p = 0; p < planes; p++)
        {
            const float* from = &x[p * plane];
            float mean = interleaved(plane, [&](float s, i64 i) { return s + from[i]; }) / plane;
            float variance = interleaved(plane, [&](float s, i64 i) { return std::fma(from[i] - mean, from[i] - mean, s); }) / plane + epsilon;
            for (int i = 0; i < plane; i++)
                exact[p * plane + i] = std::fma(from[i] - mean, scale[p % channels] / std::sqrt(variance), shift[p % channels]);
        }

        launch("instance_norm_forward", 2, 64, (const float*)x.data(), (const float*)scale.data(), (const float*)shift.data(), y.data(), planes, channels,
            plane, epsilon);
        check_same(exact, y, "y by the order of sums");
        if (seeds == 1)
            check_near(forward, y, 1e-5, 1e-5, "y");
        // With one element the variance is epsilon alone, and rounding of the mean is all there is.
        launch("instance_norm_backward", 2, 64, (const float*)x.data(), (const float*)scale.data(), (const float*)signal.data(), result.data(), signalPlanes,
            seeds, channels, plane, epsilon);
        check_near(back, result, 1e-5, 2e-5, "dx");
    }
}

TEST(instance_norm_parameters_of_planes)
{
    Random random(9);
    for (int plane : {1, 5, 16, 49, 333})
    {
        i64 planes = 15;
        float epsilon = 1e-3f;
        Floats x = random.array(planes * plane), signal = random.array(planes * plane), sums(planes), products(planes);
        std::vector<double> sum(planes), product(planes);
        for (i64 p = 0; p < planes; p++)
        {
            const float *from = &x[p * plane], *r = &signal[p * plane];
            double mean = 0, variance = 0;
            for (int i = 0; i < plane; i++)
                mean += from[i] / (double)plane;
            for (int i = 0; i < plane; i++)
                variance += (from[i] - mean) * (from[i] - mean) / plane;
            for (int i = 0; i < plane; i++)
            {
                sum[p] += r[i];
                product[p] += r[i] * (from[i] - mean) / std::sqrt(variance + epsilon);
            }
        }

        launch("instance_norm_parameters", 2, 64, (const float*)x.data(), (const float*)signal.data(), sums.data(), products.data(), planes, plane, epsilon);
        check_near(sum, sums, 1e-5, 1e-4, "shift");
        check_near(product, products, 1e-5, 1e-4, "scale");
    }
}
