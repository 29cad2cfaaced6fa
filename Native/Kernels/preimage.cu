// The loop that looks for an image (spec sections 6.2, 6.4, 3.7), one thread per element or pixel. What changes from iteration to iteration is read
// from device memory, at the place an iteration counter there tells, so that a captured graph can be replayed.
#include "device.h"

// One thread: the next iteration.
KERNEL advance(int* iteration)
{
    if (first_item() == 0)
        iteration[0] = iteration[0] + 1;
}

// The window of h x w at row offsets[2 i] and column offsets[2 i + 1] of each plane of canvasH x canvasW, i the iteration.
KERNEL jitter_crop(const float* canvas, float* crop, const int* offsets, const int* iteration, i64 planes, int canvasH, int canvasW, int h, int w)
{
    int top = offsets[2 * iteration[0]], left = offsets[2 * iteration[0] + 1];
    i64 elements = planes * h * w;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int column = (int)(i % w), row = (int)(i / w % h);
        crop[i] = canvas[(i / w / h * canvasH + row + top) * canvasW + column + left];
    }
}

// The adjoint: the crop's gradient in its window, +0 around it.
KERNEL jitter_crop_backward(const float* crop, float* canvas, const int* offsets, const int* iteration, i64 planes, int canvasH, int canvasW, int h, int w)
{
    int top = offsets[2 * iteration[0]], left = offsets[2 * iteration[0] + 1];
    i64 elements = planes * canvasH * canvasW;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int column = (int)(i % canvasW) - left, row = (int)(i / canvasW % canvasH) - top;
        bool inside = row >= 0 && row < h && column >= 0 && column < w;
        canvas[i] = inside ? crop[(i / canvasW / canvasH * h + row) * w + column] : 0.0f;
    }
}

// residual = factor * (mask * (x - target)); a target or a mask of fewer elements starts anew where it ends, and no mask (null) is 1.
KERNEL masked_residual(const float* x, const float* target, const float* mask, float* residual, float factor, i64 elements, i64 targets, i64 masks)
{
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        float difference = x[i] - target[i % targets];
        residual[i] = factor * (mask ? mask[i % masks] * difference : difference);
    }
}

// y = fma(factor, x, y), x starting anew where it ends.
KERNEL add_repeated(const float* x, float* y, float factor, i64 elements, i64 count)
{
    for (i64 i = first_item(); i < elements; i += item_step())
        y[i] = fused(factor, x[i % count], y[i]);
}

// y[row] = fma(factor * coefficients[row], x[row], y[row]), the product rounded once; rows of units elements, x of rowsOfX of them, 1 for all.
KERNEL add_scaled_rows(const float* x, const double* coefficients, float* y, float factor, i64 elements, i64 units, i64 rowsOfX)
{
    for (i64 i = first_item(); i < elements; i += item_step())
        y[i] = fused((float)(factor * coefficients[i / units]), x[i % (units * rowsOfX)], y[i]);
}

// values = 1 / sqrt(values), rounded to float before the root and after each operation; 0 where they are not above 0.
KERNEL inverse_roots(double* values, i64 elements)
{
    for (i64 i = first_item(); i < elements; i += item_step())
        values[i] = values[i] > 0 ? 1.0f / square_root((float)values[i]) : 0.0f;
}

// Draws a pixel whose norm over channels is above the radius back to it; none where the radius is infinite.
DEVICE void draw_back(float* pixel, int channels, i64 plane, float radius)
{
    if (radius == infinity())
        return;
    float norm = 0;
    for (int c = 0; c < channels; c++)
        norm = fused(pixel[c * plane], pixel[c * plane], norm);
    norm = square_root(norm);
    if (!(norm > radius))
        return;
    for (int c = 0; c < channels; c++)
        pixel[c * plane] = pixel[c * plane] * (radius / norm);
}

