// Softmax and its logarithm along the lines of [outer][extent][inner], and their true derivatives; the bits of Cpu/Normalisation/SoftmaxLines.
// Sixteen threads a line (sums.h): launch blocks of 256, one per 16 lines, or smaller ones where there are few.
#include "mathematics.h"
#include "sums.h"

// y = e^(x - max) / sum, or x - max - ln sum; y must not be x.
KERNEL softmax_forward(const float* x, float* y, i64 outer, int extent, int inner, int logarithmic)
{
    SHARED Partials partials;
    Seat at = seat(inner == 1);
    i64 lines = outer * inner;
    for (i64 base = (i64)block_index() * at.lines; base < lines; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line;
        // A thread without a line takes part in the joining only.
        int end = line < lines ? extent : 0;
        i64 start = line / inner * extent * inner + line % inner;
        float largest = -infinity();
        for (int i = at.part; i < end; i += PARTIALS)
            largest = x[start + (i64)i * inner] > largest ? x[start + (i64)i * inner] : largest;
        largest = joined_maximum(partials, at, largest);

        float sum = 0;
        for (int i = at.part; i < end; i += PARTIALS)
        {
            float raised = exponential(x[start + (i64)i * inner] - largest);
            y[start + (i64)i * inner] = raised;
            sum = sum + raised;
        }

        sum = joined(partials, at, sum);
        float log = logarithmic ? logarithm(sum) : 0.0f;
        for (int i = at.part; i < end; i += PARTIALS)
        {
            i64 element = start + (i64)i * inner;
            y[element] = logarithmic ? x[element] - largest - log : y[element] / sum;
        }
    }
}

// y (R - sum of R y), or R - e^y * sum of R. rows of outerPerRow lots of lines; row r of the signal reads row r / seeds of y. result may be
// signal.
KERNEL softmax_backward(const float* y, const float* signal, float* result, i64 rows, int seeds, int outerPerRow, int extent, int inner,
    int logarithmic)
{
    SHARED Partials partials;
    Seat at = seat(inner == 1);
    i64 lines = rows * outerPerRow * inner;
    for (i64 base = (i64)block_index() * at.lines; base < lines; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line, outer = line / inner;
        int end = line < lines ? extent : 0;
        i64 start = outer * extent * inner + line % inner;
        i64 state = (outer / outerPerRow / seeds * outerPerRow + outer % outerPerRow) * extent * inner + line % inner;
        float sum = 0;
        for (int i = at.part; i < end; i += PARTIALS)
        {
            float r = signal[start + (i64)i * inner];
            sum = logarithmic ? sum + r : fused(r, y[state + (i64)i * inner], sum);
        }

        sum = joined(partials, at, sum);
        for (int i = at.part; i < end; i += PARTIALS)
        {
            float r = signal[start + (i64)i * inner], value = y[state + (i64)i * inner];
            result[start + (i64)i * inner] = logarithmic ? fused(0.0f - exponential(value), sum, r) : value * (r - sum);
        }
    }
}
