// What a ReLU passes back, and the masks it goes by: 1 bit per unit, set where the unit had its upper slope; NCHW order over the whole
// batch, least significant bit first, in words of 32 bits, the bits behind the last unit 0. It is the record form that all backends share.
#pragma once
#include "device.h"

// What the rule does: negative signals become +0; signals are multiplied by the slope that the mask tells. Deconvnet clamps, the gradient
// masks, guided backpropagation does both.
enum Rule { Clamps = 1, Masks = 2 };

DEVICE float rectified(float x) { return x <= 0 ? 0.0f : x; }

DEVICE bool bit_of(const unsigned* mask, i64 unit) { return mask[unit >> 5] >> (unit & 31) & 1; }

// The unit that element i of the signal, rows of so many units, goes back to: row r is of sample r / seeds.
DEVICE i64 unit_of(i64 i, i64 units, int seeds) { return seeds == 1 ? i : i / units / seeds * units + i % units; }

// A signal that comes to a ReLU whose unit was or was not above 0; masked out is +0 whatever the signal.
DEVICE float passed_by_relu(float signal, int rule, bool above)
{
    if (rule & Masks && !above)
        return 0.0f;
    return rule & Clamps ? rectified(signal) : signal;
}
