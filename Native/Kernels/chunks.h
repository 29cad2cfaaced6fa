// Sums of whole rows of numbers in two stages, whatever the launch: fixed chunks of 4096 terms, 256 threads taking term t, t + 256, ... of
// theirs, then the threads 16 apart, then the 16; the chunks of a row likewise. Sums are of doubles: products of floats are exact in them, and what is left of
// rounding is far below a float. Blocks of 256 threads.
#pragma once
#include "device.h"

#define THREADS 256
#define CHUNK 4096
#define SIXTEEN 16

DEVICE i64 chunks_of(i64 count) { return (count + CHUNK - 1) / CHUNK; }

// Adds up one double of each thread of a block, those 16 apart first, for every thread. All must come here.
DEVICE double block_sum(double* shared, double value)
{
    int thread = thread_in_block();
    shared[thread] = value;
    barrier();
    if (thread < SIXTEEN)
    {
        for (int i = thread + SIXTEEN; i < THREADS; i += SIXTEEN)
            value = value + shared[i];
        shared[thread] = value;
    }

    barrier();
    double sum = shared[0];
    for (int i = 1; i < SIXTEEN; i++)
        sum = sum + shared[i];
    barrier();
    return sum;
}

// Stage one: partials[row * chunks + c] = the sum of term(row, i) over chunk c, i counting within the row.
template <class Term> DEVICE void sum_of_chunks(double* shared, double* partials, i64 rows, i64 count, Term term)
{
    i64 chunks = chunks_of(count);
    for (i64 c = block_index(); c < rows * chunks; c += block_count())
    {
        i64 row = c / chunks, first = c % chunks * CHUNK, end = first + CHUNK < count ? first + CHUNK : count;
        double sum = 0;
        for (i64 i = first + thread_in_block(); i < end; i += THREADS)
            sum = sum + term(row, i);
        sum = block_sum(shared, sum);
        if (thread_in_block() == 0)
            partials[c] = sum;
    }
}
