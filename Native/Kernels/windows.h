// Pooling windows over unpadded planes: window (i, j) has the taps (i strideY - padTop + r dilationY, j strideX - padLeft + s dilationX),
// those outside the plane left out. The output's extents are given, so a rounded-up size needs nothing more.
#pragma once
#include "walk.h"

// One list for every kernel, though not every one looks at all of it.
#define WINDOW_PARAMETERS [[maybe_unused]] int h, int w, int outH, int outW, [[maybe_unused]] int r, int s, int strideY, int strideX, \
    int padTop, int padLeft, int dilationY, int dilationX
#define ROW_AXIS Axis{h, outH, r, strideY, padTop, dilationY}
#define COLUMN_AXIS Axis{w, outW, s, strideX, padLeft, dilationX}

struct Axis
{
    int extent, outputs, taps, stride, pad, dilation;
};

struct Range
{
    int first, end;
};

// Dilations are mostly 1, and strides often.
DEVICE int quotient(int a, int b) { return b == 1 ? a : a / b; }

DEVICE int rounded_up(int a, int b) { return quotient(a + b - 1, b); }

// The taps of window i, by their number, that lie between -before and extent + after.
DEVICE Range taps_inside(Axis a, int i, int before, int after)
{
    int start = i * a.stride - a.pad + before, extent = a.extent + before + after;
    int first = start >= 0 ? 0 : rounded_up(-start, a.dilation);
    int end = start >= extent ? 0 : quotient(extent - 1 - start, a.dilation) + 1;
    return {first, least(end, a.taps)};
}

DEVICE Range taps_inside(Axis a, int i) { return taps_inside(a, i, 0, 0); }

DEVICE int length_of(Range range) { return range.end > range.first ? range.end - range.first : 0; }

// The windows that may hold an element; which of them do, tap_of tells.
DEVICE Range windows_around(Axis a, int at)
{
    int padded = at + a.pad, reach = padded - (a.taps - 1) * a.dilation;
    return {reach <= 0 ? 0 : rounded_up(reach, a.stride), least(quotient(padded, a.stride) + 1, a.outputs)};
}

// The number of the tap of window i that an element is, or -1.
DEVICE int tap_of(Axis a, int i, int at)
{
    int offset = at + a.pad - i * a.stride;
    int tap = quotient(offset, a.dilation);
    return tap * a.dilation == offset ? tap : -1;
}

// The centre of window i: its tap ceil(taps / 2) counted from 1, or, where that is padding, the nearest element.
DEVICE int centre_of(Axis a, int i)
{
    int at = i * a.stride - a.pad + (a.taps - 1) / 2 * a.dilation;
    return greatest(0, least(at, a.extent - 1));
}

// The windows whose centre may be an element; which of them have it there, centre_of tells.
DEVICE Range windows_centred(Axis a, int at)
{
    int reach = at + a.pad - (a.taps - 1) / 2 * a.dilation;
    int first = at == 0 || reach <= 0 ? 0 : rounded_up(reach, a.stride);
    int end = at == a.extent - 1 ? a.outputs : reach < 0 ? 0 : least(reach / a.stride + 1, a.outputs);
    return {first, end};
}
