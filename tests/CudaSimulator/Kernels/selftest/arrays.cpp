#include "sums.h"

TEST(means_over_every_choice_of_axes)
{
    Random random(13);
    const int e[4] = {3, 4, 5, 9};
    for (unsigned reduced = 0; reduced < 16; reduced++)
    {
        i64 elements = 3 * 4 * 5 * 9, lines = 1, terms;
        for (int axis = 0; axis < 4; axis++)
            lines *= reduced >> axis & 1 ? 1 : e[axis];
        terms = elements / lines;
        Floats x = random.array(elements), y(lines), expected(lines), result(elements), spread(elements);
        std::vector<std::vector<float>> values(lines);
        Floats signal = random.array(lines);
        for (i64 i = 0; i < elements; i++)
        {
            i64 line = 0, rest = i, stride = 1;
            for (int axis = 3; axis >= 0; rest /= e[axis], axis--)
            {
                if (reduced >> axis & 1)
                    continue;
                line += rest % e[axis] * stride;
                stride *= e[axis];
            }

            values[line].push_back(x[i]);
            spread[i] = signal[line] / (float)terms;
        }

        for (i64 i = 0; i < lines; i++)
            expected[i] = interleaved(terms, [&](float s, i64 t) { return s + values[i][t]; }) / (float)terms;
        launch("axes_mean_forward", 2, 96, (const float*)x.data(), y.data(), reduced, e[0], e[1], e[2], e[3]);
        check_same(expected, y, "means");
        launch("axes_mean_backward", 2, 96, (const float*)signal.data(), result.data(), reduced, e[0], e[1], e[2], e[3]);
        check_same(spread, result, "spread");
    }
}

TEST(strided_copies)
{
    Random random(14);
    int e[4] = {2, 3, 4, 5};
    Floats from = random.array(500), to = random.array(2000), expected = to;
    // A transposed read from element 7, backwards along an axis, to spaced places.
    i64 f[4] = {60, -4, 1, 12}, t[4] = {1, 2, 6, 24}, start = 27;
    for (int accumulates : {0, 1})
    {
        for (int a = 0; a < 2; a++)
        for (int b = 0; b < 3; b++)
        for (int c = 0; c < 4; c++)
        for (int d = 0; d < 5; d++)
        {
            float& there = expected[a * t[0] + b * t[1] + c * t[2] + d * t[3]];
            there = (accumulates ? there : 0) + from[start + a * f[0] + b * f[1] + c * f[2] + d * f[3]];
        }

        launch("strided_copy", 1, 32, (const float*)from.data() + start, to.data(), accumulates, e[0], e[1], e[2], e[3], f[0], f[1], f[2], f[3], t[0], t[1],
            t[2], t[3]);
        check_same(expected, to, accumulates ? "added" : "copied");
    }
}

TEST(padding_and_its_adjoint)
{
    Random random(15);
    for (int mode = 0; mode < 3; mode++)
    for (bool apart : {false, true})
    {
        int small[4] = {2, 3, 4, 5}, before[4] = {apart ? 0 : 1, -1, 2, 3}, after[4] = {0, 0, 3, -1}, large[4];
        Array<int> tables[4], starts[4], indices[4];
        for (int axis = 0; axis < 4; axis++)
        {
            large[axis] = small[axis] + before[axis] + after[axis];
            for (int i = 0; i < large[axis]; i++)
            {
                int at = i - before[axis], last = small[axis] - 1;
                bool inside = at >= 0 && at <= last;
                int mirrored = std::abs(((at + last) % (2 * last) + 2 * last) % (2 * last) - last);
                tables[axis].push_back(inside ? at : mode == 0 ? -1 : mode == 1 ? mirrored : at < 0 ? 0 : last);
            }

            for (int i = 0; i < small[axis]; i++)
            {
                starts[axis].push_back((int)indices[axis].size());
                for (int j = 0; j < large[axis]; j++)
                {
                    if (tables[axis][j] == i)
                        indices[axis].push_back(j);
                }
            }

            starts[axis].push_back((int)indices[axis].size());
        }

        i64 smalls = 2 * 3 * 4 * 5, larges = (i64)large[0] * large[1] * large[2] * large[3];
        Floats x = random.array(smalls), y(larges), expected(larges, 0.75f), signal = random.array(larges), result(smalls), back(smalls, 0);
        for (i64 i = 0; i < larges; i++)
        {
            int i3 = tables[3][i % large[3]], i2 = tables[2][i / large[3] % large[2]], i1 = tables[1][i / large[3] / large[2] % large[1]];
            int i0 = tables[0][i / large[3] / large[2] / large[1]];
            if (i0 < 0 || i1 < 0 || i2 < 0 || i3 < 0)
                continue;
            i64 at = ((i0 * 3 + i1) * 4 + i2) * 5 + i3;
            expected[i] = x[at];
            back[at] += signal[i];
        }

        // Where samples stay apart axis 0 needs no table.
        const int* t0 = apart ? nullptr : tables[0].data();
        launch("indexed_copy", 2, 64, (const float*)x.data(), y.data(), t0, (const int*)tables[1].data(), (const int*)tables[2].data(),
            (const int*)tables[3].data(), large[0], large[1], large[2], large[3], small[1], small[2], small[3], 0.75f);
        check_same(expected, y, "padded");
        const int *s0 = apart ? nullptr : starts[0].data(), *n0 = apart ? nullptr : indices[0].data();
        launch("indexed_copy_backward", 2, 64, (const float*)signal.data(), result.data(), s0, n0, (const int*)starts[1].data(), (const int*)indices[1].data(),
            (const int*)starts[2].data(), (const int*)indices[2].data(), (const int*)starts[3].data(), (const int*)indices[3].data(), small[0], small[1],
            small[2], small[3], large[1], large[2], large[3]);
        check_same(back, result, "adjoint");
    }
}

TEST(resampling_along_an_axis)
{
    Random random(16);
    for (int inner : {1, 6})
    {
        i64 outer = 4;
        int length = 7, outputs = 11;
        Array<int> starts = {0}, indices;
        Floats weights, x = random.array(outer * length * inner), y(outer * outputs * inner), expected(outer * outputs * inner, 0);
        for (int o = 0; o < outputs; o++)
        {
            // No tap, one, two, three.
            for (int t = 0; t < o % 4; t++)
            {
                indices.push_back(random.below(length));
                weights.push_back(random.between(-1, 1));
            }

            starts.push_back((int)indices.size());
        }

        for (i64 i = 0; i < (i64)expected.size(); i++)
        {
            int o = (int)(i / inner % outputs);
            for (int t = starts[o]; t < starts[o + 1]; t++)
                expected[i] = std::fma(weights[t], x[(i / inner / outputs * length + indices[t]) * inner + i % inner], expected[i]);
        }

        launch("resample_axis", 1, 64, (const float*)x.data(), y.data(), outer, length, outputs, inner, (const int*)starts.data(), (const int*)indices.data(),
            (const float*)weights.data());
        check_same(expected, y, "resampled");
    }
}
