#include "test.h"

// Spec 6.1 in doubles, written the way it is there: every pixel gives to its neighbours.
struct Variation
{
    double energy;
    std::vector<double> gradient;
};

static Variation variation(const Floats& x, i64 planes, int h, int w, double beta)
{
    Variation result = {0, std::vector<double>(x.size(), 0)};
    for (i64 i = 0; i < planes * h * w; i++)
    {
        int u = (int)(i % w), v = (int)(i / w % h);
        double d1 = u + 1 < w ? (double)x[i + 1] - x[i] : 0, d2 = v + 1 < h ? (double)x[i + w] - x[i] : 0;
        double value = std::pow(d1 * d1 + d2 * d2, beta / 2);
        result.energy += value;
        double q = beta * std::pow(std::max(value, 1e-6), 1 - 2 / beta);
        result.gradient[i] -= q * (d1 + d2);
        if (u + 1 < w)
            result.gradient[i + 1] += q * d1;
        if (v + 1 < h)
            result.gradient[i + w] += q * d2;
    }

    return result;
}

TEST(total_variation)
{
    Random random(20);
    for (float beta : {1.0f, 1.5f, 2.0f, 3.0f})
    for (int w : {1, 7, 90})
    {
        i64 rows = 2;
        int channels = 3, h = w == 7 ? 1 : 40;
        i64 count = (i64)channels * h * w, chunks = (count + 4095) / 4096;
        Floats x = random.array(rows * count, -3, 3), gradient(rows * count, 0.25f);
        // A flat corner, where the floor on the powered value counts.
        for (int i = 0; i < std::min(4, h * w); i++)
            x[i] = 1;
        Array<double> partials(rows * chunks), energies(rows);
        std::vector<double> expected;
        launch("variation_energy", 2, 256, (const float*)x.data(), partials.data(), rows, channels, h, w, beta);
        launch("sum_rows", 1, 256, (const double*)partials.data(), energies.data(), rows, chunks, 1.0, 0);
        launch("variation_gradient", 2, 64, (const float*)x.data(), gradient.data(), rows * channels, h, w, beta, 0.5f * beta);
        for (i64 row = 0; row < rows; row++)
        {
            Variation own = variation(Floats(x.begin() + row * count, x.begin() + (row + 1) * count), channels, h, w, beta);
            check(std::fabs(own.energy - energies[row]) <= 1e-6 * own.energy, "energy " + std::to_string(energies[row]));
            for (double value : own.gradient)
                expected.push_back(0.25 + 0.5 * value);
        }

        check_near(expected, gradient, 2e-6, beta == 3 ? 2e-4 : 2e-5, "gradient");
    }
}

TEST(variation_gradient_is_the_slope_of_the_energy)
{
    Random random(21);
    int h = 5, w = 6;
    for (float beta : {1.0f, 1.5f, 2.0f, 3.0f})
    {
        Floats x = random.array(h * w), gradient(h * w, 0);
        launch("variation_gradient", 1, 32, (const float*)x.data(), gradient.data(), 1LL, h, w, beta, beta);
        for (int i = 0; i < h * w; i++)
        {
            float step = 0x1p-9f;
            Floats up = x, down = x;
            up[i] += step;
            down[i] -= step;
            double slope = (variation(up, 1, h, w, beta).energy - variation(down, 1, h, w, beta).energy) / (up[i] - (double)down[i]);
            check(std::fabs(slope - gradient[i]) <= 1e-3 * (1 + std::fabs(slope)), "slope " + std::to_string(slope) + ", gradient " + std::to_string(gradient[i]));
        }
    }
}

TEST(bounded_range)
{
    Random random(22);
    for (float alpha : {2.0f, 3.0f, 4.0f, 6.0f, 7.0f})
    for (int channels : {1, 3})
    {
        i64 rows = 2, plane = 5000, chunks = 2;
        double bound = 80;
        Floats x = random.array(rows * channels * plane, -160, 160), gradient(rows * channels * plane, 1);
        for (int c = 0; c < channels; c++)
            x[c * plane] = 0;
        float inverse = (float)(1 / (bound * bound)), factor = (float)(alpha / (bound * bound));
        Array<double> partials(rows * chunks), energies(rows);
        std::vector<double> expected(x.size()), expectedEnergies(rows);
        launch("range_energy", 3, 256, (const float*)x.data(), partials.data(), rows, channels, plane, alpha, inverse);
        launch("sum_rows", 1, 256, (const double*)partials.data(), energies.data(), rows, chunks, 1.0, 0);
        launch("range_gradient", 3, 64, (const float*)x.data(), gradient.data(), rows, channels, plane, alpha, inverse, factor);
        for (i64 i = 0; i < rows * plane; i++)
        {
            i64 row = i / plane, first = row * channels * plane + i % plane;
            double square = 0;
            for (int c = 0; c < channels; c++)
                square += (double)x[first + c * plane] * x[first + c * plane];
            expectedEnergies[row] += std::pow(square, alpha / 2.0) / std::pow(bound, alpha);
            for (int c = 0; c < channels; c++)
            {
                double slope = square == 0 ? 0 : alpha / std::pow(bound, alpha) * std::pow(square, alpha / 2.0 - 1);
                expected[first + c * plane] = 1 + slope * x[first + c * plane];
            }
        }

        check_near(expected, gradient, 2e-6, 1e-6, "gradient");
        for (i64 row = 0; row < rows; row++)
            check(std::fabs(energies[row] - expectedEnergies[row]) <= 1e-6 * expectedEnergies[row], "energy");
    }
}
