// Random weights: arrays of them, and products with matrices that are never stored.
#include "draws.h"

// Samples that a thread of a product holds side by side.
#define SAMPLES 4
#define DRAWN_PARTIALS 16

// to[i] = element first + i.
KERNEL draw_elements(float* to, i64 first, i64 count, i64 seed, i64 stream, double scale, double factor, double summand)
{
    DrawRule rule = {scale, factor, summand};
    i64 blocks = (first + count + 3) / 4 - first / 4;
    for (i64 b = first_item(); b < blocks; b += item_step())
    {
        i64 block = first / 4 + b;
        Words words = philox(seed, block, stream);
        for (int j = 0; j < 4; j++)
        {
            i64 i = block * 4 + j - first;
            if (i >= 0 && i < count)
                to[i] = drawn(rule, words.word[j]);
        }
    }
}

// y[m][n] = alpha * sum of x[m][k] W[n][k] + bias[n], W drawn with rows of k elements; bias may be null. The order of Cpu/Gemm/DotProduct: term p goes
// to partial sum p mod 16 as a fused multiply-add, joined 8 to 8, 4 to 4, 2 to 2, 1 to 1. A thread has an output of up to four samples; launch small blocks.
KERNEL drawn_along(const float* x, const float* bias, float* y, int m, int n, int k, float alpha, i64 seed, i64 stream, double scale, double factor,
    double summand)
{
    DrawRule rule = {scale, factor, summand};
    for (i64 row = first_item(); row < n; row += item_step())
    for (int sample = 0; sample < m; sample += SAMPLES)
    {
        // Samples that are not there read the last one, and are not written.
        const float* from[SAMPLES];
        for (int s = 0; s < SAMPLES; s++)
            from[s] = x + (i64)least(sample + s, m - 1) * k;
        float partial[SAMPLES][DRAWN_PARTIALS] = {};
        i64 start = row * k;
        int skip = (int)(start % 4);
        for (int base = -skip; base < k; base += DRAWN_PARTIALS)
        {
            for (int quarter = 0; quarter < DRAWN_PARTIALS / 4; quarter++)
            {
                Words words = philox(seed, (start + base) / 4 + quarter, stream);
                for (int j = 0; j < 4; j++)
                {
                    int p = base + 4 * quarter + j;
                    if (p < 0 || p >= k)
                        continue;
                    float weight = drawn(rule, words.word[j]);
                    // Partial sums are counted from the start of the row: rotated by what was skipped.
                    for (int s = 0; s < SAMPLES; s++)
                        partial[s][4 * quarter + j] = fused(weight, from[s][p], partial[s][4 * quarter + j]);
                }
            }
        }

        for (int s = 0; s < SAMPLES && sample + s < m; s++)
        {
            float sums[DRAWN_PARTIALS];
            for (int i = 0; i < DRAWN_PARTIALS; i++)
                sums[i] = partial[s][(i + skip) % DRAWN_PARTIALS];
            for (int width = DRAWN_PARTIALS / 2; width > 0; width /= 2)
            {
                for (int i = 0; i < width; i++)
                    sums[i] = sums[i] + sums[i + width];
            }

            float sum = sums[0];
            if (alpha != 1)
                sum = alpha * sum;
            y[(sample + s) * (i64)n + row] = bias ? sum + bias[row] : sum;
        }
    }
}

// c[m][n] = alpha * sum of a[m][k] B[k][n] + bias[n], B drawn with rows of n elements; bias may be null. One chain per output, k ascending from +0; rows
// that every sample multiplies by zero are not drawn. A thread has four neighbouring outputs of up to four samples; launch small blocks.
KERNEL drawn_across(const float* a, const float* bias, float* c, int m, int n, int k, float alpha, i64 seed, i64 stream, double scale, double factor,
    double summand)
{
    DrawRule rule = {scale, factor, summand};
    i64 fours = ((i64)n + 3) / 4;
    for (i64 four = first_item(); four < fours; four += item_step())
    for (int sample = 0; sample < m; sample += SAMPLES)
    {
        int column = (int)(four * 4);
        float sums[SAMPLES][4] = {};
        for (int p = 0; p < k; p++)
        {
            float factors[SAMPLES];
            bool any = false;
            for (int s = 0; s < SAMPLES; s++)
            {
                factors[s] = sample + s < m ? a[(sample + s) * (i64)k + p] : 0.0f;
                any |= factors[s] != 0;
            }

            if (!any)
                continue;
            i64 element = (i64)p * n + column;
            int skip = (int)(element % 4);
            Words low = philox(seed, element / 4, stream);
            Words high = low;
            if (skip > 0)
                high = philox(seed, element / 4 + 1, stream);
            for (int j = 0; j < 4; j++)
            {
                int at = skip + j;
                unsigned word = 0;
                // Indices that the compiler knows keep the words in registers.
                for (int i = 0; i < 4; i++)
                    word = at == i ? low.word[i] : at == i + 4 ? high.word[i] : word;
                float weight = drawn(rule, word);
                for (int s = 0; s < SAMPLES; s++)
                    sums[s][j] = factors[s] != 0 ? fused(factors[s], weight, sums[s][j]) : sums[s][j];
            }
        }

        for (int s = 0; s < SAMPLES && sample + s < m; s++)
        {
            for (int j = 0; j < 4 && column + j < n; j++)
            {
                float sum = sums[s][j];
                if (alpha != 1)
                    sum = alpha * sum;
                c[(sample + s) * (i64)n + column + j] = bias ? sum + bias[column + j] : sum;
            }
        }
    }
}
