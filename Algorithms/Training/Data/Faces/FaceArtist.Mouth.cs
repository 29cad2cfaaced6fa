using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Nose, mouth and the folds between them.</summary>
internal sealed partial class FaceArtist
{
    double NoseBase => _person.EyeHeight + _person.NoseLength + 0.03 - 0.025 * _look.Wrinkle;

    double MouthMiddle => _person.MouthHeight + 0.3 * _look.Jaw;

    void Nose()
    {
        FacePerson p = _person;
        Tint skin = p.Skin, shade = skin.Times(0.80), light = skin.Times(1.09);
        double top = p.EyeHeight - 0.06, low = NoseBase, tip = low - 0.075, wide = p.NoseWidth * (1 + 0.12 * _look.Wrinkle), lift = p.NoseLift;
        // The side away from the light, or the one that is turned away.
        int dark = Turned ? FarSide : 1;
        Fill(Curve.Around(
            new(dark * 0.045, top, 0.06), new(dark * 0.05, top + 0.16, 0.12), new(dark * wide * 0.85, tip - 0.01, 0.08), new(dark * wide, low - 0.05, 0.04), new(dark * wide * 0.6, low - 0.005, 0.06),
            new(0.0, low, 0.10), new(dark * 0.04, tip, lift)), shade, 0.55);
        if (Turned)
        {
            Fill(Curve.Around(
                new(-dark * 0.05, top, 0.04), new(dark * 0.02, top, 0.08), new(dark * 0.025, top + 0.15, 0.13), new(dark * 0.03, tip - 0.03, lift), new(dark * 0.01, tip + 0.035, lift * 0.95),
                new(-dark * wide * 0.5, low - 0.01, 0.07), new(-dark * wide, low - 0.05, 0.04), new(-dark * wide * 0.8, tip - 0.02, 0.06)), skin.Times(1.02), 0.9);
            Fill(Curve.Ribbon(
                0.006, 0.022, 0.018, new(dark * 0.035, top - 0.04, 0.07), new(dark * 0.03, top + 0.14, 0.13), new(dark * 0.035, tip - 0.04, lift), new(dark * 0.02, tip + 0.03, lift),
                new(0, low - 0.01, 0.11)), Line, 0.75);
        }

        Glow(-0.02 * dark, tip - 0.02, 0.06, 0.06, light.To(Tint.Of(0xFFFFFF), 0.15), 0.55);
        Glow(-0.015 * dark, top + 0.13, 0.035, 0.17, light, 0.5);
        Fill(Curve.Ribbon(0, 0.02, 0, new(-wide * 0.62, low - 0.012, 0.05), new(0, low + 0.012, 0.10), new(wide * 0.62, low - 0.012, 0.05)), Line, 0.55);
        for (int s = -1; s <= 1; s += 2)
        {
            if (!Turned || s != FarSide)
                Fill(Curve.On(s, Curve.Ribbon(0.004, 0.02, 0.008, new(wide * 0.86, tip - 0.02, 0.05), new(wide * 1.05, low - 0.055, 0.03), new(wide * 0.88, low - 0.015, 0.04))), Line, 0.6);
            Fill(Curve.Ellipse(s * wide * 0.46, low - 0.012, 0.032, 0.016, 0.09), Line.Times(0.6), 0.8);
            // Wrinkles across the bridge.
            for (int i = 0; i < 2; i++)
                Fill(Curve.On(s, Curve.Ribbon(0, 0.016, 0, new(0.012, top + 0.03 + 0.05 * i, 0.1), new(0.05, top + 0.045 + 0.05 * i, 0.08), new(0.075, top + 0.075 + 0.05 * i, 0.05))), Line, 0.6 * _look.Wrinkle);
        }
    }

