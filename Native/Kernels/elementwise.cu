// Functions of one and of two arrays, element by element, a thread for one or, where nothing but memory counts, for four; arithmetic as in Cpu/Elementwise, operation by operation.
#include "fours.h"
#include "mathematics.h"
#include "rules.h"
#include "sums.h"

enum Smooth { Logistic = 0, Tangent = 1, Exponentiation = 2, SquareRoot = 3, ExponentialLinear = 4, SoftMaximum = 5, ErrorFunction = 6 };

DEVICE float smooth(int kind, float x)
{
    switch (kind)
    {
        case Logistic: return logistic(x);
        case Tangent: return hyperbolic_tangent(x);
        case Exponentiation: return exponential(x);
        case SquareRoot: return square_root(x);
        case ExponentialLinear: return x > 0 ? x : exponential_less_one(x);
        case SoftMaximum: return logarithm_of_one_plus_exponential(x);
        default: return error_function(x);
    }
}

// The signal r through a function, from its value y; from x where that is the error function.
DEVICE float through_smooth(int kind, float r, float y)
{
    switch (kind)
    {
        case Logistic: return r * (y * (1.0f - y));
        case Tangent: return r * (1.0f - y * y);
        case Exponentiation: return r * y;
        case SquareRoot: return r / (y + y);
        case ExponentialLinear: return y > 0 ? r : r * (y + 1.0f);
        case SoftMaximum: return r * (-1.0f * exponential_less_one(-1.0f * y));
        default: return r * error_function_slope(y);
    }
}

// kind 0: 1 / (1 + e^-x). 1: tanh x. 2: e^x. 3: its root. 4: x where x > 0, else e^x - 1. 5: ln(1 + e^x). 6: erf x. y may be x.
KERNEL smooth_forward(int kind, const float* x, float* y, i64 elements)
{
    for (i64 i = first_item(); i < elements; i += item_step())
        y[i] = smooth(kind, x[i]);
}

// The signal times the derivative; row r of the signal, of that many units, reads row r / seeds of the output y or, of erf, of the input.
// result may be signal.
KERNEL smooth_backward(int kind, const float* signal, const float* y, float* result, i64 rows, i64 units, int seeds)
{
    i64 all = rows * units;
    for (i64 i = first_item(); i < all; i += item_step())
        result[i] = through_smooth(kind, signal[i], y[unit_of(i, units, seeds)]);
}

// y = fma(scale[c], x, shift[c]) over [N][C][plane]; without shifts scale[c] * x, which is the way back. y may be x.
KERNEL channel_affine(const float* x, const float* scale, const float* shift, float* y, i64 elements, int channels, int plane)
{
    bool inFours = in_fours(x, y);
    for (i64 i = first_four(); i < elements; i += four_step())
    {
        Four four = four_at(x, i, elements, inFours);
        float factor = 0, summand = 0;
        with_channels(i, channels, plane, [&](int k, int channel, bool next)
        {
            if (next)
            {
                factor = scale[channel];
                summand = shift ? shift[channel] : 0.0f;
            }

            four[k] = shift ? fused(factor, four[k], summand) : factor * four[k];
        });
        put_four(y, i, elements, inFours, four);
    }
}

KERNEL fill(float* to, float value, i64 elements)
{
    bool inFours = in_fours(to);
    for (i64 i = first_four(); i < elements; i += four_step())
        put_four(to, i, elements, inFours, Four{value, value, value, value});
}

// y = factor * x; y may be x.
KERNEL scale(const float* x, float* y, float factor, i64 elements)
{
    bool inFours = in_fours(x, y);
    for (i64 i = first_four(); i < elements; i += four_step())
        put_four(y, i, elements, inFours, factor * four_at(x, i, elements, inFours));
}

// y = fma(factor, x, y); a factor of 1 adds x to what is there.
KERNEL axpy(const float* x, float* y, float factor, i64 elements)
{
    bool inFours = in_fours(x, y);
    for (i64 i = first_four(); i < elements; i += four_step())
    {
        Four four = four_at(x, i, elements, inFours), sum = four_at(y, i, elements, inFours);
        for (int k = 0; k < 4; k++)
            sum[k] = fused(factor, four[k], sum[k]);
        put_four(y, i, elements, inFours, sum);
    }
}

enum Operation { Add = 0, Subtract = 1, Multiply = 2, Divide = 3, Larger = 4, Smaller = 5, Sloped = 6 };

