#include "test.h"

// A turn by an angle and a scale about the middle, as rows of the map from outputs to inputs.
static Floats turned(double angle, double scale, double stretch, int h, int w, int outputH, int outputW)
{
    double c = std::cos(angle) * scale, s = std::sin(angle) * scale, v = (outputH - 1) / 2.0, u = (outputW - 1) / 2.0;
    return {(float)c, (float)-s, (float)((h - 1) / 2.0 - c * v + s * u), (float)(s * stretch), (float)(c * stretch), (float)((w - 1) / 2.0 - (s * v + c * u) * stretch)};
}

static double at(const Floats& x, i64 plane, double row, double column, int h, int w)
{
    return row >= 0 && row < h && column >= 0 && column < w ? x[(plane * h + (i64)row) * w + (i64)column] : 0;
}

TEST(warps_and_their_adjoints)
{
    Random random(30);
    i64 planes = 2;
    struct { int h, w, outputH, outputW; double angle, scale, stretch; } cases[] = {
        {13, 17, 13, 17, 0, 1, 1}, {13, 17, 13, 17, 0.08, 1.05, 1}, {13, 17, 9, 21, -1.2, 0.8, 1}, {9, 8, 20, 30, 3.0, 0.31, 1}, {16, 11, 7, 5, 0.5, 2.7, 1.4},
        {5, 6, 1, 1, 0.3, 1, 1},
    };
    for (auto& it : cases)
    {
        // The second entry of a table: the iteration is 1.
        Floats transforms = {0, 0, 0, 0, 0, 0}, map = turned(it.angle, it.scale, it.stretch, it.h, it.w, it.outputH, it.outputW);
        transforms.insert(transforms.end(), map.begin(), map.end());
        Array<int> iteration = {1};
        Floats x = random.array(planes * it.h * it.w), y(planes * it.outputH * it.outputW, 7);
        Floats signal = random.array(y.size()), back(x.size(), 7), again(x.size(), 5);
        launch("warp", 2, 32, (const float*)x.data(), y.data(), (const float*)transforms.data(), (const int*)iteration.data(), planes, it.h, it.w, it.outputH,
            it.outputW);
        launch("warp_backward", 2, 32, (const float*)signal.data(), back.data(), (const float*)transforms.data(), (const int*)iteration.data(), planes, it.h,
            it.w, it.outputH, it.outputW);
        launch("warp_backward", 1, 64, (const float*)signal.data(), again.data(), (const float*)transforms.data(), (const int*)iteration.data(), planes, it.h,
            it.w, it.outputH, it.outputW);
        check_same(back, again, "the same from every launch");
        // The definition in doubles: outputs give to the four pixels they read.
        std::vector<double> expected(y.size()), spread(x.size(), 0);
        for (i64 i = 0; i < (i64)y.size(); i++)
        {
            double u = i % it.outputW, v = i / it.outputW % it.outputH;
            i64 plane = i / it.outputW / it.outputH;
            double row = (double)map[0] * v + (double)map[1] * u + map[2], column = (double)map[3] * v + (double)map[4] * u + map[5];
            double top = std::floor(row), left = std::floor(column), f = row - top, g = column - left;
            for (int corner = 0; corner < 4; corner++)
            {
                double r = top + corner / 2, c = left + corner % 2, share = (corner / 2 ? f : 1 - f) * (corner % 2 ? g : 1 - g);
                expected[i] += share * at(x, plane, r, c, it.h, it.w);
                if (r >= 0 && r < it.h && c >= 0 && c < it.w)
                    spread[(plane * it.h + (i64)r) * it.w + (i64)c] += share * signal[i];
            }
        }

        check_near(expected, y, 1e-5, 2e-5, "warp");
        check_near(spread, back, 1e-5, 1e-4, "adjoint");
    }
}
