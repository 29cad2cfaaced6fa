// Oriented histograms (HOG, dense SIFT) as differentiable layers (spec sections 7.1 to 7.4): binning of image gradients by orientation, and
// normalisation of blocks with a limit. One thread per pixel, or per block of cells, going over the channels in order.
#include "mathematics.h"

// Hard: all of |g| to the nearest of K directions, the first of equal ones. Bilinear: shared between the two neighbours by angle.
// Rectified: max(0, <g, u_k> - a |g|) / (1 - a). By cosine and by cubic: bilinear with the angles of VLFeat's HOG and dense SIFT.
enum Binning { Hard = 0, Bilinear = 1, Rectified = 2, ByCosine = 3, ByCubic = 4 };

struct Gradient
{
    float x, y, size;
    int colour;
};

// The strongest of a pixel's gradients, [colours][2][plane], the first of equal ones.
DEVICE Gradient gradient_at(const float* g, i64 plane, int colours)
{
    float x = g[0], y = g[plane], square = fused(x, x, y * y);
    int colour = 0;
    for (int c = 1; c < colours; c++)
    {
        float ownX = g[2 * c * plane], ownY = g[2 * c * plane + plane], own = fused(ownX, ownX, ownY * ownY);
        if (own > square)
        {
            x = ownX;
            y = ownY;
            square = own;
            colour = c;
        }
    }

    return {x, y, square_root(square), colour};
}

DEVICE float along(Gradient g, const float* direction) { return fused(direction[0], g.x, direction[1] * g.y); }

DEVICE int nearest_direction(Gradient g, const float* directions, int bins)
{
    int best = 0;
    float most = along(g, directions);
    for (int k = 1; k < bins; k++)
    {
        float value = along(g, directions + 2 * k);
        if (value > most)
        {
            most = value;
            best = k;
        }
    }

    return best;
}

// What VLFeat's dense SIFT takes for the angle, within 0.0062 radians: pi / 4 - 0.9675 r + 0.1821 r^3 for x and y above 0, r = (x - y) / (x + y). slope is its
// derivative by the true angle: dr / d angle is -(1 + r^2).
DEVICE float cubic_angle(float y, float x, float& slope)
{
    // The library's guard against 0 / 0.
    float sizeX = float_of(bits_of(x) & 0x7fffffffu), sizeY = float_of(bits_of(y) & 0x7fffffffu) + 1.1920929e-7f;
    float r = (x < 0 ? x + sizeY : x - sizeY) / (sizeX + sizeY), square = r * r;
    float angle = fused(0.1821f * square - 0.9675f, r, x < 0 ? 2.35619449f : 0.785398163f);
    slope = (0.9675f - 0.5463f * square) * (1.0f + square);
    return y < 0 ? -angle : angle;
}

// The two bins that share a gradient, how much of it goes to the upper one, and how fast the angle turns.
struct Shares
{
    int lower, upper;
    float fraction, slope;
};

DEVICE Shares shares_of(Gradient g, int bins, bool cubic)
{
    float slope = 1;
    float angle = cubic ? cubic_angle(g.y, g.x, slope) : angle_of(g.y, g.x);
    // Bins per radian: bins / 2 pi.
    float position = angle * ((float)bins * 0.159154943f);
    float whole = floor_of(position);
    int lower = (int)whole;
    lower = lower < 0 ? lower + bins : lower;
    return {lower, lower + 1 == bins ? 0 : lower + 1, position - whole, slope};
}

// As VLFeat's HOG: the nearest direction and the next, by the arc cosine of a float.
DEVICE Shares shares_by_cosine(Gradient g, const float* directions, int bins)
{
    int nearest = 0, next = 0;
    float most = directions[0] * g.x + directions[1] * g.y, second = -float_of(0x7f800000u);
    for (int k = 1; k < bins; k++)
    {
        float value = directions[2 * k] * g.x + directions[2 * k + 1] * g.y;
        if (value > most)
        {
            next = nearest;
            second = most;
            nearest = k;
            most = value;
        }
        else if (value > second)
        {
            next = k;
            second = value;
        }
    }

    float cosine = g.size > 0 ? most / g.size : 1.0f;
    cosine = cosine > 1.0f ? 1.0f : cosine;
    // 1 - cosine is exact there, so no more is lost.
    float sine = square_root((1.0f - cosine) * (1.0f + cosine));
    return {nearest, next, angle_of(sine, cosine) * ((float)bins * 0.159154943f), 1.0f};
}

// h of [samples][K][plane] from gradients [samples][colours][2][plane], x then y, of which a pixel's strongest counts; directions are K pairs
// (cos, sin) of 2 pi k / K, a is cos(2 pi / K). A pixel without gradient gives zeros.
KERNEL orientation_forward(int binning, const float* g, const float* directions, float* h, i64 samples, int colours, i64 plane, int bins, float a)
{
    i64 pixels = samples * plane;
    for (i64 i = first_item(); i < pixels; i += item_step())
    {
        Gradient at = gradient_at(g + i / plane * 2 * colours * plane + i % plane, plane, colours);
        float* to = h + i / plane * bins * plane + i % plane;
        int nearest = binning == Hard ? nearest_direction(at, directions, bins) : 0;
        Shares shares = binning == Bilinear || binning == ByCubic ? shares_of(at, bins, binning == ByCubic)
            : binning == ByCosine ? shares_by_cosine(at, directions, bins) : Shares{0, 0, 0, 0};
        for (int k = 0; k < bins; k++)
        {
            float value = 0;
            if (binning == Hard)
                value = k == nearest ? at.size : 0.0f;
            else if (binning != Rectified)
                value = k == shares.lower ? at.size * (1.0f - shares.fraction) : k == shares.upper ? at.size * shares.fraction : 0.0f;
            else
                value = greater_of((along(at, directions + 2 * k) - a * at.size) / (1.0f - a), 0);
            to[k * plane] = value;
        }
    }
}