// One step of Algorithm 1 on images of [rows][C][plane], a thread per pixel; rate = rates[iteration]:
//   G = rho G + g^2;  mu = rho mu - g / (1 / rate + sqrt(G));  x += mu;  a pixel whose norm over channels is above the radius is drawn back to it.
// Without squares (null) plain momentum: mu = rho mu - rate g. An infinite radius draws nothing back.
KERNEL preimage_step(float* x, const float* gradient, float* squares, float* momentum, const float* rates, const int* iteration, float rho,
    float radius, i64 rows, int channels, i64 plane)
{
    float rate = rates[iteration[0]], slowness = 1.0f / rate;
    i64 pixels = rows * plane;
    for (i64 i = first_item(); i < pixels; i += item_step())
    {
        i64 first = i / plane * channels * plane + i % plane;
        for (i64 at = first, c = 0; c < channels; at += plane, c++)
        {
            float g = gradient[at], step = rate * g;
            if (squares)
            {
                float window = fused(rho, squares[at], g * g);
                squares[at] = window;
                step = g / (slowness + square_root(window));
            }

            float speed = fused(rho, momentum[at], -step);
            momentum[at] = speed;
            x[at] = x[at] + speed;
        }

        draw_back(x + first, channels, plane, radius);
    }
}

// One step of Adam likewise: m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  x -= rate m / (sqrt(v) root + epsilon), rate = rates[2 i] and
// root = rates[2 i + 1] with the corrections of iteration i in them.
KERNEL adam_step(float* x, const float* gradient, float* mean, float* variance, const float* rates, const int* iteration, float b1, float b2,
    float epsilon, float radius, i64 rows, int channels, i64 plane)
{
    float rate = rates[2 * iteration[0]], root = rates[2 * iteration[0] + 1], rest1 = 1.0f - b1, rest2 = 1.0f - b2;
    i64 pixels = rows * plane;
    for (i64 i = first_item(); i < pixels; i += item_step())
    {
        i64 first = i / plane * channels * plane + i % plane;
        for (i64 at = first, c = 0; c < channels; at += plane, c++)
        {
            float g = gradient[at], m = fused(b1, mean[at], rest1 * g), v = fused(b2, variance[at], rest2 * (g * g));
            mean[at] = m;
            variance[at] = v;
            x[at] = x[at] - rate * m / fused(square_root(v), root, epsilon);
        }

        draw_back(x + first, channels, plane, radius);
    }
}

// y = x + step * sign(gradient), kept between least and most: the fast gradient sign method. y may be x; a step below 0 goes down.
KERNEL sign_step(const float* x, const float* gradient, float* y, float step, float least, float most, i64 elements)
{
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        float moved = gradient[i] > 0 ? x[i] + step : gradient[i] < 0 ? x[i] - step : x[i];
        moved = least > moved ? least : moved;
        y[i] = moved > most ? most : moved;
    }
}

// total[row] = the sum of energies[term, row] over terms, in order; the energies also go into slot i mod slots of the ring, i the iteration.
KERNEL note_energies(const double* energies, double* ring, double* total, const int* iteration, int terms, i64 rows, int slots)
{
    double* slot = ring + iteration[0] % slots * terms * rows;
    for (i64 row = first_item(); row < rows; row += item_step())
    {
        double sum = 0;
        for (i64 at = row, t = 0; t < terms; at += rows, t++)
        {
            sum = sum + energies[at];
            slot[at] = energies[at];
        }

        total[row] = sum;
    }
}

// best = x for each row whose energy is below its lowest so far; note_lowest follows. Set lowest to infinity first. Not-a-number is never kept.
KERNEL keep_lowest(const float* x, float* best, const double* energies, const double* lowest, i64 rows, i64 count)
{
    for (i64 i = first_item(); i < rows * count; i += item_step())
    {
        if (energies[i / count] < lowest[i / count])
            best[i] = x[i];
    }
}

KERNEL note_lowest(const double* energies, double* lowest, i64 rows)
{
    for (i64 row = first_item(); row < rows; row += item_step())
        lowest[row] = energies[row] < lowest[row] ? energies[row] : lowest[row];
}
