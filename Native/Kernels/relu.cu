// Functions linear in pieces: ReLU, leaky and parametric ReLU, clip, and their ways back (Cpu/Elementwise/Piecewise*).
//
// Mask: 1 bit per unit, set where the unit had its upper slope; NCHW order over the whole batch, least significant bit first, in words of
// 32 bits, the bits behind the last unit 0. It is the record form that all backends share. A warp writes one word by a ballot: launch at
// most one thread per unit, rounded up to 32.
//
// Slopes, where given (parametric ReLU), stand for the constant a: unit i has slopes[i / inner % count], so that inner = plane and count = C
// is one per channel, inner = 1 and count = units of a sample one per unit. The y of a forward pass may be its x, the result of a backward
// pass its signal.
#include "device.h"

enum Piecewise { Rectifier = 0, Leaky = 1, Clip = 2 };

// What the rule does: negative signals become +0; signals are multiplied by the slope that the mask tells.
enum Rule { Clamps = 1, Masks = 2 };

DEVICE float slope_at(const float* slopes, i64 unit, i64 inner, i64 count) { return slopes[unit / inner % count]; }

DEVICE float rectified(float x) { return x <= 0 ? 0.0f : x; }

// kind 0: max(x, 0), +0 for zeros of either sign. 1: x where x > 0, else a x. 2: min(max(x, a), b), upper slope strictly between.
// Not-a-number stays, its bit is 0. mask may be null.
KERNEL piecewise_forward(int kind, const float* x, float* y, unsigned* mask, i64 units, float a, float b, const float* slopes, i64 inner, i64 count)
{
    for (i64 run = first_run(); run * 32 < units; run += run_step())
    {
        unsigned bits = bits_of_run([&](int lane)
        {
            i64 i = run * 32 + lane;
            if (i >= units)
                return false;
            float value = x[i];
            if (kind == Rectifier)
            {
                y[i] = rectified(value);
                return value > 0;
            }

            if (kind == Leaky)
            {
                float slope = slopes ? slope_at(slopes, i, inner, count) : a;
                y[i] = value > 0 ? value : slope * value;
                return value > 0;
            }

            float raised = a > value ? a : value;
            y[i] = raised > b ? b : raised;
            return value > a && b > value;
        });
        if (mask && writes_run())
            mask[run] = bits;
    }
}

// y = max(x + bias[c] + addend, 0) over [N][C][plane], added in this order; bias, addend and mask may be null.
KERNEL bias_relu_forward(const float* x, const float* bias, const float* addend, float* y, unsigned* mask, i64 units, int channels, int plane)
{
    for (i64 run = first_run(); run * 32 < units; run += run_step())
    {
        unsigned bits = bits_of_run([&](int lane)
        {
            i64 i = run * 32 + lane;
            if (i >= units)
                return false;
            float value = x[i];
            if (bias)
                value = value + bias[i / plane % channels];
            if (addend)
                value = value + addend[i];
            y[i] = rectified(value);
            return value > 0;
        });
        if (mask && writes_run())
            mask[run] = bits;
    }
}

// The signal of rows * units elements through the mask of rows / seeds * units: row r reads the state of row r / seeds. With a lower slope
// of 0 the result there is +0 whatever the signal. rule 0: the signal. 1 (deconvnet): max(signal, 0). 2 (gradient): by slope. 3 (guided).
KERNEL piecewise_backward(const float* signal, float* result, const unsigned* mask, i64 rows, i64 units, int seeds, int rule, float lower,
    const float* slopes, i64 inner, i64 count)
{
    i64 all = rows * units;
    for (i64 i = first_item(); i < all; i += item_step())
    {
        float value = signal[i];
        if (rule & Clamps)
            value = rectified(value);
        if (rule & Masks)
        {
            i64 unit = seeds == 1 ? i : i / units / seeds * units + i % units;
            if (!(mask[unit >> 5] >> (unit & 31) & 1))
            {
                float slope = slopes ? slope_at(slopes, unit, inner, count) : lower;
                value = slopes || slope != 0 ? slope * value : 0.0f;
            }
        }

        result[i] = value;
    }
}
