// Affine warps of planes (scaling and turning an image a little every iteration) and their adjoint, one thread per element of the result.
// Output (v, u) reads the input at row t0 v + t1 u + t2 and column t3 v + t4 u + t5, bilinear, 0 outside; t is the iteration's entry of a table.
#include "device.h"

// The numbers of an iteration.
DEVICE const float* entry_of(const float* transforms, const int* iteration) { return transforms + 6 * iteration[0]; }

// Where a coordinate lies: in cell `whole`, a fraction of the way to the next.
struct Spot
{
    float whole, fraction;
};

DEVICE Spot spot(const float* t, int v, int u)
{
    float at = fused(t[0], (float)v, fused(t[1], (float)u, t[2])), whole = __builtin_floorf(at);
    return {whole, at - whole};
}

// Whether a spot reads index i of its axis, and what share of it.
DEVICE bool reads(Spot s, int i) { return s.whole == (float)i || s.whole == (float)(i - 1); }

DEVICE float share(Spot s, int i) { return s.whole == (float)i ? 1.0f - s.fraction : s.fraction; }

// fma(share, pixel, sum) where the pixel is inside.
DEVICE float with_pixel(float sum, float part, const float* x, float row, float column, int h, int w)
{
    bool inside = row >= 0 && row < (float)h && column >= 0 && column < (float)w;
    return inside ? fused(part, x[(i64)row * w + (i64)column], sum) : sum;
}

// A chain from +0 over the four pixels, the upper left first.
KERNEL warp(const float* x, float* y, const float* transforms, const int* iteration, i64 planes, int h, int w, int outputH, int outputW)
{
    const float* t = entry_of(transforms, iteration);
    i64 elements = planes * outputH * outputW;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int u = (int)(i % outputW), v = (int)(i / outputW % outputH);
        const float* plane = x + i / outputW / outputH * h * w;
        Spot row = spot(t, v, u), column = spot(t + 3, v, u);
        float down = row.fraction, right = column.fraction;
        float sum = with_pixel(0, (1.0f - down) * (1.0f - right), plane, row.whole, column.whole, h, w);
        sum = with_pixel(sum, (1.0f - down) * right, plane, row.whole, column.whole + 1, h, w);
        sum = with_pixel(sum, down * (1.0f - right), plane, row.whole + 1, column.whole, h, w);
        y[i] = with_pixel(sum, down * right, plane, row.whole + 1, column.whole + 1, h, w);
    }
}

// From first to last: indices of an axis of that length within reach of a place.
struct Run
{
    int first, last;
};

// Written so that where nothing is known (not-a-number) all indices are taken.
DEVICE Run within(float centre, float reach, int length)
{
    float low = centre - reach, high = centre + reach, last = (float)(length - 1);
    return {low > last ? length : low > 0 ? (int)low : 0, high < 0 ? -1 : high < last ? (int)high : length - 1};
}

// The adjoint: pixel (r, c) adds up, from +0 and in row-major order, what it gave to each output. Those are where the inverse map takes the
// pixels less than one from it, a parallelogram, of which the bounding box is searched; one more on each side allows for rounding.
KERNEL warp_backward(const float* y, float* x, const float* transforms, const int* iteration, i64 planes, int h, int w, int outputH, int outputW)
{
    const float* t = entry_of(transforms, iteration);
    float determinant = t[0] * t[4] - t[1] * t[3];
    float m0 = t[4] / determinant, m1 = -t[1] / determinant, m2 = -t[3] / determinant, m3 = t[0] / determinant;
    float reachV = __builtin_fabsf(m0) + __builtin_fabsf(m1) + 1, reachU = __builtin_fabsf(m2) + __builtin_fabsf(m3) + 1;
    i64 elements = planes * h * w;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int c = (int)(i % w), r = (int)(i / w % h);
        float down = (float)r - t[2], right = (float)c - t[5];
        Run rows = within(fused(m0, down, m1 * right), reachV, outputH), columns = within(fused(m2, down, m3 * right), reachU, outputW);
        const float* plane = y + i / w / h * outputH * outputW;
        float sum = 0;
        for (int v = rows.first; v <= rows.last; v++)
        for (int u = columns.first; u <= columns.last; u++)
        {
            Spot row = spot(t, v, u), column = spot(t + 3, v, u);
            if (reads(row, r) && reads(column, c))
                sum = fused(share(row, r) * share(column, c), plane[(i64)v * outputW + u], sum);
        }

        x[i] = sum;
    }
}
