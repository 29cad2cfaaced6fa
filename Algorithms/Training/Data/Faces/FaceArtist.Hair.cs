using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Hair: behind the head, on it, and beside the face.</summary>
internal sealed partial class FaceArtist
{
    bool Hangs => _person.Hair is HairStyle.Long or HairStyle.Bob;

    /// <summary>How low hanging hair reaches.</summary>
    double HairEnd => _person.Hair == HairStyle.Long ? 1.32 : 0.84;

    void HairBehind()
    {
        Tint tint = _person.HairTint.Times(0.72);
        if (_person.Hair == HairStyle.Bun)
            _paint.Fill(Array.ConvertAll(Curve.Ellipse(0, -1.10, 0.30, 0.26), spot => _view.Place(spot.X, spot.Y, -0.42)), _person.HairTint.Times(0.9));
        if (!Hangs) return;
        (double left, double right) = _head.Reach(_view, -0.15);
        double end = HairEnd, out1 = _person.HairVolume + 0.03, out2 = _person.HairVolume + 0.12;
        Spot[] shape = Curve.Around(
            new(left - out1, -0.35), new(left - out2, 0.25), new(left - out2, 0.75), new(left - 0.02, end), new(0, end - 0.05), new(right + 0.02, end), new(right + out2, 0.75),
            new(right + out2, 0.25), new(right + out1, -0.35), new(0, -0.9));
        _paint.Fill(Array.ConvertAll(shape, spot => _view.Flat(spot.X, spot.Y)), tint);
    }

    void Hair()
    {
        bool shaved = _person.Hair == HairStyle.Shaved;
        Dot[] cap = Cap();
        _hairMask.Cover(cap);
        Tint tint = _person.HairTint;
        _paint.Fill(_hairMask, tint, shaved ? 0.30 : 1);
        if (shaved) return;
        (double left, double right) = _head.Reach(_view, -0.5);
        _paint.Glow(_view.Flat(left * 0.35 + right * 0.05, -0.78), 0.62 * _view.Scale, 0.30 * _view.Scale, tint.Times(1.3).To(Tint.Of(0xFFFFFF), 0.12), 0.7, _hairMask);
        _paint.Glow(_view.Flat(right, -0.2), 0.5 * _view.Scale, 0.8 * _view.Scale, tint.Times(0.55), 0.6, _hairMask);
        _paint.Glow(_view.Flat(left - 0.05, 0.1), 0.4 * _view.Scale, 0.7 * _view.Scale, tint.Times(0.62), 0.5, _hairMask);
        Strands(tint);
    }

    /// <summary>The outline of the hair on the head: along the head's own, stood off by the hair's volume, and back along the hairline as far as it is seen.</summary>
    Dot[] Cap()
    {
        const int Step = 4;
        var line = new Dot[360 / Step];
        int first = 0, last = 0;
        double left = 0, right = 0;
        for (int i = 0; i < line.Length; i++)
        {
            double angle = i * Step - 180, y = Hairline(angle);
            line[i] = Seen(angle, y);
            // How far around the head is seen, where it is round: the line itself draws in at the nape.
            double reach = Seen(angle, 0.1).X;
            if (reach < left) (left, first) = (reach, i);
            if (reach > right) (right, last) = (reach, i);
        }

        List<Dot> cap = _head.Outline(_view, line[first].Y, line[last].Y);
        double middle = (line[first].X + line[last].X) / 2, volume = _person.Hair switch
        {
            HairStyle.Curly => 0.17,
            HairStyle.Shaved => 0.004,
            HairStyle.Bun => 0.035,
            _ => _person.HairVolume,
        };
        for (int i = 0; i < cap.Count; i++)
        {
            double x = cap[i].X - middle, y = cap[i].Y + 0.1, length = Math.Sqrt(x * x + y * y);
            double bump = _person.Hair == HairStyle.Curly ? 1 + 0.16 * Angle.Of(360.0 * 13 * i / cap.Count).Sine : 1;
            // Thinner towards the ears.
            double away = volume * bump * Math.Clamp(0.75 - 0.9 * y, 0.25, 1) / length;
            cap[i] = new Dot(cap[i].X + x * away, cap[i].Y + y * away);
        }

        for (int i = last; ; i = (i + line.Length - 1) % line.Length)
        {
            cap.Add(line[i]);
            if (i == first) break;
        }

        return [.. cap.Select(dot => _view.Flat(dot.X, dot.Y))];

        Dot Seen(double angle, double y)
        {
            (double x, double z) = _head.Around(angle, y, 0.01);
            return new Dot(x * _view.Cosine + z * _view.Sine, y);
        }
    }

