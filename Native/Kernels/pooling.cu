// Max and average pooling over planes, NCHW: forward one thread per output, backward one thread per element of the result, which gathers
// from the windows that hold it in row-major order: no atomics, nothing cleared first, the bits of Cpu/Pooling.
//
// A maximum is the first in row-major order; not-a-number beats every number, and the first one stays. It is stored as a tap, the number
// r * S + s within its window in one byte, 255 for none: the state where a window has at most 255 taps; or as a switch, y * W + x in the
// plane, -1 for none: the record form that all backends share. A window without a tap gives minus infinity.
#include "rules.h"
#include "windows.h"

#define NO_TAP 255

// outputs = planes * outH * outW. taps and switches may each be null.
KERNEL max_pool_forward(const float* x, float* y, byte* taps, int* switches, i64 outputs, WINDOW_PARAMETERS)
{
    for (Walk at = walk(outH, outW); at.item < outputs; step(at))
    {
        int column = at.column, row = at.row;
        const float* plane = x + at.plane * h * w;
        Range rows = taps_inside(ROW_AXIS, row), columns = taps_inside(COLUMN_AXIS, column);
        float best = -infinity();
        int tap = -1, position = -1;
        for (int a = rows.first; a < rows.end; a++)
        {
            for (int b = columns.first; b < columns.end; b++)
            {
                int there = (row * strideY - padTop + a * dilationY) * w + column * strideX - padLeft + b * dilationX;
                float value = plane[there];
                if (position < 0 || (!(value <= best) && is_number(best)))
                {
                    best = value;
                    position = there;
                    tap = a * s + b;
                }
            }
        }

        y[at.item] = best;
        if (taps)
            taps[at.item] = tap < 0 ? NO_TAP : (byte)tap;
        if (switches)
            switches[at.item] = position;
    }
}

// What goes on through the ReLU behind, if there is a rule; unit is the element's number in the batch.
DEVICE float gated(float sum, const unsigned* mask, int rule, i64 unit)
{
    return passed_by_relu(sum, rule, rule & Masks ? bit_of(mask, unit) : true);
}

// The signal to the maxima, by taps, or by switches where taps is null. elements = rows * channels * h * w; row r reads the state of r / seeds.
// rule is that of the ReLU whose output was pooled (rules.h), 0 for none, and mask what it reads.
KERNEL max_pool_backward(const float* signal, const byte* taps, const int* switches, float* result, i64 elements, int channels, int seeds,
    const unsigned* mask, int rule, WINDOW_PARAMETERS)
{
    for (Walk at = walk(h, w); at.item < elements; step(at))
    {
        int column = at.column, row = at.row;
        i64 statePlane = unit_of(at.plane, channels, seeds);
        Range rows = windows_around(ROW_AXIS, row), columns = windows_around(COLUMN_AXIS, column);
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            int tapRow = tap_of(ROW_AXIS, a, row);
            for (int b = columns.first; b < columns.end; b++)
            {
                int tapColumn = tap_of(COLUMN_AXIS, b, column), window = a * outW + b;
                if (tapRow < 0 || tapColumn < 0)
                    continue;
                i64 state = statePlane * outH * outW + window;
                if (taps ? taps[state] == tapRow * s + tapColumn : switches[state] == row * w + column)
                    sum = sum + signal[at.plane * outH * outW + window];
            }
        }

        result[at.item] = gated(sum, mask, rule, (statePlane * h + row) * w + column);
    }
}

// The signal to the centres of the windows, or, where a centre is padding, to the nearest element; channels to rule as above.
KERNEL max_pool_backward_centres(const float* signal, float* result, i64 elements, int channels, int seeds, const unsigned* mask, int rule,
    WINDOW_PARAMETERS)
{
    for (Walk at = walk(h, w); at.item < elements; step(at))
    {
        int column = at.column, row = at.row;
        Axis y = ROW_AXIS, x = COLUMN_AXIS;
        Range rows = windows_centred(y, row), columns = windows_centred(x, column);
        const float* plane = signal + at.plane * outH * outW;
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            if (centre_of(y, a) != row)
                continue;
            for (int b = columns.first; b < columns.end; b++)
            {
                if (centre_of(x, b) == column)
                    sum = sum + plane[a * outW + b];
            }
        }

        result[at.item] = gated(sum, mask, rule, (unit_of(at.plane, channels, seeds) * h + row) * w + column);
    }
}

KERNEL taps_to_switches(const byte* taps, int* switches, i64 outputs, WINDOW_PARAMETERS)
{
    for (Walk at = walk(outH, outW); at.item < outputs; step(at))
    {
        int column = at.column, row = at.row, tap = taps[at.item];
        int y = row * strideY - padTop + tap / s * dilationY, x = column * strideX - padLeft + tap % s * dilationX;
        switches[at.item] = tap == NO_TAP ? -1 : y * w + x;
    }
}

// What is no tap of its output's window becomes none; refusing such a record is the caller's business.
KERNEL switches_to_taps(const int* switches, byte* taps, i64 outputs, WINDOW_PARAMETERS)
{
    for (Walk at = walk(outH, outW); at.item < outputs; step(at))
    {
        int column = at.column, row = at.row, position = switches[at.item];
        int y = position / w + padTop - row * strideY, x = position % w + padLeft - column * strideX;
        bool inside = position >= 0 && position < h * w && y >= 0 && x >= 0 && y % dilationY == 0 && x % dilationX == 0 && y / dilationY < r && x / dilationX < s;
        taps[at.item] = inside ? (byte)(y / dilationY * s + x / dilationX) : NO_TAP;
    }
}

// How many elements an average divides by: the taps inside the plane, grown by the pads that count (all 0 where none does).
DEVICE int divisor(Axis y, int row, int top, int bottom, Axis x, int column, int left, int right)
{
    return length_of(taps_inside(y, row, top, bottom)) * length_of(taps_inside(x, column, left, right));
}

// Taps inside the plane are added in row-major order from +0; a window that counts no tap gives 0.
KERNEL average_pool_forward(const float* x, float* y, i64 outputs, int top, int bottom, int left, int right, WINDOW_PARAMETERS)
{
    for (Walk at = walk(outH, outW); at.item < outputs; step(at))
    {
        int column = at.column, row = at.row;
        const float* plane = x + at.plane * h * w;
        Range rows = taps_inside(ROW_AXIS, row), columns = taps_inside(COLUMN_AXIS, column);
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            const float* line = plane + (i64)(row * strideY - padTop + a * dilationY) * w + column * strideX - padLeft;
            for (int b = columns.first; b < columns.end; b++)
                sum = sum + line[b * dilationX];
        }

        int count = divisor(ROW_AXIS, row, top, bottom, COLUMN_AXIS, column, left, right);
        y[at.item] = count == 0 ? 0.0f : sum / (float)count;
    }
}

KERNEL average_pool_backward(const float* signal, float* result, i64 elements, int top, int bottom, int left, int right, WINDOW_PARAMETERS)
{
    for (Walk at = walk(h, w); at.item < elements; step(at))
    {
        int column = at.column, row = at.row;
        Range rows = windows_around(ROW_AXIS, row), columns = windows_around(COLUMN_AXIS, column);
        const float* plane = signal + at.plane * outH * outW;
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            for (int b = columns.first; b < columns.end; b++)
            {
                if (tap_of(ROW_AXIS, a, row) >= 0 && tap_of(COLUMN_AXIS, b, column) >= 0)
                    sum = sum + plane[a * outW + b] / (float)divisor(ROW_AXIS, a, top, bottom, COLUMN_AXIS, b, left, right);
            }
        }

        result[at.item] = sum;
    }
}
