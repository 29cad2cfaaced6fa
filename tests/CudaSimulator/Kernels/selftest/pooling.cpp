#include "test.h"

// One pooling problem as the kernels take it; taps are walked the naive way.
struct Problem
{
    int planes, h, w, outH, outW, r, s, strideY, strideX, padTop, padLeft, dilationY, dilationX;

    i64 inputs() const { return (i64)planes * h * w; }
    i64 outputs() const { return (i64)planes * outH * outW; }

    /// Calls with (output, tap, input) for every tap inside its plane, all in row-major order.
    void each(const std::function<void(i64, int, i64)>& visit) const
    {
        for (int p = 0; p < planes; p++)
        for (int i = 0; i < outH; i++)
        for (int j = 0; j < outW; j++)
        for (int a = 0; a < r; a++)
        for (int b = 0; b < s; b++)
        {
            int y = i * strideY - padTop + a * dilationY, x = j * strideX - padLeft + b * dilationX;
            if (y >= 0 && y < h && x >= 0 && x < w)
                visit(((i64)p * outH + i) * outW + j, a * s + b, ((i64)p * h + y) * w + x);
        }
    }

    template <class... Arguments> void launch_with(const char* name, Arguments... arguments) const
    {
        launch(name, 3, 64, arguments..., h, w, outH, outW, r, s, strideY, strideX, padTop, padLeft, dilationY, dilationX);
    }
};

static const Problem problems[] = {
    {6, 7, 9, 3, 4, 3, 3, 2, 2, 0, 0, 1, 1},   // overlapping
    {6, 7, 9, 4, 5, 3, 3, 2, 2, 1, 1, 1, 1},   // padded
    {6, 6, 6, 3, 3, 2, 2, 2, 2, 0, 0, 1, 1},   // tiling
    {6, 5, 8, 4, 5, 3, 2, 2, 2, 1, 0, 1, 1},   // rounded up: windows that stick out, one without a tap
    {6, 9, 9, 5, 7, 2, 3, 1, 1, 0, 1, 3, 2},   // dilated
    {6, 5, 5, 5, 5, 3, 3, 1, 1, 1, 1, 1, 1},   // stride 1
    {6, 4, 4, 6, 7, 2, 2, 2, 2, 3, 4, 1, 1},   // windows all in the padding
    {6, 1, 13, 1, 1, 1, 13, 1, 1, 0, 0, 1, 1}, // a whole line
    {6, 20, 20, 2, 2, 17, 17, 3, 3, 0, 0, 1, 1}, // more taps than a byte tells
};

// Few different values, so that ties are everywhere.
static Floats tied(Random& random, i64 count, bool special)
{
    Floats x(count);
    for (float& value : x)
        value = (float)(random.below(4) - 2);
    for (i64 i = 0; special && i < count; i += 11)
        x[i] = random.below(2) ? NotANumber : -Infinite;
    return x;
}

// What a ReLU passes back (1 deconvnet, 2 gradient, 3 guided), by the bit of its unit.
static float passed_back(float signal, int rule, const Array<unsigned>& mask, i64 unit)
{
    if (rule != 1 && !(mask[unit / 32] >> (unit % 32) & 1))
        return 0;
    return rule != 2 && signal < 0 ? 0 : signal;
}

