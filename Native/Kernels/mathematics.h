// e^x, ln x, x^y, tanh x: the text of Cpu/Mathematics, one operation a line, so that both give the same bits. Nothing here may be
// contracted or reordered (-ffp-contract=off); a fused multiply-add is written where the processor's code has one.
#pragma once
#include "device.h"

// 1.5 * 2^23: adding it leaves the nearest integer in the low bits.
#define ROUNDER 12582912.0f
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f

// 2^n for whole n in -126..127.
DEVICE float power_of_two(int n) { return float_of((unsigned)(n + 127) << 23); }

// e^(x + low), low far below x. Degree 7 after Cephes expf; times 2^n in two steps, so that tiny results are rounded once.
DEVICE float exponential(float x, float low)
{
    x = x > 89.0f ? 89.0f : x;
    x = -106.0f > x ? -106.0f : x;
    float shifted = fused(x, 1.44269504f, ROUNDER);
    float n = shifted - ROUNDER;
    float r = fused(n, -LN2_HIGH, x);
    r = fused(n, -(LN2_LOW), r) + low;

    float p = fused(1.9875691500e-4f, r, 1.3981999507e-3f);
    p = fused(p, r, 8.3334519073e-3f);
    p = fused(p, r, 4.1665795894e-2f);
    p = fused(p, r, 1.6666665459e-1f);
    p = fused(p, r, 5.0000001201e-1f);
    p = fused(p * r, r, r);
    p = p + 1.0f;

    // Not-a-number has no exponent: any will do.
    int whole = is_number(shifted) ? (int)(bits_of(shifted) - bits_of(ROUNDER)) : 0;
    int half = whole >> 1;
    return p * power_of_two(half) * power_of_two(whole - half);
}

DEVICE float exponential(float x) { return exponential(x, 0); }

// x = 2^e (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).
DEVICE void split_logarithm(float x, float* e, float* f)
{
    bool tiny = 1.17549435e-38f > x;
    x = tiny ? x * 8388608.0f : x;
    int whole = (int)(bits_of(x) - bits_of(0.707106781f)) >> 23;
    *e = float_of(bits_of(ROUNDER) + (unsigned)whole) - ROUNDER;
    *e = *e - (tiny ? 23.0f : 0.0f);
    *f = float_of(bits_of(x) - ((unsigned)whole << 23)) - 1.0f;
}

// P of ln(1 + f) = f - f^2 / 2 + f^3 P(f), after Cephes logf.
DEVICE float logarithm_polynomial(float f)
{
    float p = fused(7.0376836292e-2f, f, -1.1514610310e-1f);
    p = fused(p, f, 1.1676998740e-1f);
    p = fused(p, f, -1.2420140846e-1f);
    p = fused(p, f, 1.4249322787e-1f);
    p = fused(p, f, -1.6668057665e-1f);
    p = fused(p, f, 2.0000714765e-1f);
    p = fused(p, f, -2.4999993993e-1f);
    return fused(p, f, 3.3333331174e-1f);
}

DEVICE float logarithm(float x)
{
    float e, f;
    split_logarithm(x, &e, &f);
    float square = f * f;
    float y = square * f * logarithm_polynomial(f);
    y = fused(e, LN2_LOW, y);
    y = fused(-0.5f, square, y);
    float result = fused(e, LN2_HIGH, f + y);
    result = infinity() <= x ? infinity() : result;
    result = x > 0 ? result : not_a_number();
    return x == 0 ? -infinity() : result;
}

// ln(1 + e^x): the larger of x and 0, and ln(1 + z) with z = e^-|x|, which is ln(u) z / (u - 1) of the rounded u = 1 + z.
DEVICE float logarithm_of_one_plus_exponential(float x)
{
    float z = exponential(float_of(bits_of(x) | 0x80000000u));
    float u = 1.0f + z, step = u - 1.0f;
    float small = step <= 0 ? z : logarithm(u) * (z / step);
    return (x <= 0 ? 0.0f : x) + small;
}

// x^y for x >= 0: e^(y ln x), ln x carried as a sum of two floats.
DEVICE float power(float x, float y)
{
    float e, f;
    split_logarithm(x, &e, &f);
    float half = -0.5f * f;
    float square = half * f;
    float squareLow = fused(half, f, 0.0f - square);
    float sum = f + square;
    float low = f - sum + square + squareLow;
    low = fused(f * f * f, logarithm_polynomial(f), low);

    // e * LN2_HIGH is exact; two-sum, since either summand may be the larger.
    float whole = e * LN2_HIGH;
    float high = whole + sum;
    float part = high - whole;
    low = low + (whole - (high - part) + (sum - part));
    low = fused(e, LN2_LOW, low);

    float product = y * high;
    float rest = fused(y, low, fused(y, high, 0.0f - product));
    rest = product <= 200.0f && -200.0f <= product ? rest : 0.0f;
    float result = exponential(product, rest);

    float falling = y > 0 ? 0.0f : 0 > y ? infinity() : 1.0f;
    float rising = y > 0 ? infinity() : 0 > y ? 0.0f : 1.0f;
    result = infinity() <= x ? rising : result;
    result = x > 0 ? result : not_a_number();
    return x == 0 ? falling : result;
}

