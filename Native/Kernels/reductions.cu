// Sums, extremes and order statistics of whole rows of numbers, in the two stages of chunks.h; the result does not depend on the grid.
//
// Stage one: blocks of 256, at most one per chunk, rows * chunks partial results, row by row. Stage two: blocks of 256, one per row.
#include "chunks.h"

enum Summand { Value = 0, ProductOf = 1, Size = 2, NotNumber = 3 };
enum Extreme { Largest = 0, Least = 1, LargestSize = 2 };

DEVICE float size_of(float x) { return float_of(bits_of(x) & 0x7fffffffu); }

DEVICE double summand(int kind, const float* x, const float* y, i64 i)
{
    switch (kind)
    {
        case Value: return x[i];
        case ProductOf: return (double)x[i] * y[i];
        case Size: return size_of(x[i]);
        default: return is_number(x[i]) ? 0 : 1;
    }
}

// kind 0: sum of x. 1: sum of x y, of squares where y is x. 2: sum of |x|. 3: how many are not a number. y is read by kind 1 only; its rows lie
// rowOfY apart, 0 where all share one.
KERNEL sum_chunks(int kind, const float* x, const float* y, double* partials, i64 rows, i64 count, i64 rowOfY)
{
    SHARED double shared[THREADS];
    sum_of_chunks(shared, partials, rows, count, [&](i64 row, i64 i) { return summand(kind, x + row * count, y + row * rowOfY, i); });
}

// results[row] = factor * sum of its chunks, or its square root, or added to what is there (mode 0, 1, 2).
KERNEL sum_rows(const double* partials, double* results, i64 rows, i64 chunks, double factor, int mode)
{
    SHARED double shared[THREADS];
    for (i64 row = block_index(); row < rows; row += block_count())
    {
        double sum = 0;
        for (i64 i = thread_in_block(); i < chunks; i += THREADS)
            sum = sum + partials[row * chunks + i];
        sum = block_sum(shared, sum) * factor;
        if (thread_in_block() == 0)
            results[row] = mode == 1 ? __builtin_sqrt(sum) : mode == 2 ? results[row] + sum : sum;
    }
}

// A number and where it was; -1 where there is none.
struct Found
{
    float value;
    i64 at;
};

// Of two the more extreme; of equal ones the first; not-a-number never comes here.
DEVICE Found more_extreme(int kind, Found a, Found b)
{
    bool more = kind == Least ? b.value < a.value : b.value > a.value;
    bool takes = b.at >= 0 && (a.at < 0 || more || (b.value == a.value && b.at < a.at));
    return {takes ? b.value : a.value, takes ? b.at : a.at};
}

// Of one of each thread of a block, those 16 apart first, for every thread. All must come here.
DEVICE Found block_extreme(int kind, float* values, i64* positions, Found found)
{
    int thread = thread_in_block();
    values[thread] = found.value;
    positions[thread] = found.at;
    barrier();
    if (thread < SIXTEEN)
    {
        for (int i = thread + SIXTEEN; i < THREADS; i += SIXTEEN)
            found = more_extreme(kind, found, {values[i], positions[i]});
        values[thread] = found.value;
        positions[thread] = found.at;
    }

    barrier();
    Found best = {values[0], positions[0]};
    for (int i = 1; i < SIXTEEN; i++)
        best = more_extreme(kind, best, {values[i], positions[i]});
    barrier();
    return best;
}

// kind 0: the largest. 1: the least. 2: the largest |x|. Not-a-number is passed over; where nothing else is there the position is -1 and the
// value not a number. Positions count within the row; of equal numbers the first is taken.
KERNEL extreme_chunks(int kind, const float* x, float* values, i64* positions, i64 rows, i64 count)
{
    SHARED float sharedValues[THREADS];
    SHARED i64 sharedPositions[THREADS];
    i64 chunks = chunks_of(count);
    for (i64 c = block_index(); c < rows * chunks; c += block_count())
    {
        i64 row = c / chunks * count, first = c % chunks * CHUNK, end = first + CHUNK < count ? first + CHUNK : count;
        Found best = {not_a_number(), -1};
        for (i64 i = first + thread_in_block(); i < end; i += THREADS)
        {
            float value = kind == LargestSize ? size_of(x[row + i]) : x[row + i];
            if (is_number(value))
                best = more_extreme(kind, best, {value, i});
        }

        best = block_extreme(kind, sharedValues, sharedPositions, best);
        if (thread_in_block() == 0)
        {
            values[c] = best.value;
            positions[c] = best.at;
        }
    }
}

// The same over the chunks of each row.
KERNEL extreme_rows(int kind, const float* values, const i64* positions, float* results, i64* resultPositions, i64 rows, i64 chunks)
{
    SHARED float sharedValues[THREADS];
    SHARED i64 sharedPositions[THREADS];
    for (i64 row = block_index(); row < rows; row += block_count())
    {
        Found best = {not_a_number(), -1};
        for (i64 i = row * chunks + thread_in_block(); i < (row + 1) * chunks; i += THREADS)
            best = more_extreme(kind, best, {values[i], positions[i]});
        best = block_extreme(kind, sharedValues, sharedPositions, best);
        if (thread_in_block() == 0)
        {
            results[row] = best.value;
            resultPositions[row] = best.at;
        }
    }
}

// Order statistics by four rounds of 256 counts, one per byte of a key that rises with the number; not-a-number is above all. The state is two
// words: the bytes of the key found so far, and the rank still to go among the numbers that share them. Set it to {0, rank}, rank from 0; then
// round 0 to 3: clear the counts, rank_count, rank_choose. After the last the state's first word is the key, and result holds its number.
DEVICE unsigned rank_key(float x, int sizes)
{
    unsigned bits = sizes ? bits_of(x) & 0x7fffffffu : bits_of(x);
    return !is_number(x) ? 0xffffffffu : bits >> 31 ? ~bits : bits | 0x80000000u;
}

// sizes: of |x|. Counts are added atomically, which for whole numbers gives one result in any order.
KERNEL rank_count(const float* x, i64 count, int sizes, int round, const unsigned* state, unsigned* counts)
{
    int shift = 24 - 8 * round;
    for (i64 i = first_item(); i < count; i += item_step())
    {
        unsigned key = rank_key(x[i], sizes);
        if (round == 0 || key >> (shift + 8) == state[0])
            add_atomically(counts + (key >> shift & 255), 1);
    }
}

// One thread: the byte in which the rank lies.
KERNEL rank_choose(unsigned* state, const unsigned* counts, int round, float* result)
{
    if (first_item() != 0)
        return;
    unsigned rank = state[1], value = 0;
    for (; value < 255 && rank >= counts[value]; value++)
        rank -= counts[value];
    unsigned key = state[0] << 8 | value;
    state[0] = key;
    state[1] = rank;
    if (round == 3)
        *result = key == 0xffffffffu ? not_a_number() : float_of(key >> 31 ? key & 0x7fffffffu : ~key);
}
