// Max and average pooling over planes, NCHW: forward one thread per output, backward one thread per element of the result, which gathers
// from the windows that hold it in row-major order: no atomics, nothing cleared first, the bits of Cpu/Pooling.
//
// A maximum is the first in row-major order; not-a-number beats every number, and the first one stays. It is stored as a tap, the number
// r * S + s within its window in one byte, 255 for none: the state where a window has at most 255 taps; or as a switch, y * W + x in the
// plane, -1 for none: the record form that all backends share. A window without a tap gives minus infinity.
#include "windows.h"

#define NO_TAP 255

// outputs = planes * outH * outW. taps and switches may each be null.
KERNEL max_pool_forward(const float* x, float* y, byte* taps, int* switches, i64 outputs, WINDOW_PARAMETERS)
{
    for (i64 i = first_item(); i < outputs; i += item_step())
    {
        int column = (int)(i % outW), row = (int)(i / outW % outH);
        const float* plane = x + i / outW / outH * h * w;
        Range rows = taps_inside(ROW_AXIS, row), columns = taps_inside(COLUMN_AXIS, column);
        float best = -infinity();
        int tap = -1, at = -1;
        for (int a = rows.first; a < rows.end; a++)
        {
            for (int b = columns.first; b < columns.end; b++)
            {
                int position = (row * strideY - padTop + a * dilationY) * w + column * strideX - padLeft + b * dilationX;
                float value = plane[position];
                if (at < 0 || (!(value <= best) && is_number(best)))
                {
                    best = value;
                    at = position;
                    tap = a * s + b;
                }
            }
        }

        y[i] = best;
        if (taps)
            taps[i] = tap < 0 ? NO_TAP : (byte)tap;
        if (switches)
            switches[i] = at;
    }
}

// The signal to the maxima, by taps, or by switches where taps is null. elements = rows * channels * h * w; row r reads the state of r / seeds.
KERNEL max_pool_backward(const float* signal, const byte* taps, const int* switches, float* result, i64 elements, int channels, int seeds,
    WINDOW_PARAMETERS)
{
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int column = (int)(i % w), row = (int)(i / w % h);
        i64 plane = i / w / h, statePlane = seeds == 1 ? plane : plane / channels / seeds * channels + plane % channels;
        Range rows = windows_around(ROW_AXIS, row), columns = windows_around(COLUMN_AXIS, column);
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            int tapRow = tap_of(ROW_AXIS, a, row);
            for (int b = columns.first; b < columns.end; b++)
            {
                int tapColumn = tap_of(COLUMN_AXIS, b, column), at = a * outW + b;
                if (tapRow < 0 || tapColumn < 0)
                    continue;
                i64 state = statePlane * outH * outW + at;
                if (taps ? taps[state] == tapRow * s + tapColumn : switches[state] == row * w + column)
                    sum = sum + signal[plane * outH * outW + at];
            }
        }

        result[i] = sum;
    }
}

// The signal to the centres of the windows, or, where a centre is padding, to the nearest element.
KERNEL max_pool_backward_centres(const float* signal, float* result, i64 elements, WINDOW_PARAMETERS)
{
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int column = (int)(i % w), row = (int)(i / w % h);
        Axis y = ROW_AXIS, x = COLUMN_AXIS;
        Range rows = windows_centred(y, row), columns = windows_centred(x, column);
        const float* plane = signal + i / w / h * outH * outW;
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

        result[i] = sum;
    }
}

KERNEL taps_to_switches(const byte* taps, int* switches, i64 outputs, WINDOW_PARAMETERS)
{
    for (i64 i = first_item(); i < outputs; i += item_step())
    {
        int column = (int)(i % outW), row = (int)(i / outW % outH), tap = taps[i];
        int y = row * strideY - padTop + tap / s * dilationY, x = column * strideX - padLeft + tap % s * dilationX;
        switches[i] = tap == NO_TAP ? -1 : y * w + x;
    }
}

// What is no tap of its output's window becomes none; refusing such a record is the caller's business.
KERNEL switches_to_taps(const int* switches, byte* taps, i64 outputs, WINDOW_PARAMETERS)
{
    for (i64 i = first_item(); i < outputs; i += item_step())
    {
        int column = (int)(i % outW), row = (int)(i / outW % outH), at = switches[i];
        int y = at / w + padTop - row * strideY, x = at % w + padLeft - column * strideX;
        bool inside = at >= 0 && at < h * w && y >= 0 && x >= 0 && y % dilationY == 0 && x % dilationX == 0 && y / dilationY < r && x / dilationX < s;
        taps[i] = inside ? (byte)(y / dilationY * s + x / dilationX) : NO_TAP;
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
    for (i64 i = first_item(); i < outputs; i += item_step())
    {
        int column = (int)(i % outW), row = (int)(i / outW % outH);
        const float* plane = x + i / outW / outH * h * w;
        Range rows = taps_inside(ROW_AXIS, row), columns = taps_inside(COLUMN_AXIS, column);
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            const float* line = plane + (i64)(row * strideY - padTop + a * dilationY) * w + column * strideX - padLeft;
            for (int b = columns.first; b < columns.end; b++)
                sum = sum + line[b * dilationX];
        }

        int count = divisor(ROW_AXIS, row, top, bottom, COLUMN_AXIS, column, left, right);
        y[i] = count == 0 ? 0.0f : sum / (float)count;
    }
}

KERNEL average_pool_backward(const float* signal, float* result, i64 elements, int top, int bottom, int left, int right, WINDOW_PARAMETERS)
{
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        int column = (int)(i % w), row = (int)(i / w % h);
        Range rows = windows_around(ROW_AXIS, row), columns = windows_around(COLUMN_AXIS, column);
        const float* plane = signal + i / w / h * outH * outW;
        float sum = 0;
        for (int a = rows.first; a < rows.end; a++)
        {
            for (int b = columns.first; b < columns.end; b++)
            {
                if (tap_of(ROW_AXIS, a, row) >= 0 && tap_of(COLUMN_AXIS, b, column) >= 0)
                    sum = sum + plane[a * outW + b] / (float)divisor(ROW_AXIS, a, top, bottom, COLUMN_AXIS, b, left, right);
            }
        }

        result[i] = sum;
    }
}
