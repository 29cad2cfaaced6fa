// Local response normalisation across channels (spec section 1.5), NCHW, one thread per element, the bits of Cpu/Normalisation/LocalResponse:
//   y_t = x_t L_t^-beta,  L_t = kappa + alpha * sum of x_q^2 over (size - 1) / 2 channels before t, t itself and the rest of the size after.
// Squares are added by fused multiply-adds from +0, channels ascending; L is one more. Neighbouring threads are neighbours in the plane,
// so that every read of a warp is one run.
#include "mathematics.h"
#include "rules.h"
#include "walk.h"

DEVICE float under_power(const float* x, i64 at, int channel, int channels, int plane, int size, float kappa, float alpha)
{
    int before = (size - 1) / 2, after = size - 1 - before;
    int first = greatest(0, channel - before), last = least(channels - 1, channel + after);
    const float* value = x + at + (i64)(first - channel) * plane;
    float squares = 0;
    for (int q = first; q <= last; q++, value += plane)
        squares = fused(*value, *value, squares);
    return fused(alpha, squares, kappa);
}

KERNEL lrn_forward(const float* __restrict__ x, float* __restrict__ y, i64 elements, int channels, int plane, int size, float kappa, float alpha, float beta)
{
    for (Walk place = walk(channels, plane); place.item < elements; step(place))
    {
        i64 i = place.item;
        int channel = place.row;
        y[i] = x[i] * inverse_power(under_power(x, i, channel, channels, plane, size, kappa, alpha), beta);
    }
}

// The first half of the way back: for every element of the signal L^-beta, and the term R_t x_t L_t^(-beta-1) it gives to its neighbours.
// elements is that of the signal; row r of it reads row r / seeds of x.
KERNEL lrn_backward_terms(const float* __restrict__ x, const float* __restrict__ signal, float* __restrict__ powers, float* __restrict__ terms,
    i64 elements, int seeds, int channels, int plane, int size, float kappa, float alpha, float beta)
{
    i64 row = (i64)channels * plane;
    for (Walk place = walk(channels, plane); place.item < elements; step(place))
    {
        i64 i = place.item;
        int channel = place.row;
        i64 at = unit_of(i, row, seeds);
        float under = under_power(x, at, channel, channels, plane, size, kappa, alpha);
        float power = inverse_power(under, beta);
        powers[i] = power;
        terms[i] = signal[i] * x[at] * (power / under);
    }
}

// The second half: dx_j = R_j L_j^-beta - 2 alpha beta x_j * sum of the terms of the t whose window holds j, ascending. result may be signal.
KERNEL lrn_backward(const float* x, const float* signal, const float* powers, const float* terms, float* result, i64 elements, int seeds,
    int channels, int plane, int size, float alpha, float beta)
{
    i64 row = (i64)channels * plane;
    int before = (size - 1) / 2, after = size - 1 - before;
    for (Walk place = walk(channels, plane); place.item < elements; step(place))
    {
        i64 i = place.item;
        int channel = place.row;
        i64 at = unit_of(i, row, seeds);
        int first = greatest(0, channel - after), last = least(channels - 1, channel + before);
        const float* term = terms + i + (i64)(first - channel) * plane;
        float sum = 0;
        for (int t = first; t <= last; t++, term += plane)
            sum = sum + *term;
        result[i] = fused(-2.0f * alpha * beta * x[at], sum, signal[i] * powers[i]);
    }
}