    void Mouth()
    {
        FacePerson p = _person;
        double middle = MouthMiddle, half = p.MouthWidth + _look.Wide, lips = 1 - 0.75 * _look.Pressed;
        double up = p.LipUpper * lips, down = p.LipLower * lips, gap = _look.LipUp + _look.LipDown;
        Tint lip = p.Lip;
        Spot[] upperIn = Row(u => -_look.LipUp * Arch(u)), lowerIn = Row(u => _look.LipDown * Arch(u));
        Spot[] upperOut = Row(u => -(_look.LipUp * Arch(u) + up * (1 - u * u) * (0.8 + 1.4 * u * u))), lowerOut = Row(u => _look.LipDown * Arch(u) + down * (1 - u * u) * (1 + 0.4 * u * u));

        Glow(0, middle + _look.LipDown + down + 0.045, 0.17, 0.06, p.Skin.Times(0.62), 0.5, _headMask);
        // Bearded lips keep a rim of skin.
        if (p.Beard is BeardStyle.Full or BeardStyle.Stubble)
            Fill([.. Row(u => -(_look.LipUp + up + 0.02) * Arch(u)), .. Row(u => (_look.LipDown + down + 0.025) * Arch(u)).Reverse()], p.Skin, p.Beard == BeardStyle.Full ? 0.55 : 0.3);
        if (gap > 0.012)
        {
            _opening.Cover(_head.Place(_view, [.. upperIn, .. lowerIn.Reverse()]));
            _paint.Fill(_opening, Tint.Of(0x4A1A1C));
            Glow(0, middle + _look.LipDown, 0.16, 0.10, Tint.Of(0xC0606A), 0.8, _opening);
            double teeth = Math.Min(0.085, 0.62 * gap);
            Fill([.. upperIn, .. Row(u => (teeth - _look.LipUp) * Arch(u)).Reverse()], Tint.Of(0xF6F2EA), 0.97, _opening);
            if (_look.Wide > 0.03)
                Fill([.. Row(u => (_look.LipDown - 0.02) * Arch(u)), .. lowerIn.Reverse()], Tint.Of(0xE4DED4), 0.8, _opening);
        }

        Fill([.. upperOut, .. upperIn.Reverse()], lip.Times(0.90));
        Fill([.. lowerIn, .. lowerOut.Reverse()], lip);
        Fill([.. Row(u => (_look.LipDown + 0.35 * down) * Arch(u)), .. Row(u => (_look.LipDown + 0.65 * down) * (1 - u * u) * 0.98).Reverse()], lip.To(Tint.Of(0xFFFFFF), 0.35), 0.35);
        double edge = gap > 0.012 ? 0.008 : 0.014 + 0.008 * _look.Pressed;
        Fill([.. upperIn, .. Row(u => edge - _look.LipUp * Arch(u) - 0.004 * u * u).Reverse()], lip.Times(0.42), 0.85);
        if (gap <= 0.012) return;
        Fill([.. Row(u => _look.LipDown * Arch(u) - 0.006), .. lowerIn.Reverse()], lip.Times(0.45), 0.6);

        // A line of the mouth: the corners go where the expression takes them.
        Spot[] Row(Func<double, double> offset)
        {
            const int Pieces = 20;
            var row = new Spot[Pieces + 1];
            for (int i = 0; i <= Pieces; i++)
            {
                double u = 2.0 * i / Pieces - 1;
                row[i] = new Spot(u * half, middle + offset(u) - CornerLift(u), 0.04 * (1 - u * u));
            }

            return row;
        }

        static double Arch(double u) => (1 - u * u) * (1 + 0.3 * u * u);
    }

    double CornerLift(double u)
    {
        double one = Math.Max(0, u * _person.PartSide);
        return (_look.Corners + _person.MouthRest) * u * u + _look.OneCorner * one * one;
    }

    void Folds()
    {
        double half = _person.MouthWidth + _look.Wide, wide = _person.NoseWidth;
        for (int s = -1; s <= 1; s += 2)
        {
            double one = s == _person.PartSide ? _look.OneCorner : 0;
            double deep = 0.10 + 7 * _look.Cheeks + 0.4 * _look.Wrinkle + 3.5 * one, corner = MouthMiddle - CornerLift(s);
            Fill(Curve.On(s, Curve.Ribbon(0, 0.024, 0.004, new(wide + 0.03, NoseBase - 0.07), new(wide + 0.10, NoseBase + 0.03), new(half + 0.05, corner - 0.04), new(half + 0.055, corner + 0.04))), Line, Math.Min(0.55, deep), _headMask);
            // The corner's own dimple.
            Glow(s * (half + 0.01), corner, 0.04, 0.035, _person.Skin.Times(0.6), 0.5, _headMask);
        }
    }
}
