// y = scale[c] (x - m) / sqrt(v + epsilon) + shift[c], m and v the mean and variance of each plane of [N][C][plane], and its true derivative;
// the bits of Cpu/Normalisation/InstanceNorm. Sixteen threads a plane (sums.h): blocks of 256, one per 16 planes, or smaller ones.
#include "sums.h"

struct Moments
{
    float mean, variance, factor;
};

// variance has epsilon in it; factor = scale / sqrt(variance). All threads of the block must come here.
DEVICE Moments moments_of(const float* x, int end, int plane, float scale, float epsilon, Partials& partials, Seat at)
{
    float sum = 0;
    for (int i = at.part; i < end; i += PARTIALS)
        sum = sum + x[i];
    float mean = joined(partials, at, sum) / (float)plane;
    float squares = 0;
    for (int i = at.part; i < end; i += PARTIALS)
        squares = fused(x[i] - mean, x[i] - mean, squares);
    float variance = joined(partials, at, squares) / (float)plane + epsilon;
    return {mean, variance, scale / square_root(variance)};
}

// planes = samples * channels; y may be x.
KERNEL instance_norm_forward(const float* x, const float* scale, const float* shift, float* y, i64 planes, int channels, int plane, float epsilon)
{
    SHARED Partials partials;
    Seat at = seat(true);
    for (i64 base = (i64)block_index() * at.lines; base < planes; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line;
        int end = line < planes ? plane : 0, channel = (int)(line % channels);
        const float* from = x + line * plane;
        Moments m = moments_of(from, end, plane, scale[channel], epsilon, partials, at);
        for (int i = at.part; i < end; i += PARTIALS)
            y[line * plane + i] = fused(from[i] - m.mean, m.factor, shift[channel]);
    }
}

// dx = s (R - mean(R) - (x - m) * mean(R (x - m)) / (v + epsilon)), s = scale / sqrt(v + epsilon). planes = rows * channels; row r reads row
// r / seeds of x. result may be signal.
KERNEL instance_norm_backward(const float* x, const float* scale, const float* signal, float* result, i64 planes, int seeds, int channels, int plane,
    float epsilon)
{
    SHARED Partials partials;
    Seat at = seat(true);
    for (i64 base = (i64)block_index() * at.lines; base < planes; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line, state = line / channels / seeds * channels + line % channels;
        int end = line < planes ? plane : 0;
        const float* from = x + state * plane;
        const float* r = signal + line * plane;
        Moments m = moments_of(from, end, plane, scale[line % channels], epsilon, partials, at);
        float sum = 0, product = 0;
        for (int i = at.part; i < end; i += PARTIALS)
        {
            sum = sum + r[i];
            product = fused(from[i] - m.mean, r[i], product);
        }

        float mean = joined(partials, at, sum) / (float)plane;
        float slope = joined(partials, at, product) / (float)plane / m.variance;
        for (int i = at.part; i < end; i += PARTIALS)
            result[line * plane + i] = fused(from[i] - m.mean, -slope, r[i] - mean) * m.factor;
    }
}

// sums = the sum of R and products = that of R (x - m) / sqrt(v + epsilon) of each plane: what they have of the gradients of shift and scale.
KERNEL instance_norm_parameters(const float* x, const float* signal, float* sums, float* products, i64 planes, int plane, float epsilon)
{
    SHARED Partials partials;
    Seat at = seat(true);
    for (i64 base = (i64)block_index() * at.lines; base < planes; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line;
        int end = line < planes ? plane : 0;
        const float* from = x + line * plane;
        const float* r = signal + line * plane;
        Moments m = moments_of(from, end, plane, 1, epsilon, partials, at);
        float sum = 0, product = 0;
        for (int i = at.part; i < end; i += PARTIALS)
        {
            sum = sum + r[i];
            product = fused(from[i] - m.mean, r[i], product);
        }

        sum = joined(partials, at, sum);
        product = joined(partials, at, product);
        if (line < planes && at.part == 0)
        {
            sums[line] = sum;
            products[line] = product * m.factor;
        }
    }
}