    /// <summary>Where the hair begins, around the head; 0 degrees in front.</summary>
    double Hairline(double angle)
    {
        double h = _person.Hairline, swept = angle * _person.PartSide, a = Math.Abs(angle);
        double front = _person.Hair switch
        {
            HairStyle.Fringe => Bend(a, (0, -0.36), (30, -0.35), (50, -0.30), (62, -0.12), (72, 0.02)),
            HairStyle.Parted => swept > 0
                ? Bend(a, (0, h + 0.02), (18, h - 0.05), (36, h), (56, h + 0.17), (68, -0.24), (76, 0))
                : Bend(a, (0, h + 0.02), (22, h + 0.11), (42, h + 0.19), (58, -0.34), (68, -0.2), (76, 0)),
            HairStyle.Long or HairStyle.Bob => Bend(a, (0, h - 0.03), (24, h + 0.03), (46, h + 0.17), (60, -0.22), (70, 0.05), (76, 0.2)),
            HairStyle.Bun => Bend(a, (0, h), (30, h), (52, h + 0.13), (66, -0.26), (80, -0.08)),
            _ => Bend(a, (0, h), (28, h - 0.02), (46, h + 0.08), (56, h + 0.26), (66, -0.20), (76, 0.02)),
        };
        if (a < 76) return front;
        return Hangs ? Bend(a, (76, 0.2), (90, 0.5), (180, 0.6)) : Bend(a, (76, front), (83, 0.10), (90, 0.0), (102, -0.02), (116, 0.18), (136, 0.27), (180, 0.30));
    }

    /// <summary>Between knots, level at each.</summary>
    static double Bend(double at, params ReadOnlySpan<(double Angle, double Y)> knots)
    {
        int i = 1;
        while (i < knots.Length - 1 && knots[i].Angle < at) i++;
        double t = Math.Clamp((at - knots[i - 1].Angle) / (knots[i].Angle - knots[i - 1].Angle), 0, 1);
        return knots[i - 1].Y + (knots[i].Y - knots[i - 1].Y) * t * t * (3 - 2 * t);
    }

    void Strands(Tint tint)
    {
        if (_person.Hair == HairStyle.Curly)
        {
            Curls(tint);
            return;
        }

        double part = _person.Hair == HairStyle.Parted ? 30 * _person.PartSide : 0;
        for (int k = -9; k <= 9; k++)
        {
            double to = k * 17;
            Dot[] strand = Strand(part + to * 0.25, to, _person.HairVolume * 0.6);
            _paint.Fill(strand, k % 2 == 0 ? tint.Times(0.68) : tint.Times(1.35), 0.30, _hairMask);
        }
    }

    Dot[] Strand(double from, double to, double lift)
    {
        const int Pieces = 10;
        double end = Hairline(to);
        var line = new Dot[2 * Pieces];
        for (int i = 0; i < Pieces; i++)
        {
            double t = i / (Pieces - 1.0), y = -0.99 + (end + 0.99) * t * (0.4 + 0.6 * t), angle = from + (to - from) * t, width = 1.1 * t * (1.1 - t);
            (double x, double z) = _head.Around(angle - 2.2 * width, y, lift * (1 - t));
            (double x2, double z2) = _head.Around(angle + 2.2 * width, y, lift * (1 - t));
            line[i] = _view.Place(x, y, z);
            line[^(i + 1)] = _view.Place(x2, y, z2);
        }

        return line;
    }

    void Curls(Tint tint)
    {
        var random = new SampleRandom(2, 2);
        for (int i = 0; i < 70; i++)
        {
            double x = random.Between(-0.95, 0.95), y = random.Between(-1.2, 0.2), size = random.Between(0.05, 0.09);
            Spot[] curl = Curve.Ribbon(0.006, 0.024, 0.006, new(x - size, y), new(x - size * 0.3, y - size), new(x + size * 0.8, y - size * 0.2), new(x + size * 0.2, y + size * 0.6));
            _paint.Fill(Array.ConvertAll(curl, spot => _view.Flat(spot.X, spot.Y)), i % 2 == 0 ? tint.Times(0.6) : tint.Times(1.4), 0.45, _hairMask);
        }
    }

    /// <summary>What hangs down beside the face.</summary>
    void Locks()
    {
        if (!Hangs) return;
        double end = HairEnd;
        for (int s = -1; s <= 1; s += 2)
        {
            if (Turned && s == FarSide) continue;
            Dot[] shape =
            [
                Round(s * 40, -0.62), Round(s * 58, -0.28), Round(s * 66, 0), Round(s * 68, 0.3), _view.Place(s * 0.60, 0.62, 0.25), _view.Place(s * 0.56, end - 0.25, 0.25),
                _view.Place(s * 0.62, end, 0.15), _view.Place(s * 0.86, end, -0.2), _view.Place(s * 0.93, 0.5, -0.25), _view.Place(s * 0.90, 0, -0.25), Round(s * 100, -0.45),
            ];
            Dot[] smooth = [.. Curve.Around(Array.ConvertAll(shape, dot => new Spot(dot.X, dot.Y))).Select(spot => new Dot(spot.X, spot.Y))];
            _hairMask.Cover(smooth);
            Tint tint = _person.HairTint.Times(0.95);
            _paint.Fill(_hairMask, tint);
            for (int k = 0; k < 5; k++)
            {
                double x = s * (0.64 + 0.06 * k), z = 0.2 - 0.09 * k;
                Spot[] strand = Curve.Ribbon(0.01, 0.035, 0.01, new(x * 0.98, -0.3), new(x, 0.2), new(x * 1.03, 0.6), new(x * 0.96, end));
                _paint.Fill(Array.ConvertAll(strand, spot => _view.Place(spot.X, spot.Y, z)), k % 2 == 0 ? tint.Times(0.7) : tint.Times(1.3), 0.4, _hairMask);
            }
        }

        Dot Round(double angle, double y)
        {
            (double x, double z) = _head.Around(angle, y, 0.02);
            return _view.Place(x, y, z);
        }
    }
}
