// The order of every sum of floats along a line, Cpu/Reductions/InterleavedSum's: term i goes to partial sum i mod 16, in order of i
// from +0, and the sixteen are joined 8 to 8, 4 to 4, 2 to 2, 1 to 1. A sum has the same bits here and there.
#pragma once
#include "device.h"

#define PARTIALS 16
// Lines of a block of 256 threads; smaller blocks have fewer.
#define MOST_LINES 16

// Which of the block's lines, and which of its partial sums, a thread has. Neighbouring threads are neighbours in memory: along the line
// where its terms lie together, across lines where those do.
struct Seat
{
    int line, part, lines;
};

DEVICE Seat seat(bool contiguous)
{
    int thread = thread_in_block(), lines = block_size() / PARTIALS;
    if (contiguous)
        return {thread / PARTIALS, thread % PARTIALS, lines};
    return {thread % lines, thread / lines, lines};
}

typedef float Partials[MOST_LINES][PARTIALS + 1];

// The sum of a line from its partial sums, to every thread of the line. All threads of the block must come here.
DEVICE float joined(Partials& partials, Seat at, float partial)
{
    partials[at.line][at.part] = partial;
    barrier();
    float p[PARTIALS];
    for (int i = 0; i < PARTIALS; i++)
        p[i] = partials[at.line][i];
    for (int width = PARTIALS / 2; width > 0; width /= 2)
    {
        for (int i = 0; i < width; i++)
            p[i] = p[i] + p[i + width];
    }

    barrier();
    return p[0];
}

// The largest of a line likewise; not-a-number is passed over, and the order settles the sign of a zero.
DEVICE float joined_maximum(Partials& partials, Seat at, float partial)
{
    partials[at.line][at.part] = partial;
    barrier();
    float p[PARTIALS];
    for (int i = 0; i < PARTIALS; i++)
        p[i] = partials[at.line][i];
    for (int width = PARTIALS / 2; width > 0; width /= 2)
    {
        for (int i = 0; i < width; i++)
            p[i] = p[i + width] > p[i] ? p[i + width] : p[i];
    }

    barrier();
    return p[0];
}
