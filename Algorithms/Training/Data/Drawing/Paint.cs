using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training.Data.Drawing;

/// <summary>A square picture while it is painted, one shape over the other.</summary>
internal sealed class Paint(int side)
{
    // Below it a pixel is as good as not covered: rounding in the sums leaves such traces.
    const float Trace = 1e-3f;

    readonly float[] _red = new float[side * side], _green = new float[side * side], _blue = new float[side * side];
    readonly Mask _shape = new(side);

    /// <summary>Pixels on a side.</summary>
    public int Side => side;

    /// <summary>Paints everything over, from one colour above to another below.</summary>
    public void Clear(Tint above, Tint below)
    {
        for (int y = 0; y < side; y++)
        {
            Tint tint = above.To(below, (y + 0.5) / side);
            _red.AsSpan(y * side, side).Fill(tint.R);
            _green.AsSpan(y * side, side).Fill(tint.G);
            _blue.AsSpan(y * side, side).Fill(tint.B);
        }
    }

    /// <summary>Paints a polygon.</summary>
    /// <param name="polygon">Its corners.</param>
    /// <param name="tint">The colour.</param>
    /// <param name="opacity">0 to 1.</param>
    /// <param name="within">Where it is seen; null for everywhere.</param>
    public void Fill(ReadOnlySpan<Dot> polygon, Tint tint, double opacity = 1, Mask? within = null)
    {
        _shape.Cover(polygon);
        Fill(_shape, tint, opacity, within);
    }

    /// <summary>Paints what a mask covers.</summary>
    public void Fill(Mask shape, Tint tint, double opacity = 1, Mask? within = null)
    {
        float strength = (float)opacity;
        (int left, int right) = shape.Columns;
        for (int y = shape.Rows.First; y < shape.Rows.End; y++)
        {
            ReadOnlySpan<float> cover = shape.Row(y), seen = within is null ? default : within.Row(y);
            for (int x = left; x < right; x++)
            {
                float part = cover[x] * strength;
                if (within is not null) part *= seen[x];
                if (part > Trace) Blend(y * side + x, tint, part);
            }
        }
    }

    /// <summary>Paints a soft ellipse that fades from its middle to nothing: (1 - r^2)^2.</summary>
    public void Glow(Dot middle, double radiusX, double radiusY, Tint tint, double opacity, Mask? within = null)
    {
        int left = Pixel(middle.X - radiusX), right = Pixel(middle.X + radiusX + 1), top = Pixel(middle.Y - radiusY), bottom = Pixel(middle.Y + radiusY + 1);
        float strength = (float)opacity;
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<float> seen = within is null ? default : within.Row(y);
            float v = (float)((y + 0.5 - middle.Y) / radiusY);
            for (int x = left; x < right; x++)
            {
                float u = (float)((x + 0.5 - middle.X) / radiusX), rest = 1 - (u * u + v * v);
                if (rest <= 0) continue;
                float part = strength * rest * rest;
                if (within is not null) part *= seen[x];
                if (part > Trace) Blend(y * side + x, tint, part);
            }
        }

        int Pixel(double place) => (int)Math.Clamp(place, 0, side);
    }

    /// <summary>Writes the planes as bytes, with the grain of a film: flat areas would make every window of a max pool a tie.</summary>
    /// <param name="planes">Receives 3 x side x side bytes.</param>
    /// <param name="light">What every colour is multiplied with.</param>
    /// <param name="grain">The most a pixel is lifted or lowered; the same in all channels.</param>
    /// <param name="seed">What the grain follows from.</param>
    /// <param name="stream">The picture's own.</param>
    public void Develop(Span<byte> planes, double light, double grain, ulong seed, ulong stream)
    {
        float factor = (float)light, step = (float)(grain / 127.5);
        int pixels = side * side;
        uint word = 0;
        (uint X, uint Y, uint Z, uint W) words = default;
        for (int i = 0; i < pixels; i++)
        {
            int lane = i & 15;
            if (lane == 0) words = Philox.Block(seed, (ulong)(i >> 4), stream);
            if ((lane & 3) == 0) word = (lane >> 2) switch { 0 => words.X, 1 => words.Y, 2 => words.Z, _ => words.W };
            float speck = ((int)(word & 255) - 127.5f) * step;
            word >>= 8;
            planes[i] = Round(_red[i] * factor + speck);
            planes[pixels + i] = Round(_green[i] * factor + speck);
            planes[2 * pixels + i] = Round(_blue[i] * factor + speck);
        }

        static byte Round(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
    }

    void Blend(int pixel, Tint tint, float part)
    {
        _red[pixel] += (tint.R - _red[pixel]) * part;
        _green[pixel] += (tint.G - _green[pixel]) * part;
        _blue[pixel] += (tint.B - _blue[pixel]) * part;
    }
}
