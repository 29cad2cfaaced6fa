// Four neighbours at a time, for kernels that only move memory: a thread then has 16 bytes under way rather than 4, and what it works out
// of a place it does once for four.
#pragma once
#include "device.h"

typedef float Four __attribute__((vector_size(16)));

// The first of a thread's elements, and how far on its next ones are: for (i64 i = first_four(); i < count; i += four_step()).
DEVICE i64 first_four() { return 4 * first_item(); }
DEVICE i64 four_step() { return 4 * item_step(); }

// Whether arrays lie where four of their elements can be moved at once, from multiples of four on; null does.
DEVICE bool in_fours(const void* a, const void* b = nullptr, const void* c = nullptr)
{
    return (((unsigned long long)a | (unsigned long long)b | (unsigned long long)c) & 15) == 0;
}

// Elements i to i + 3 of so many; what is behind the end is 0.
DEVICE Four four_at(const float* x, i64 i, i64 count, bool inFours)
{
    if (inFours && i + 4 <= count)
        return *(const Four*)(x + i);
    Four four = {};
    for (int k = 0; k < 4; k++)
    {
        if (i + k < count)
            four[k] = x[i + k];
    }

    return four;
}

DEVICE void put_four(float* y, i64 i, i64 count, bool inFours, Four four)
{
    if (inFours && i + 4 <= count)
    {
        *(Four*)(y + i) = four;
        return;
    }

    for (int k = 0; k < 4; k++)
    {
        if (i + k < count)
            y[i + k] = four[k];
    }
}

// Calls function(k, channel, whether the channel is another than before) for elements i to i + 3 of [N][channels][plane].
template <class Function> DEVICE void with_channels(i64 i, int channels, int plane, Function function)
{
    i64 line = i / plane;
    int channel = (int)(line % channels), left = plane - (int)(i - line * plane);
    for (int k = 0; k < 4; k++)
    {
        bool next = k == left;
        if (next)
        {
            channel = channel + 1 == channels ? 0 : channel + 1;
            left += plane;
        }

        function(k, channel, next || k == 0);
    }
}
