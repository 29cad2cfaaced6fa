#include "test.h"

TEST(jitter_and_its_adjoint)
{
    Random random(23);
    i64 planes = 3;
    int canvasH = 9, canvasW = 11, h = 6, w = 7, iteration = 2;
    Array<int> offsets = {0, 0, 3, 4, 1, 2}, counter = {0};
    Floats canvas = random.array(planes * canvasH * canvasW), crop(planes * h * w), expected(crop.size());
    Floats signal = random.array(crop.size()), back(canvas.size(), 5), spread(canvas.size(), 0);
    launch("advance", 1, 32, counter.data());
    launch("advance", 1, 32, counter.data());
    check(counter[0] == iteration, "the counter");
    for (i64 i = 0; i < (i64)crop.size(); i++)
    {
        i64 at = (i / w / h * canvasH + i / w % h + offsets[2 * iteration]) * canvasW + i % w + offsets[2 * iteration + 1];
        expected[i] = canvas[at];
        spread[at] = signal[i];
    }

    launch("jitter_crop", 1, 64, (const float*)canvas.data(), crop.data(), (const int*)offsets.data(), (const int*)counter.data(), planes, canvasH, canvasW, h, w);
    check_same(expected, crop, "crop");
    launch("jitter_crop_backward", 1, 64, (const float*)signal.data(), back.data(), (const int*)offsets.data(), (const int*)counter.data(), planes, canvasH,
        canvasW, h, w);
    check_same(spread, back, "adjoint");
}

TEST(optimiser_steps)
{
    Random random(24);
    for (bool adaptive : {true, false})
    for (float radius : {1.5f, Infinite})
    {
        i64 rows = 2, plane = 37;
        int channels = 3;
        i64 count = rows * channels * plane;
        Floats x = random.array(count), squares(count, 0), momentum(count, 0), rates = {0.5f, 0.05f, 0.01f};
        // A pixel that stays at 0, where a norm must not be divided by.
        for (int c = 0; c < channels; c++)
            x[c * plane] = 0;
        std::vector<double> place(x.begin(), x.end()), window(count, 0), speed(count, 0);
        Array<int> iteration = {0};
        for (int step = 0; step < 3; step++)
        {
            Floats gradient = random.array(count);
            for (int c = 0; c < channels; c++)
                gradient[c * plane] = 0;
            launch("preimage_step", 1, 32, x.data(), (const float*)gradient.data(), adaptive ? squares.data() : (float*)nullptr, momentum.data(),
                (const float*)rates.data(), (const int*)iteration.data(), 0.9f, radius, rows, channels, plane);
            for (i64 i = 0; i < count; i++)
            {
                double g = gradient[i];
                window[i] = 0.9 * window[i] + g * g;
                speed[i] = 0.9 * speed[i] - (adaptive ? g / (1 / (double)rates[step] + std::sqrt(window[i])) : rates[step] * g);
                place[i] += speed[i];
            }

            for (i64 i = 0; i < rows * plane; i++)
            {
                i64 first = i / plane * channels * plane + i % plane;
                double norm = 0;
                for (int c = 0; c < channels; c++)
                    norm += place[first + c * plane] * place[first + c * plane];
                for (int c = 0; std::sqrt(norm) > radius && c < channels; c++)
                    place[first + c * plane] *= radius / std::sqrt(norm);
            }

            check_near(place, x, 1e-6, 1e-6, "x");
            check_near(speed, momentum, 1e-6, 1e-6, "momentum");
            launch("advance", 1, 32, iteration.data());
        }
    }
}

TEST(sign_steps_and_the_best_so_far)
{
    Floats x = {1, 2, 3, 250, 4}, gradient = {0.1f, -3, 0, 7, NotANumber}, y(5);
    launch("sign_step", 1, 32, (const float*)x.data(), (const float*)gradient.data(), y.data(), 8.0f, 0.0f, 255.0f, 5LL);
    check_same({9, 0, 3, 255, 4}, y, "y");

    Floats best(4, -1), images = {1, 2, 3, 4};
    Array<double> energies = {5, NAN}, lowest = {6, 6};
    launch("keep_lowest", 1, 32, (const float*)images.data(), best.data(), (const double*)energies.data(), (const double*)lowest.data(), 2LL, 2LL);
    launch("note_lowest", 1, 32, (const double*)energies.data(), lowest.data(), 2LL);
    check_same({1, 2, -1, -1}, best, "best");
    check(lowest[0] == 5 && lowest[1] == 6, "lowest");
}

