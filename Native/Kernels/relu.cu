// Functions linear in pieces: ReLU, leaky and parametric ReLU, clip, and their ways back (Cpu/Elementwise/Piecewise*).
//
// A thread has four neighbouring units, a warp 128 of them and their four words of the mask (rules.h): launch at most one thread per four
// units, rounded up to 32.
//
// Slopes, where given (parametric ReLU), stand for the constant a: unit i has slopes[i / inner % count], so that inner = plane and count = C
// is one per channel, inner = 1 and count = units of a sample one per unit. The y of a forward pass may be its x, the result of a backward
// pass its signal.
#include "fours.h"
#include "rules.h"

enum Piecewise { Rectifier = 0, Leaky = 1, Clip = 2 };

DEVICE float slope_at(const float* slopes, i64 unit, i64 inner, i64 count) { return slopes[unit / inner % count]; }

// A warp's runs of 128 units: function(i) does four from unit i on and says, in four bits, which had the upper slope; none behind the end.
template <class Function> DEVICE void over_runs(i64 units, unsigned* mask, Function function)
{
    i64 words = (units + 31) / 32;
    for (i64 run = first_run(); run * 128 < units; run += run_step())
    {
        words_of_run(
            [&](int lane)
            {
                i64 i = run * 128 + lane * 4;
                return i < units ? function(i) : 0u;
            },
            [&](int word, unsigned bits)
            {
                if (mask && run * 4 + word < words)
                    mask[run * 4 + word] = bits;
            });
    }
}

// kind 0: max(x, 0), +0 for zeros of either sign. 1: x where x > 0, else a x. 2: min(max(x, a), b), upper slope strictly between.
// Not-a-number stays, its bit is 0. mask may be null.
KERNEL piecewise_forward(int kind, const float* x, float* y, unsigned* mask, i64 units, float a, float b, const float* slopes, i64 inner, i64 count)
{
    bool inFours = in_fours(x, y);
    over_runs(units, mask, [&](i64 i)
    {
        Four four = four_at(x, i, units, inFours);
        unsigned bits = 0;
        for (int k = 0; k < 4; k++)
        {
            float value = four[k];
            bool upper = kind == Clip ? value > a && b > value : value > 0;
            if (kind == Rectifier)
                four[k] = rectified(value);
            else if (kind == Leaky)
                four[k] = upper ? value : (slopes ? slope_at(slopes, i + k, inner, count) : a) * value;
            else
                four[k] = a > value ? (a > b ? b : a) : value > b ? b : value;
            bits |= (unsigned)(upper && i + k < units) << k;
        }

        put_four(y, i, units, inFours, four);
        return bits;
    });
}

// y = max(x + bias[c] + addend, 0) over [N][C][plane], added in this order; bias, addend and mask may be null.
KERNEL bias_relu_forward(const float* x, const float* bias, const float* addend, float* y, unsigned* mask, i64 units, int channels, int plane)
{
    bool inFours = in_fours(x, addend, y);
    over_runs(units, mask, [&](i64 i)
    {
        Four four = four_at(x, i, units, inFours);
        if (bias)
        {
            float value = 0;
            with_channels(i, channels, plane, [&](int k, int channel, bool next)
            {
                if (next)
                    value = bias[channel];
                four[k] = four[k] + value;
            });
        }

        if (addend)
            four = four + four_at(addend, i, units, inFours);
        unsigned bits = 0;
        for (int k = 0; k < 4; k++)
        {
            bits |= (unsigned)(four[k] > 0 && i + k < units) << k;
            four[k] = rectified(four[k]);
        }

        put_four(y, i, units, inFours, four);
        return bits;
    });
}

// The signal of rows * units elements through the mask of rows / seeds * units: row r reads the state of row r / seeds. With a lower slope
// of 0 the result there is +0 whatever the signal. rule 0: the signal. 1 (deconvnet): max(signal, 0). 2 (gradient): by slope. 3 (guided).
KERNEL piecewise_backward(const float* signal, float* result, const unsigned* mask, i64 rows, i64 units, int seeds, int rule, float lower,
    const float* slopes, i64 inner, i64 count)
{
    i64 all = rows * units;
    bool inFours = in_fours(signal, result), together = seeds == 1 || units % 4 == 0;
    for (i64 i = first_four(); i < all; i += four_step())
    {
        Four four = four_at(signal, i, all, inFours);
        // Four units from a multiple of four on have their bits in one word.
        i64 first = together ? unit_of(i, units, seeds) : 0;
        unsigned bits = together && rule & Masks ? mask[first >> 5] >> (first & 31) : 0;
        for (int k = 0; k < 4 && i + k < all; k++)
        {
            i64 unit = together ? first + k : unit_of(i + k, units, seeds);
            bool above = together ? bits >> k & 1 : rule & Masks && bit_of(mask, unit);
            float slope = slopes ? slope_at(slopes, unit, inner, count) : lower;
            if (rule & Masks && !above && (slopes || slope != 0))
                four[k] = slope * (rule & Clamps ? rectified(four[k]) : four[k]);
            else
                four[k] = passed_by_relu(four[k], rule, above);
        }

        put_four(result, i, all, inFours, four);
    }
}
