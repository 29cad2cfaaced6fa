#include "test.h"

static const double Pi = std::acos(-1.0);

static Floats directions(int bins)
{
    Floats pairs;
    for (int k = 0; k < bins; k++)
    {
        pairs.push_back((float)std::cos(2 * Pi * k / bins));
        pairs.push_back((float)std::sin(2 * Pi * k / bins));
    }

    return pairs;
}

// Spec 7.1 and 7.2 in doubles: weights by the angle to every direction.
struct Oracle
{
    int binning, bins;
    double x, y, size = std::hypot(x, y), a = std::cos(2 * Pi / bins);

    double cosine(int k) const { return std::cos(2 * Pi * k / bins); }
    double sine(int k) const { return std::sin(2 * Pi * k / bins); }
    double along(int k) const { return cosine(k) * x + sine(k) * y; }
    double turned(int k) const { return std::atan2(cosine(k) * y - sine(k) * x, along(k)); }

    int nearest() const
    {
        int best = 0;
        for (int k = 1; k < bins; k++)
            best = along(k) > along(best) ? k : best;
        return best;
    }

    double weight(int k) const
    {
        return binning == 0 ? (k == nearest() ? 1 : 0) : std::max(0.0, 1 - bins / (2 * Pi) * std::fabs(turned(k)));
    }

    double value(int k) const
    {
        if (size == 0)
            return 0;
        return binning == 2 ? std::max(0.0, along(k) - a * size) / (1 - a) : size * weight(k);
    }

    void backward(const std::function<double(int)>& r, double& dx, double& dy) const
    {
        dx = dy = 0;
        for (int k = 0; size > 0 && k < bins; k++)
        {
            if (binning == 2)
            {
                double share = value(k) > 0 ? r(k) / (1 - a) : 0;
                dx += share * (cosine(k) - a * x / size);
                dy += share * (sine(k) - a * y / size);
                continue;
            }

            dx += r(k) * weight(k) * x / size;
            dy += r(k) * weight(k) * y / size;
            double turning = binning == 1 && weight(k) > 0 ? -bins / (2 * Pi) / size * r(k) * (turned(k) > 0 ? 1 : -1) : 0;
            dx += turning * -y;
            dy += turning * x;
        }
    }
};

TEST(orientation_binning)
{
    Random random(25);
    for (int binning = 0; binning < 3; binning++)
    for (int bins : {8, 18})
    for (int seeds : {1, 2})
    for (int colours : {1, 3})
    {
        i64 samples = 2, plane = 211, rows = samples * seeds, sample = 2 * colours * plane;
        Floats g = random.array(samples * sample), pairs = directions(bins), h(samples * bins * plane, 9);
        for (i64 n = 0; n < samples; n++)
        for (int c = 0; c < 2 * colours; c++)
            g[n * sample + c * plane] = 0;
        // Of equal colours the first counts.
        for (int c = 0; c < 2 * colours; c++)
            g[c * plane + 1] = c % 2 ? 0.25f : 0.5f;
        Floats signal = random.array(rows * bins * plane), result(rows * sample, 9);
        float a = (float)std::cos(2 * Pi / bins);
        launch("orientation_forward", 2, 64, binning, (const float*)g.data(), (const float*)pairs.data(), h.data(), samples, colours, plane, bins, a);
        launch("orientation_backward", 2, 64, binning, (const float*)g.data(), (const float*)pairs.data(), (const float*)signal.data(), result.data(), rows,
            seeds, colours, plane, bins, a);
        std::vector<double> forward(h.size()), back(result.size());
        for (i64 i = 0; i < rows * plane; i++)
        {
            i64 row = i / plane, n = row / seeds, at = i % plane;
            const float* pixel = &g[n * sample + at];
            int colour = 0;
            auto size = [&](int c) { return std::hypot((double)pixel[2 * c * plane], (double)pixel[(2 * c + 1) * plane]); };
            for (int c = 1; c < colours; c++)
                colour = size(c) > size(colour) ? c : colour;
            Oracle oracle = {binning, bins, pixel[2 * colour * plane], pixel[(2 * colour + 1) * plane]};
            for (int k = 0; k < bins; k++)
                forward[(n * bins + k) * plane + at] = oracle.value(k);
            auto given = [&](int k) { return (double)signal[(row * bins + k) * plane + at]; };
            double* to = &back[row * sample + 2 * colour * plane + at];
            oracle.backward(given, to[0], to[plane]);
        }

        // An angle is known to 4e-7 or so, which is 1.2e-6 bins of 18; the rectified form divides by 1 - a = 0.06.
        check_near(forward, h, 2e-6, 8e-6, "h");
        check_near(back, result, 2e-6, binning == 2 ? 3e-5 : 2e-5, "dg");
    }
}

