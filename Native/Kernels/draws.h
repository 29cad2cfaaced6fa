// Random numbers by counter: the text of Cpu/Draws, one operation a line where roundings are concerned, so that both give the same bits.
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): element i of a stream is word i % 4 of the block with the counter (i / 4, stream).
#pragma once
#include "device.h"

struct DrawRule
{
    // 2^-32 times the probability inside the cuts of a normal, 0 for a flat draw; the deviation or 2^-32 times the width; the mean or the middle.
    double scale, factor, summand;
};

struct Words
{
    unsigned word[4];
};

DEVICE Words philox(i64 seed, i64 block, i64 stream)
{
    unsigned x = (unsigned)block, y = (unsigned)((unsigned long long)block >> 32);
    unsigned z = (unsigned)stream, w = (unsigned)((unsigned long long)stream >> 32);
    unsigned keyA = (unsigned)seed, keyB = (unsigned)((unsigned long long)seed >> 32);
    for (int round = 0; round < 10; round++)
    {
        unsigned long long a = 0xD2511F53ull * x, b = 0xCD9E8D57ull * z;
        x = (unsigned)(b >> 32) ^ y ^ keyA;
        y = (unsigned)b;
        z = (unsigned)(a >> 32) ^ w ^ keyB;
        w = (unsigned)a;
        keyA += 0x9E3779B9u;
        keyB += 0xBB67AE85u;
    }

    return {{x, y, z, w}};
}

// ln t of a normal number: t = 2^e m, m between sqrt(1/2) and sqrt(2), ln m = 2 artanh((m - 1) / (m + 1)).
DEVICE double wide_logarithm(double t)
{
    unsigned long long bits = __builtin_bit_cast(unsigned long long, t);
    double e = (double)((int)(bits >> 52) - 1023);
    double m = __builtin_bit_cast(double, (bits & 0xfffffffffffffull) | 0x3ff0000000000000ull);
    bool large = m > 1.4142135623730951;
    m = large ? m * 0.5 : m;
    e = large ? e + 1.0 : e;
    double g = (m - 1.0) / (m + 1.0);
    double square = g * g;
    double p = fused(1.0 / 13, square, 1.0 / 11);
    p = fused(p, square, 1.0 / 9);
    p = fused(p, square, 1.0 / 7);
    p = fused(p, square, 1.0 / 5);
    p = fused(p, square, 1.0 / 3);
    p = fused(p, square, 1.0);
    double twice = g + g;
    double rest = twice * p;
    return fused(e, 0.6931471805599453, rest);
}

// The x with Phi(x) = 1/2 + q.
DEVICE double normal_quantile(double q)
{
    double size = q < 0 ? -q : q;
    if (size > 0.478)
    {
        double s = square_root(-2.0 * wide_logarithm(0.5 - size));
        double p = fused(0.3797486687568651, s, 3.2678443271797795);
        double d = fused(4.684269083488012e-06, s, 0.3793996819014212);
        p = fused(p, s, 3.068993481357455);
        d = fused(d, s, 3.2856772151637355);
        p = fused(p, s, -6.138982250348251);
        d = fused(d, s, 4.632249625775751);
        p = fused(p, s, -3.0898281404436374);
        d = fused(d, s, 1.0);
        double x = p / d;
        return q < 0 ? -x : x;
    }

    double r = q * q;
    double p = fused(69.74904293635831, r, -520.0209627822952);
    double d = fused(107.76124080595106, r, -416.78535751320567);
    p = fused(p, r, 875.1448613318572);
    d = fused(d, r, 535.7366541915792);
    p = fused(p, r, -622.0800201158604);
    d = fused(d, r, -323.8634448905986);
    p = fused(p, r, 218.05834658139423);
    d = fused(d, r, 101.39923163104167);
    p = fused(p, r, -37.37169516461143);
    d = fused(d, r, -15.95634682196737);
    p = fused(p, r, 2.5066282747252924);
    d = fused(d, r, 1.0);
    double top = q * p;
    return top / d;
}

DEVICE float drawn(DrawRule rule, unsigned word)
{
    double h = (double)(int)(word ^ 0x80000000u) + 0.5;
    if (rule.scale == 0)
        return (float)fused(h, rule.factor, rule.summand);
    double q = h * rule.scale;
    return (float)fused(rule.factor, normal_quantile(q), rule.summand);
}
