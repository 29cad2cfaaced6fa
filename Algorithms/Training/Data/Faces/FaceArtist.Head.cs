using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Neck, skin, ears and beard.</summary>
internal sealed partial class FaceArtist
{
    void Neck()
    {
        double half = _person.Female ? 0.36 : 0.45, x = -0.08 * _view.Sine;
        Tint skin = _person.Skin.Times(0.84);
        _headMask.Cover([.. Neckline(x, half, 1.6)]);
        _paint.Fill(_headMask, skin);
        _paint.Glow(_view.Flat(x, 1.0), 0.75 * _view.Scale, 0.45 * _view.Scale, _person.Skin.Times(0.52), 0.75, _headMask);
        // All of them wear the same black shirt.
        Spot[] shirt = Curve.Through(
            new(-1.7, 2.2), new(-1.55, 1.62), new(-1.05, 1.42), new(-half - 0.10, 1.24), new(-half * 0.7, 1.36), new(0, 1.43), new(half * 0.7, 1.36), new(half + 0.10, 1.24),
            new(1.05, 1.42), new(1.55, 1.62), new(1.7, 2.2));
        _paint.Fill(Array.ConvertAll(shirt, spot => _view.Flat(spot.X + x, spot.Y)), Tint.Of(0x2A2B30));
    }

    IEnumerable<Dot> Neckline(double x, double half, double bottom)
    {
        yield return _view.Flat(x - half, 0.5);
        yield return _view.Flat(x - half, 1.1);
        yield return _view.Flat(x - half * 1.3, bottom);
        yield return _view.Flat(x + half * 1.3, bottom);
        yield return _view.Flat(x + half, 1.1);
        yield return _view.Flat(x + half, 0.5);
    }

    void Skin()
    {
        Tint skin = _person.Skin;
        _headMask.Cover([.. _head.Outline(_view, _head.Bottom, _head.Bottom).Select(dot => _view.Flat(dot.X, dot.Y))]);
        _paint.Fill(_headMask, skin);
        (double left, double right) = _head.Reach(_view, 0.2);
        double scale = _view.Scale;
        // Light from the upper left.
        _paint.Glow(_view.Flat(right + 0.02, 0.25), 0.62 * scale, 1.3 * scale, skin.Times(0.68), 0.62, _headMask);
        _paint.Glow(_view.Flat(left - 0.10, 0.35), 0.50 * scale, 1.2 * scale, skin.Times(0.74), 0.48, _headMask);
        _paint.Glow(_view.Flat((left + right) / 2, _head.Bottom + 0.12), 0.8 * scale, 0.42 * scale, skin.Times(0.72), 0.55, _headMask);
        Glow(-0.12, -0.42, 0.55, 0.36, skin.Times(1.07), 0.6, _headMask);
        for (int s = -1; s <= 1; s += 2)
            Glow(s * 0.40, 0.26 - _look.Cheeks, 0.24, 0.2, skin.To(Tint.Of(0xD8544A), 0.5), 0.22 + 3 * _look.Cheeks, _headMask);
        Glow(0, 0.87 + _look.Jaw, 0.15, 0.10, skin.Times(1.05), 0.5, _headMask);
        if (_person.Mole is { } mole)
            Fill(Curve.Ellipse(mole.X, mole.Y, 0.018, 0.018), Line, 0.9, _headMask);
        if (_person.Freckles) Freckles();
    }

    void Freckles()
    {
        var random = new SampleRandom(1, 1);
        for (int i = 0; i < 34; i++)
        {
            double x = random.Between(-0.48, 0.48), y = random.Between(0.08, 0.36);
            Fill(Curve.Ellipse(x, y, 0.010, 0.010), _person.Skin.Times(0.72).To(Tint.Of(0xA05A30), 0.4), 0.55, _headMask);
        }
    }

    /// <param name="ear">1 for the ear on the picture's right.</param>
    void Ear(int ear)
    {
        if (_person.Hair is HairStyle.Long or HairStyle.Bob) return;
        Tint skin = _person.Skin.Times(Turned ? 0.95 : 0.88).To(Tint.Of(0xD07060), 0.12);
        _paint.Fill(EarShape(ear, 1), skin);
        _paint.Fill(EarShape(ear, 0.62), skin.Times(0.74), 0.75);
        _paint.Fill(EarShape(ear, 0.36), skin.Times(0.95), 0.8);
    }

    Dot[] EarShape(int ear, double size)
    {
        const double Middle = 0.13;
        double tall = 0.185 * _person.Ears, deep = 0.12 * _person.Ears, width = _head.Width(Middle);
        // Its front is grown to the head, its back stands off.
        return Array.ConvertAll(Curve.Ellipse(0, 0, size, size), spot =>
        {
            double back = 0.5 + 0.5 * spot.X, lobe = spot.Y > 0 ? 1 - 0.3 * spot.Y : 1;
            return _view.Place(ear * (width - 0.01 + 0.11 * back * _person.Ears), Middle + tall * spot.Y, -0.03 - deep * spot.X * lobe);
        });
    }

    void Beard()
    {
        if (_person.Beard == BeardStyle.None) return;
        Tint tint = _person.HairTint.Times(0.95);
        double mouth = MouthMiddle, chin = _head.Bottom;
        if (_person.Beard is BeardStyle.Full or BeardStyle.Stubble)
        {
            double opacity = _person.Beard == BeardStyle.Full ? 0.9 : 0.26;
            Spot[] edge = Curve.Through(
                new(-0.72, 0.02), new(-0.62, 0.30), new(-0.46, 0.50), new(-0.27, 0.47), new(-0.10, 0.43), new(0.10, 0.43), new(0.27, 0.47), new(0.46, 0.50), new(0.62, 0.30), new(0.72, 0.02));
            // Closed far below the chin; the head's own outline cuts it.
            List<Dot> shape = [.. _head.Place(_view, edge)];
            shape.Add(_view.Flat(1.3, 0.1));
            shape.Add(_view.Flat(1.3, chin + 0.3));
            shape.Add(_view.Flat(-1.3, chin + 0.3));
            shape.Add(_view.Flat(-1.3, 0.1));
            _paint.Fill([.. shape], tint, opacity, _headMask);
            return;
        }

        // Its ends go with the corners of the mouth, its middle with the lip.
        double half = _person.MouthWidth + _look.Wide + 0.03, lip = mouth - _look.LipUp;
        Fill(Curve.Around(
            new(-half, mouth + 0.01 - CornerLift(-1)), new(-0.12, lip - 0.135), new(0, lip - 0.115), new(0.12, lip - 0.135), new(half, mouth + 0.01 - CornerLift(1)), new(0.10, lip - 0.04),
            new(0, lip - 0.035), new(-0.10, lip - 0.04)), tint, 0.92);
        if (_person.Beard == BeardStyle.Goatee)
            Fill(Curve.Around(new(-0.17, mouth + 0.15), new(0, mouth + 0.12), new(0.17, mouth + 0.15), new(0.15, chin - 0.06), new(0, chin - 0.01), new(-0.15, chin - 0.06)), tint, 0.92, _headMask);
    }
}
