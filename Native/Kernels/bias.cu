// Biases per channel of [N][C][plane], and sums per channel: the gradients of biases, of summands and of factors of a channel.
#include "fours.h"
#include "sums.h"

// y = x + bias[c]; y may be x. Of a dense layer, plane is 1.
KERNEL add_bias(const float* x, const float* bias, float* y, i64 elements, int channels, int plane)
{
    bool inFours = in_fours(x, y);
    for (i64 i = first_four(); i < elements; i += four_step())
    {
        Four four = four_at(x, i, elements, inFours);
        float value = 0;
        with_channels(i, channels, plane, [&](int k, int channel, bool next)
        {
            if (next)
                value = bias[channel];
            four[k] = four[k] + value;
        });
        put_four(y, i, elements, inFours, four);
    }
}

// sums[c] = sum of dy and, where x is not null, products[c] = factors[c] * sum of (x - centres[c]) dy; the bits of Cpu/Reductions/ChannelSums:
// each plane is a sum in the order of sums.h, planes are added in the order of samples from +0. One block per channel, its lines taking samples
// side by side: launch 16 threads per sample, 32 to 256. Where plane is 1, one thread per channel.
KERNEL channel_sums(const float* x, const float* dy, const float* centres, const float* factors, float* sums, float* products, int samples, int channels,
    int plane)
{
    SHARED Partials partials;
    SHARED float lineSums[MOST_LINES], lineProducts[MOST_LINES];
    if (plane == 1)
    {
        for (i64 c = first_item(); c < channels; c += item_step())
        {
            float sum = 0, product = 0;
            for (i64 i = c; i < (i64)samples * channels; i += channels)
            {
                sum = sum + dy[i];
                if (x)
                    product = product + (x[i] - centres[c]) * dy[i];
            }

            sums[c] = sum;
            if (x)
                products[c] = factors[c] * product;
        }

        return;
    }

    Seat at = seat(true);
    for (int c = block_index(); c < channels; c += block_count())
    {
        float sum = 0, product = 0, centre = x ? centres[c] : 0.0f;
        for (int base = 0; base < samples; base += at.lines)
        {
            int n = base + at.line, end = n < samples ? plane : 0;
            i64 start = ((i64)n * channels + c) * plane;
            float lineSum = 0, lineProduct = 0;
            for (int i = at.part; i < end; i += PARTIALS)
            {
                lineSum = lineSum + dy[start + i];
                if (x)
                    lineProduct = fused(x[start + i] - centre, dy[start + i], lineProduct);
            }

            lineSums[at.line] = joined(partials, at, lineSum);
            if (x)
                lineProducts[at.line] = joined(partials, at, lineProduct);
            barrier();
            for (int line = 0; line < at.lines && base + line < samples; line++)
            {
                sum = sum + lineSums[line];
                if (x)
                    product = product + lineProducts[line];
            }

            barrier();
        }

        if (thread_in_block() == 0)
        {
            sums[c] = sum;
            if (x)
                products[c] = factors[c] * product;
        }
    }
}
