// The mean over some of four axes of a contiguous array, and its adjoint; the bits of Cpu/Reductions/AxesMean. Bit a of reduced is set where axis
// a is averaged over: 12 for rows and columns, which is global average pooling.
#include "sums.h"

#define EXTENTS int e0, int e1, int e2, int e3

// Sixteen threads a mean (sums.h), one mean per index of the kept axes, terms in row-major order.
KERNEL axes_mean_forward(const float* x, float* y, unsigned reduced, EXTENTS)
{
    SHARED Partials partials;
    Seat at = seat(reduced >> 3 & 1);
    int r0 = reduced & 1 ? e0 : 1, r1 = reduced >> 1 & 1 ? e1 : 1, r2 = reduced >> 2 & 1 ? e2 : 1, r3 = reduced >> 3 & 1 ? e3 : 1;
    int k1 = e1 / r1, k2 = e2 / r2, k3 = e3 / r3;
    i64 terms = (i64)r0 * r1 * r2 * r3, lines = (i64)e0 * e1 * e2 * e3 / terms;
    for (i64 base = (i64)block_index() * at.lines; base < lines; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line;
        i64 start = ((line / k3 / k2 / k1 * e1 + line / k3 / k2 % k1) * e2 + line / k3 % k2) * e3 + line % k3;
        float sum = 0;
        for (i64 t = at.part; line < lines && t < terms; t += PARTIALS)
            sum = sum + x[start + ((t / r3 / r2 / r1 * e1 + t / r3 / r2 % r1) * e2 + t / r3 % r2) * e3 + t % r3];
        sum = joined(partials, at, sum);
        if (line < lines && at.part == 0)
            y[line] = sum / (float)terms;
    }
}

// Each element gets the signal of its mean divided by their count; the extents are those of the result.
KERNEL axes_mean_backward(const float* signal, float* result, unsigned reduced, EXTENTS)
{
    int r0 = reduced & 1 ? e0 : 1, r1 = reduced >> 1 & 1 ? e1 : 1, r2 = reduced >> 2 & 1 ? e2 : 1, r3 = reduced >> 3 & 1 ? e3 : 1;
    int k1 = e1 / r1, k2 = e2 / r2, k3 = e3 / r3;
    i64 elements = (i64)e0 * e1 * e2 * e3;
    float count = (float)((i64)r0 * r1 * r2 * r3);
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        i64 rest = i / e3, i3 = i % e3, i2 = rest % e2, i1 = rest / e2 % e1, i0 = rest / e2 / e1;
        i64 line = (((r0 == 1 ? i0 : 0) * k1 + (r1 == 1 ? i1 : 0)) * k2 + (r2 == 1 ? i2 : 0)) * k3 + (r3 == 1 ? i3 : 0);
        result[i] = signal[line] / count;
    }
}
