// Natural-image priors (spec section 6.1): energies in the two stages of chunks.h, finished by sum_rows with the factor; gradients added to what
// is there, one thread per element, gathered, so that no two threads write one place. Images are [rows][C][H][W], each row an energy.
#include "chunks.h"
#include "mathematics.h"

// s^(beta / 2), s a square: roots and products for the exponents of the paper, which are quicker than a power.
DEVICE float powered(float s, float beta)
{
    if (beta == 1.0f)
        return square_root(s);
    if (beta == 1.5f)
    {
        float root = square_root(s);
        return root * square_root(root);
    }

    if (beta == 2.0f)
        return s;
    if (beta == 4.0f)
        return s * s;
    return beta == 6.0f ? s * s * s : power(s, beta * 0.5f);
}

// max(s^(beta / 2), 1e-6)^(1 - 2 / beta): what the derivative has beside the difference. The floor is on the powered value. For beta = 1.5 it is
// s^(-1 / 4), or 1e-6^(-1 / 3).
DEVICE float steepness(float s, float beta)
{
    if (beta == 2.0f)
        return 1;
    float value = powered(s, beta);
    if (beta == 1.5f)
        return value > 1e-6f ? 1.0f / square_root(square_root(s)) : 100.0f;
    value = value > 1e-6f ? value : 1e-6f;
    return beta == 1.0f ? 1.0f / value : power(value, 1.0f - 2.0f / beta);
}

// To the next column and to the next row; 0 in the last ones.
struct Differences
{
    float right, down;
};

DEVICE Differences differences(const float* x, int row, int column, int h, int w)
{
    return {column + 1 < w ? x[1] - x[0] : 0.0f, row + 1 < h ? x[w] - x[0] : 0.0f};
}

DEVICE float squared(Differences d) { return fused(d.right, d.right, d.down * d.down); }

// Total variation: partial sums of (right^2 + down^2)^(beta / 2) over each row's C planes. beta is at least 1.
KERNEL variation_energy(const float* x, double* partials, i64 rows, int channels, int h, int w, float beta)
{
    SHARED double shared[THREADS];
    i64 count = (i64)channels * h * w;
    sum_of_chunks(shared, partials, rows, count, [&](i64 row, i64 i)
    {
        return (double)powered(squared(differences(x + row * count + i, (int)(i / w % h), (int)(i % w), h, w)), beta);
    });
}

// gradient += factor * d/dx of the sum above over beta: the factor has lambda * beta / (HW V^beta) in it.
KERNEL variation_gradient(const float* x, float* gradient, i64 planes, int h, int w, float beta, float factor)
{
    i64 elements = planes * h * w;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int column = (int)(i % w), row = (int)(i / w % h);
        Differences own = differences(x + i, row, column, h, w);
        float sum = -(steepness(squared(own), beta) * (own.right + own.down));
        if (column > 0)
        {
            Differences left = differences(x + i - 1, row, column - 1, h, w);
            sum = fused(steepness(squared(left), beta), left.right, sum);
        }

        if (row > 0)
        {
            Differences above = differences(x + i - w, row - 1, column, h, w);
            sum = fused(steepness(squared(above), beta), above.down, sum);
        }

        gradient[i] = fused(factor, sum, gradient[i]);
    }
}

// n / B^2, n the sum of squares over the channels of a pixel: scaled before it is powered, so that nothing overflows.
DEVICE float scaled_square(const float* pixel, int channels, i64 plane, float inverseSquare)
{
    float sum = 0;
    for (int c = 0; c < channels; c++)
        sum = fused(pixel[c * plane], pixel[c * plane], sum);
    return sum * inverseSquare;
}

// Bounded range: partial sums of (n / B^2)^(alpha / 2) over each row's pixels; inverseSquare is 1 / B^2.
KERNEL range_energy(const float* x, double* partials, i64 rows, int channels, i64 plane, float alpha, float inverseSquare)
{
    SHARED double shared[THREADS];
    sum_of_chunks(shared, partials, rows, plane, [&](i64 row, i64 i)
    {
        return (double)powered(scaled_square(x + row * channels * plane + i, channels, plane, inverseSquare), alpha);
    });
}

// gradient += factor * x (n / B^2)^(alpha / 2 - 1); the factor has lambda * alpha / (HW B^2) in it. A pixel of norm 0 gets nothing.
KERNEL range_gradient(const float* x, float* gradient, i64 rows, int channels, i64 plane, float alpha, float inverseSquare, float factor)
{
    i64 pixels = rows * plane;
    for (i64 i = first_item(); i < pixels; i += item_step())
    {
        i64 first = i / plane * channels * plane + i % plane;
        float square = scaled_square(x + first, channels, plane, inverseSquare);
        float slope = square == 0 ? 0.0f : factor * powered(square, alpha - 2.0f);
        for (int c = 0; c < channels; c++)
            gradient[first + c * plane] = fused(slope, x[first + c * plane], gradient[first + c * plane]);
    }
}