TEST(max_pool_and_its_ways_back)
{
    Random random(4);
    for (const Problem& p : problems)
    for (bool special : {false, true})
    {
        Floats x = tied(random, p.inputs(), special), y(p.outputs(), 7), expected(p.outputs(), -Infinite);
        Array<int> switches(p.outputs(), 77), at(p.outputs(), -1), tap(p.outputs(), -1);
        p.each([&](i64 output, int number, i64 input)
        {
            if (at[output] >= 0 && (x[input] <= expected[output] || std::isnan(expected[output])))
                return;
            expected[output] = x[input];
            at[output] = (int)(input % (p.h * p.w));
            tap[output] = number;
        });
        Array<byte> taps(p.outputs(), 77);
        p.launch_with("max_pool_forward", (const float*)x.data(), y.data(), taps.data(), switches.data(), p.outputs());
        check_same(expected, y, "y");
        check_equal(at, switches, "switches");
        bool fits = p.r * p.s <= 255;
        for (i64 i = 0; fits && i < p.outputs(); i++)
            check(taps[i] == (tap[i] < 0 ? 255 : tap[i]), "tap");
        Array<int> converted(p.outputs(), 77);
        Array<byte> back(p.outputs(), 77);
        p.launch_with("taps_to_switches", (const byte*)taps.data(), converted.data(), p.outputs());
        p.launch_with("switches_to_taps", (const int*)switches.data(), back.data(), p.outputs());
        if (fits)
        {
            check_equal(at, converted, "converted switches");
            check_equal(taps, back, "converted taps");
        }

        // Two samples of three channels, or two with seeds.
        for (int seeds : {1, 2})
        {
            int channels = 3;
            Problem rows = p;
            rows.planes = p.planes * seeds;
            Floats signal = random.array(rows.outputs()), result(rows.inputs(), 7), gathered(rows.inputs(), 0);
            i64 outputs = (i64)p.outH * p.outW, inputs = (i64)p.h * p.w;
            for (i64 i = 0; i < rows.outputs(); i++)
            {
                i64 plane = i / outputs, state = plane / channels / seeds * channels + plane % channels;
                int position = at[state * outputs + i % outputs];
                if (position >= 0)
                    gathered[plane * inputs + position] += signal[i];
            }

            if (fits)
            {
                rows.launch_with("max_pool_backward", (const float*)signal.data(), (const byte*)taps.data(), (const int*)nullptr, result.data(),
                    rows.inputs(), channels, seeds, (const unsigned*)nullptr, 0);
                check_same(gathered, result, "gathered by taps");
            }

            rows.launch_with("max_pool_backward", (const float*)signal.data(), (const byte*)nullptr, (const int*)switches.data(), result.data(),
                rows.inputs(), channels, seeds, (const unsigned*)nullptr, 0);
            check_same(gathered, result, "gathered by switches");
            for (int rule = 1; rule < 4; rule++)
            {
                Array<unsigned> mask((p.inputs() + 31) / 32);
                for (unsigned& word : mask)
                    word = random.bits();
                Floats passed = gathered;
                for (i64 i = 0; i < rows.inputs(); i++)
                    passed[i] = passed_back(passed[i], rule, mask, i / inputs / channels / seeds * channels * inputs + i / inputs % channels * inputs + i % inputs);
                rows.launch_with("max_pool_backward", (const float*)signal.data(), (const byte*)nullptr, (const int*)switches.data(), result.data(),
                    rows.inputs(), channels, seeds, (const unsigned*)(rule == 1 ? nullptr : mask.data()), rule);
                check_same(passed, result, "through the ReLU behind");
            }
        }

        Floats signal = random.array(p.outputs()), result(p.inputs(), 7), centres(p.inputs(), 0);
        for (i64 i = 0; i < p.outputs(); i++)
        {
            i64 plane = i / p.outW / p.outH;
            int row = (int)(i / p.outW % p.outH) * p.strideY - p.padTop + (p.r - 1) / 2 * p.dilationY;
            int column = (int)(i % p.outW) * p.strideX - p.padLeft + (p.s - 1) / 2 * p.dilationX;
            row = std::min(std::max(row, 0), p.h - 1);
            column = std::min(std::max(column, 0), p.w - 1);
            centres[(plane * p.h + row) * p.w + column] += signal[i];
        }

        p.launch_with("max_pool_backward_centres", (const float*)signal.data(), result.data(), p.inputs(), 3, 1, (const unsigned*)nullptr, 0);
        check_same(centres, result, "to the centres");
        Array<unsigned> mask((p.inputs() + 31) / 32);
        for (unsigned& word : mask)
            word = random.bits();
        for (i64 i = 0; i < p.inputs(); i++)
            centres[i] = passed_back(centres[i], 3, mask, i);
        p.launch_with("max_pool_backward_centres", (const float*)signal.data(), result.data(), p.inputs(), 3, 1, (const unsigned*)mask.data(), 3);
        check_same(centres, result, "to the centres and through the ReLU behind");
    }
}

TEST(average_pool_and_its_adjoint)
{
    Random random(5);
    for (const Problem& p : problems)
    for (bool counts : {false, true})
    {
        int top = counts ? p.padTop : 0, left = counts ? p.padLeft : 0, bottom = counts ? 1 : 0, right = counts ? 2 : 0;
        Floats x = random.array(p.inputs()), y(p.outputs(), 7), signal = random.array(p.outputs()), result(p.inputs(), 7);
        Floats sums(p.outputs(), 0), expected(p.outputs()), spread(p.inputs(), 0);
        std::vector<int> divisors(p.outputs(), 0);
        for (i64 i = 0; i < p.outputs(); i++)
        {
            for (int a = 0; a < p.r; a++)
            for (int b = 0; b < p.s; b++)
            {
                int row = (int)(i / p.outW % p.outH) * p.strideY - p.padTop + a * p.dilationY;
                int column = (int)(i % p.outW) * p.strideX - p.padLeft + b * p.dilationX;
                divisors[i] += row >= -top && row < p.h + bottom && column >= -left && column < p.w + right;
            }
        }

        p.each([&](i64 output, int, i64 input) { sums[output] += x[input]; });
        p.each([&](i64 output, int, i64 input) { spread[input] += signal[output] / (float)divisors[output]; });
        for (i64 i = 0; i < p.outputs(); i++)
            expected[i] = divisors[i] == 0 ? 0 : sums[i] / (float)divisors[i];
        p.launch_with("average_pool_forward", (const float*)x.data(), y.data(), p.outputs(), top, bottom, left, right);
        check_same(expected, y, "y");
        p.launch_with("average_pool_backward", (const float*)signal.data(), result.data(), p.inputs(), top, bottom, left, right);
        check_same(spread, result, "result");
    }
}