// Of the larger and the smaller, not-a-number wins, and of equal ones the first. Sloped, a times b where a is not above 0, is only for the way back to b.
DEVICE float applied(int operation, float a, float b)
{
    switch (operation)
    {
        case Add: return a + b;
        case Subtract: return a - b;
        case Multiply: return a * b;
        case Divide: return a / b;
        case Larger: return a >= b || !is_number(a) ? a : b;
        default: return a <= b || !is_number(a) ? a : b;
    }
}

// What the signal r gives to a, or to b.
DEVICE float passed(int operation, bool toB, float r, float a, float b)
{
    switch (operation)
    {
        case Add: return r;
        case Subtract: return toB ? -r : r;
        case Multiply: return toB ? r * a : r * b;
        case Divide: return toB ? -r * (a / b) / b : r / b;
        case Larger: return (a >= b || !is_number(a)) != toB ? r : 0.0f;
        case Sloped: return a > 0 ? 0.0f : r * a;
        default: return (a <= b || !is_number(a)) != toB ? r : 0.0f;
    }
}

// Operands under broadcasting: four axes of the result, a stride of each operand on each, 0 where it is repeated.
#define OPERANDS int e0, int e1, int e2, int e3, i64 a0, i64 a1, i64 a2, i64 a3, i64 b0, i64 b1, i64 b2, i64 b3

// y = a op b; y may be an operand that is not repeated.
KERNEL broadcast_forward(int operation, const float* a, const float* b, float* y, OPERANDS)
{
    i64 elements = (i64)e0 * e1 * e2 * e3;
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        i64 rest = i / e3, i3 = i % e3, i2 = rest % e2, i1 = rest / e2 % e1, i0 = rest / e2 / e1;
        y[i] = applied(operation, a[i0 * a0 + i1 * a1 + i2 * a2 + i3 * a3], b[i0 * b0 + i1 * b1 + i2 * b2 + i3 * b3]);
    }
}

// The signal of a (toB 0) or b: summed in the order of sums.h over the axes of which bit is set in repeated, row-major; one line per element
// of the operand, whose own strides are those of a contiguous array without those axes. Where nothing is repeated there is no sum. Row r of
// the signal reads row r / seeds of the operands, which may be null where the operation does not read them (add, subtract).
KERNEL broadcast_backward(int operation, int toB, unsigned repeated, const float* signal, const float* a, const float* b, float* result, int seeds,
    OPERANDS)
{
    SHARED Partials partials;
    Seat at = seat(repeated >> 3 & 1);
    int r0 = repeated & 1 ? e0 : 1, r1 = repeated >> 1 & 1 ? e1 : 1, r2 = repeated >> 2 & 1 ? e2 : 1, r3 = repeated >> 3 & 1 ? e3 : 1;
    int k0 = e0 / r0, k1 = e1 / r1, k2 = e2 / r2, k3 = e3 / r3;
    i64 terms = (i64)r0 * r1 * r2 * r3, lines = (i64)k0 * k1 * k2 * k3;
    bool reads = operation != Add && operation != Subtract;
    auto term = [&](i64 line, i64 t)
    {
        i64 i0 = line / k3 / k2 / k1 + t / r3 / r2 / r1, i1 = line / k3 / k2 % k1 + t / r3 / r2 % r1;
        i64 i2 = line / k3 % k2 + t / r3 % r2, i3 = line % k3 + t % r3;
        float r = signal[((i0 * e1 + i1) * e2 + i2) * e3 + i3];
        if (!reads)
            return passed(operation, toB, r, 0, 0);
        i0 /= seeds;
        return passed(operation, toB, r, a[i0 * a0 + i1 * a1 + i2 * a2 + i3 * a3], b[i0 * b0 + i1 * b1 + i2 * b2 + i3 * b3]);
    };

    if (terms == 1)
    {
        for (i64 line = first_item(); line < lines; line += item_step())
            result[line] = term(line, 0);
        return;
    }

    for (i64 base = (i64)block_index() * at.lines; base < lines; base += (i64)block_count() * at.lines)
    {
        i64 line = base + at.line;
        float sum = 0;
        for (i64 t = at.part; line < lines && t < terms; t += PARTIALS)
            sum = sum + term(line, t);
        sum = joined(partials, at, sum);
        if (line < lines && at.part == 0)
            result[line] = sum;
    }
}