// x^-beta for x >= 0: roots and one division where beta is 3/4, 1/2 or 1.
DEVICE float inverse_power(float x, float beta)
{
    if (beta == 0.75f)
    {
        float root = square_root(x);
        return 1.0f / (root * square_root(root));
    }

    if (beta == 0.5f)
        return 1.0f / square_root(x);
    return beta == 1.0f ? 1.0f / x : power(x, -beta);
}

// An odd polynomial below 0.625 after Cephes tanhf, 1 - 2 / (e^2|x| + 1) with the sign of x above.
DEVICE float hyperbolic_tangent(float x)
{
    unsigned sign = bits_of(x) & 0x80000000u;
    float size = float_of(bits_of(x) & 0x7fffffffu);
    float square = x * x;
    float p = fused(-5.70498872745e-3f, square, 2.06390887954e-2f);
    p = fused(p, square, -5.37397155531e-2f);
    p = fused(p, square, 1.33314422036e-1f);
    p = fused(p, square, -3.33332819422e-1f);
    float near = fused(p * square, x, x);
    float grown = exponential(size + size);
    float far = 1.0f - 2.0f / (grown + 1.0f);
    return size > 0.625f ? float_of(bits_of(far) | sign) : near;
}

// e^x - 1 for x up to 0, without cancellation: 2 t / (1 - t) with t = tanh(x / 2).
DEVICE float exponential_less_one(float x)
{
    float t = hyperbolic_tangent(0.5f * x);
    return (t + t) / (1.0f - t);
}

// Up to 1 x + x P(x^2), above 1 - e^(-|x| Q(|x|)) with the sign of x; from 4 on that is 1. Least-squares fits of our own.
DEVICE float error_function(float x)
{
    unsigned sign = bits_of(x) & 0x80000000u;
    float size = float_of(bits_of(x) & 0x7fffffffu);
    float square = x * x;
    float p = fused(7.847259258e-5f, square, -8.008189034e-4f);
    p = fused(p, square, 5.188099109e-3f);
    p = fused(p, square, -2.685369179e-2f);
    p = fused(p, square, 1.128358245e-1f);
    p = fused(p, square, -3.761262596e-1f);
    p = fused(p, square, 1.283791661e-1f);
    float near = fused(p, x, x);

    float far = size > 4.0f ? 4.0f : size;
    float q = fused(1.396274729e-5f, far, -3.505950444e-4f);
    q = fused(q, far, 3.757488914e-3f);
    q = fused(q, far, -2.401009388e-2f);
    q = fused(q, far, 1.065308973e-1f);
    q = fused(q, far, 6.349695325e-1f);
    q = fused(q, far, 1.128694296f);
    far = 1.0f - exponential(0.0f - q * far);
    return size > 1.0f ? float_of(bits_of(far) | sign) : near;
}

// 2 / sqrt(pi) e^(-x^2).
DEVICE float error_function_slope(float x) { return 1.12837917f * exponential(0.0f - x * x); }

// 1 / (1 + e^-x).
DEVICE float logistic(float x) { return 1.0f / (1.0f + exponential(0.0f - x)); }

// The whole number at or below x, |x| below 2^22.
DEVICE float floor_of(float x)
{
    float nearest = x + ROUNDER - ROUNDER;
    return nearest > x ? nearest - 1.0f : nearest;
}

// atan x for 0 <= x <= 1: an odd polynomial up to tan(pi / 8), after Cephes atanf, and pi / 4 more above.
DEVICE float small_arctangent(float x)
{
    bool far = x > 0.414213562f;
    float t = far ? (x - 1.0f) / (x + 1.0f) : x;
    float square = t * t;
    float p = fused(8.05374449538e-2f, square, -1.38776856032e-1f);
    p = fused(p, square, 1.99777106478e-1f);
    p = fused(p, square, -3.33329491539e-1f);
    float value = fused(p * square, t, t);
    return far ? 0.785398163f + value : value;
}

// The angle of (x, y) from -pi to pi; 0 for (0, 0).
DEVICE float angle_of(float y, float x)
{
    float sizeX = float_of(bits_of(x) & 0x7fffffffu), sizeY = float_of(bits_of(y) & 0x7fffffffu);
    bool steep = sizeY > sizeX;
    float larger = steep ? sizeY : sizeX, smaller = steep ? sizeX : sizeY;
    if (larger == 0)
        return 0;
    float angle = small_arctangent(smaller / larger);
    angle = steep ? 1.57079633f - angle : angle;
    angle = x < 0 ? 3.14159265f - angle : angle;
    return y < 0 ? -angle : angle;
}