TEST(adam_against_its_definition)
{
    Random random(25);
    for (float radius : {1.5f, Infinite})
    {
        i64 rows = 2, plane = 37;
        int channels = 3;
        i64 count = rows * channels * plane;
        double b1 = 0.9f, b2 = 0.999f, rate = 0.05;
        Floats x = random.array(count), mean(count, 0), variance(count, 0), rates;
        for (int step = 1; step <= 3; step++)
        {
            rates.push_back((float)(rate / (1 - std::pow(b1, step))));
            rates.push_back((float)(1 / std::sqrt(1 - std::pow(b2, step))));
        }

        std::vector<double> place(x.begin(), x.end()), first(count, 0), second(count, 0);
        Array<int> iteration = {0};
        for (int step = 1; step <= 3; step++)
        {
            Floats gradient = random.array(count);
            launch("adam_step", 1, 32, x.data(), (const float*)gradient.data(), mean.data(), variance.data(), (const float*)rates.data(),
                (const int*)iteration.data(), 0.9f, 0.999f, 1e-8f, radius, rows, channels, plane);
            for (i64 i = 0; i < count; i++)
            {
                double g = gradient[i];
                first[i] = b1 * first[i] + (1 - b1) * g;
                second[i] = b2 * second[i] + (1 - b2) * g * g;
                place[i] -= rate * (first[i] / (1 - std::pow(b1, step))) / (std::sqrt(second[i] / (1 - std::pow(b2, step))) + 1e-8);
            }

            for (i64 i = 0; i < rows * plane; i++)
            {
                i64 at = i / plane * channels * plane + i % plane;
                double norm = std::sqrt(place[at] * place[at] + place[at + plane] * place[at + plane] + place[at + 2 * plane] * place[at + 2 * plane]);
                for (int c = 0; norm > radius && c < channels; c++)
                    place[at + c * plane] *= radius / norm;
            }

            check_near(place, x, 1e-6, 1e-6, "x");
            check_near(first, mean, 1e-6, 1e-6, "mean");
            check_near(second, variance, 1e-6, 1e-7, "variance");
            launch("advance", 1, 32, iteration.data());
        }
    }
}

TEST(residuals_and_rows)
{
    Random random(26);
    i64 rows = 3, count = 50;
    Floats x = random.array(rows * count), y = random.array(rows * count), mask = random.array(count, 0, 1);
    for (i64 targets : {count, rows * count})
    for (bool masked : {true, false})
    {
        Floats target = random.array(targets), residual(rows * count), expected(rows * count);
        launch("masked_residual", 2, 32, (const float*)x.data(), (const float*)target.data(), masked ? (const float*)mask.data() : nullptr, residual.data(),
            1.5f, rows * count, targets, count);
        for (i64 i = 0; i < rows * count; i++)
        {
            float difference = x[i] - target[i % targets];
            expected[i] = 1.5f * (masked ? mask[i % count] * difference : difference);
        }

        check_same(expected, residual, "residual");
    }

    Array<double> coefficients = {0.3, -7, 1e-3};
    Floats repeated = y, scaled = y, one = y, expectedRepeated = y, expectedScaled = y, expectedOne = y, row(x.begin(), x.begin() + count);
    launch("add_repeated", 2, 32, (const float*)row.data(), repeated.data(), -0.7f, rows * count, count);
    launch("add_scaled_rows", 2, 32, (const float*)x.data(), (const double*)coefficients.data(), scaled.data(), 2.5f, rows * count, count, rows);
    launch("add_scaled_rows", 2, 32, (const float*)row.data(), (const double*)coefficients.data(), one.data(), 2.5f, rows * count, count, 1LL);
    for (i64 i = 0; i < rows * count; i++)
    {
        expectedRepeated[i] = std::fma(-0.7f, row[i % count], y[i]);
        expectedScaled[i] = std::fma((float)(2.5 * coefficients[i / count]), x[i], y[i]);
        expectedOne[i] = std::fma((float)(2.5 * coefficients[i / count]), row[i % count], y[i]);
    }

    check_same(expectedRepeated, repeated, "one row for all");
    check_same(expectedScaled, scaled, "rows with coefficients of their own");
    check_same(expectedOne, one, "one row with coefficients for all");
}

TEST(inverse_roots)
{
    Array<double> values = {4, 0, -1, 1e-30, 2, 1e30, 0.25}, expected = {0.5, 0, 0, 1 / std::sqrt(1e-30f), 1 / std::sqrt(2.0f), 1 / std::sqrt(1e30f), 2};
    launch("inverse_roots", 1, 32, values.data(), (i64)values.size());
    for (size_t i = 0; i < values.size(); i++)
        check(values[i] == expected[i], "inverse roots");
}

TEST(energies_noted)
{
    int terms = 3, slots = 2;
    i64 rows = 2;
    Array<double> ring(slots * terms * rows, -1), total(rows);
    Array<int> iteration = {0};
    for (int step = 0; step < 3; step++)
    {
        Array<double> energies = {1.0 + step, 2, 30, NAN, 500, 600};
        launch("note_energies", 1, 32, (const double*)energies.data(), ring.data(), total.data(), (const int*)iteration.data(), terms, rows, slots);
        check(total[0] == 531 + step && std::isnan(total[1]), "totals");
        for (int i = 0; i < terms * rows; i++)
            check(ring[step % slots * terms * rows + i] == energies[i] || i == 3, "the slot");
        launch("advance", 1, 32, iteration.data());
    }

    check(ring[0] == 3 && ring[terms * rows] == 2, "slots are used in turn");
}