// The signal at the gradients, [rows][colours][2][plane], from that at h; row r reads the gradients of row r / seeds. 0 where there is no
// gradient, and at the colours that are not the strongest.
KERNEL orientation_backward(int binning, const float* g, const float* directions, const float* signal, float* result, i64 rows, int seeds, int colours,
    i64 plane, int bins, float a)
{
    i64 pixels = rows * plane;
    for (i64 i = first_item(); i < pixels; i += item_step())
    {
        Gradient at = gradient_at(g + i / plane / seeds * 2 * colours * plane + i % plane, plane, colours);
        const float* r = signal + i / plane * bins * plane + i % plane;
        float dx = 0, dy = 0;
        if (at.size > 0)
        {
            float unitX = at.x / at.size, unitY = at.y / at.size;
            if (binning == Hard)
            {
                float given = r[nearest_direction(at, directions, bins) * plane];
                dx = given * unitX;
                dy = given * unitY;
            }
            else if (binning != Rectified)
            {
                Shares shares = shares_of(at, bins, binning == ByCubic);
                float lower = r[shares.lower * plane], upper = r[shares.upper * plane];
                float outward = fused(upper, shares.fraction, lower * (1.0f - shares.fraction));
                // Right on a direction the slope to either side cancels by convention.
                float turning = shares.fraction == 0 ? 0.0f : (float)bins * 0.159154943f * shares.slope * (upper - lower);
                dx = fused(outward, unitX, -(turning * unitY));
                dy = fused(outward, unitY, turning * unitX);
            }
            else
            {
                for (int k = 0; k < bins; k++)
                {
                    const float* direction = directions + 2 * k;
                    if (!(along(at, direction) - a * at.size > 0))
                        continue;
                    float share = r[k * plane] / (1.0f - a);
                    dx = fused(share, fused(-a, unitX, direction[0]), dx);
                    dy = fused(share, fused(-a, unitY, direction[1]), dy);
                }
            }
        }

        float* to = result + i / plane * 2 * colours * plane + i % plane;
        for (int c = 0; c < colours; c++)
        {
            to[2 * c * plane] = c == at.colour ? dx : 0.0f;
            to[2 * c * plane + plane] = c == at.colour ? dy : 0.0f;
        }
    }
}

// N = max(sqrt(epsilon + sum of v_c^2 over the channels with c % period >= first), least): HOG has period 27, first 18 (the undirected ones of
// each cell), epsilon 0, least 1e-6; dense SIFT period 1, first 0, epsilon 1e-6, least 0.
DEVICE float block_norm(const float* v, int channels, i64 plane, int period, int first, float epsilon, float least)
{
    float sum = epsilon;
    for (int c = 0; c < channels; c++)
    {
        if (c % period >= first)
            sum = fused(v[c * plane], v[c * plane], sum);
    }

    return greater_of(square_root(sum), least);
}

// y = min(v / N, limit) over [samples][C][plane], a thread per place of the plane.
KERNEL block_norm_forward(const float* v, float* y, i64 samples, int channels, i64 plane, int period, int first, float epsilon, float least, float limit)
{
    for (i64 i = first_item(); i < samples * plane; i += item_step())
    {
        i64 start = i / plane * channels * plane + i % plane;
        float norm = block_norm(v + start, channels, plane, period, first, epsilon, least);
        for (int c = 0; c < channels; c++)
        {
            float value = v[start + c * plane] / norm;
            y[start + c * plane] = value > limit ? limit : value;
        }
    }
}

// m = R where v / N is at most the limit, else 0; dv = m / N, and in the channels of the norm, unless it is at its least, - v * (sum of m v) / N^3.
// rows of signal, row r of it reading v of row r / seeds.
KERNEL block_norm_backward(const float* v, const float* signal, float* result, i64 rows, int seeds, int channels, i64 plane, int period, int first,
    float epsilon, float least, float limit)
{
    for (i64 i = first_item(); i < rows * plane; i += item_step())
    {
        i64 start = i / plane * channels * plane + i % plane;
        const float* from = v + i / plane / seeds * channels * plane + i % plane;
        const float* r = signal + start;
        float norm = block_norm(from, channels, plane, period, first, epsilon, least), total = 0;
        for (int c = 0; c < channels; c++)
        {
            if (from[c * plane] / norm <= limit)
                total = fused(r[c * plane], from[c * plane], total);
        }

        float slope = norm > least ? total / norm / norm / norm : 0.0f;
        for (int c = 0; c < channels; c++)
        {
            float value = from[c * plane];
            float passed = value / norm <= limit ? r[c * plane] / norm : 0.0f;
            result[start + c * plane] = c % period >= first ? fused(-slope, value, passed) : passed;
        }
    }
}
