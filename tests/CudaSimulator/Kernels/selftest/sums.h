// The order of sums as the processor's code has it, written plainly.
#pragma once
#include "test.h"

/// Term i goes to partial sum i mod 16; joined 8 to 8, 4 to 4, 2 to 2, 1 to 1. step(sum, i) gives the sum with term i in it.
inline float interleaved(i64 count, const std::function<float(float, i64)>& step)
{
    float partial[16] = {};
    for (i64 i = 0; i < count; i++)
        partial[i % 16] = step(partial[i % 16], i);
    for (int width = 8; width > 0; width /= 2)
    {
        for (int i = 0; i < width; i++)
            partial[i] += partial[i + width];
    }

    return partial[0];
}