TEST(orientation_on_the_directions_themselves)
{
    int bins = 8;
    Floats pairs = directions(bins), g = {3, 0, -3, 0, 0, 3, 0, -3}, h(4 * bins);
    launch("orientation_forward", 1, 32, 1, (const float*)g.data(), (const float*)pairs.data(), h.data(), 1LL, 1, 4LL, bins, 0.0f);
    const int hit[] = {0, 2, 4, 6};
    for (int p = 0; p < 4; p++)
    {
        for (int k = 0; k < bins; k++)
            check(std::fabs(h[k * 4 + p] - (k == hit[p] ? 3 : 0)) < 1e-6, "bin " + std::to_string(k) + " of pixel " + std::to_string(p));
    }
}

TEST(block_normalisation)
{
    Random random(26);
    struct Form { int channels, period, first; float epsilon, least, limit; };
    for (Form f : {Form{108, 27, 18, 0, 1e-6f, 0.2f}, Form{128, 1, 0, 1e-6f, 0, 0.2f}, Form{5, 1, 0, 1e-6f, 0, 0.6f}})
    for (int seeds : {1, 3})
    {
        i64 samples = 2, plane = 19, rows = samples * seeds;
        Floats v = random.array(samples * f.channels * plane, 0, 1), y(v.size()), signal = random.array(rows * f.channels * plane), result(signal.size());
        // A block of nothing, whose norm is at its least.
        for (int c = 0; c < f.channels; c++)
            v[c * plane + 3] = 0;
        launch("block_norm_forward", 1, 32, (const float*)v.data(), y.data(), samples, f.channels, plane, f.period, f.first, f.epsilon, f.least, f.limit);
        launch("block_norm_backward", 1, 32, (const float*)v.data(), (const float*)signal.data(), result.data(), rows, seeds, f.channels, plane, f.period,
            f.first, f.epsilon, f.least, f.limit);
        std::vector<double> forward(v.size()), back(result.size());
        for (i64 i = 0; i < rows * plane; i++)
        {
            const float* from = &v[(i / plane / seeds * f.channels) * plane + i % plane];
            const float* r = &signal[(i / plane * f.channels) * plane + i % plane];
            double norm = f.epsilon, sum = 0;
            for (int c = 0; c < f.channels; c++)
                norm += c % f.period >= f.first ? (double)from[c * plane] * from[c * plane] : 0;
            norm = std::max(std::sqrt(norm), (double)f.least);
            for (int c = 0; c < f.channels; c++)
            {
                forward[(i / plane / seeds * f.channels + c) * plane + i % plane] = std::min(from[c * plane] / norm, (double)f.limit);
                sum += from[c * plane] / norm <= f.limit ? (double)r[c * plane] * from[c * plane] : 0;
            }

            for (int c = 0; c < f.channels; c++)
            {
                double slope = c % f.period >= f.first && norm > f.least ? from[c * plane] * sum / (norm * norm * norm) : 0;
                back[(i / plane * f.channels + c) * plane + i % plane] = (from[c * plane] / norm <= f.limit ? r[c * plane] / norm : 0) - slope;
            }
        }

        check_near(forward, y, 1e-6, 0, "y");
        check_near(back, result, 5e-6, 5e-6, "dv");
    }
}

TEST(a_value_on_the_limit_passes_its_signal)
{
    // 3 and 4 have norm 5, and 4 / 5 is the limit to the bit: dv = m / 5 - v * 4 / 125 with m = (0, 1).
    Floats v = {3, 4}, signal = {0, 1}, y(2), result(2);
    launch("block_norm_forward", 1, 32, (const float*)v.data(), y.data(), 1LL, 2, 1LL, 1, 0, 0.0f, 0.0f, 0.8f);
    check_same({0.6f, 0.8f}, y, "y");
    launch("block_norm_backward", 1, 32, (const float*)v.data(), (const float*)signal.data(), result.data(), 1LL, 1, 2, 1LL, 1, 0, 0.0f, 0.0f, 0.8f);
    check_near({-0.096, 0.072}, result, 1e-6, 0, "dv");
}
