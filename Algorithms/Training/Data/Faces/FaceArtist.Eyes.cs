using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Eyes, brows and glasses.</summary>
internal sealed partial class FaceArtist
{
    const double Sunk = -0.03;

    void Eyes()
    {
        for (int s = -1; s <= 1; s += 2)
        {
            Eye(s);
            Brow(s);
        }

        // Between the brows, when they are drawn together.
        double furrow = 7 * _look.BrowPinch + 2 * Math.Max(0, -_look.BrowInner);
        for (int s = -1; s <= 1; s += 2)
            Fill(Curve.Ribbon(0, 0.02, 0, new(s * 0.05, -0.27), new(s * 0.042, -0.21), new(s * 0.055, -0.14)), Line, Math.Min(0.7, furrow));
        // Across the forehead, when they are raised.
        double raised = 3.2 * Math.Max(0, _look.BrowInner + _look.BrowOuter - 0.05);
        for (int i = 0; i < 2; i++)
        {
            double y = -0.42 - 0.075 * i;
            Fill(Curve.Ribbon(0, 0.018, 0, new(-0.32, y + 0.02), new(-0.12, y - 0.01), new(0.12, y - 0.01), new(0.32, y + 0.02)), Line, Math.Min(0.35, raised), _headMask);
        }
    }

    void Eye(int s)
    {
        FacePerson p = _person;
        double x = s * p.EyeApart, y = p.EyeHeight, half = p.EyeWidth;
        double up = 1.12 * p.EyeOpen * _look.Eyes, down = Math.Max(0.012, 0.78 * p.EyeOpen * Math.Min(1.2, 0.4 + 0.6 * _look.Eyes) - 0.75 * _look.Cheeks);
        Tint skin = p.Skin;
        Glow(x, y - 0.03, half * 1.55, 0.16, skin.Times(0.74), 0.55, _headMask);

        Spot[] upper = Lid(-up), lower = Lid(down);
        Spot[] opening = [.. upper, .. lower.Reverse()];
        _opening.Cover(_head.Place(_view, opening));
        _paint.Fill(_opening, Tint.Of(0xF4F1EC));
        double iris = 0.070, lookX = x + 0.062 * _gaze, lookY = y - 0.006;
        Fill(Curve.Ellipse(lookX, lookY, iris, iris, Sunk), p.Iris.Times(0.55), 1, _opening);
        Fill(Curve.Ellipse(lookX, lookY, iris * 0.84, iris * 0.84, Sunk), p.Iris.Times(1.15), 1, _opening);
        Fill(Curve.Ellipse(lookX, lookY, iris * 0.48, iris * 0.48, Sunk), Tint.Of(0x100C0A), 1, _opening);
        Fill(Curve.Ellipse(lookX - 0.022, lookY - 0.026, 0.016, 0.016, Sunk), Tint.Of(0xFFFFFF), 0.95, _opening);
        // The upper lid throws a shadow on the eye.
        Fill([.. upper, .. Lid(-up * 0.55).Reverse()], Tint.Of(0x503830), 0.28, _opening);
        Fill([.. Outer(lower, -0.006), .. Outer(lower, 0.010).Reverse()], skin.Times(0.62).To(Tint.Of(0xA04040), 0.2), 0.6);
        Fill([.. Outer(upper, 0.006), .. Outer(upper, p.Female ? -0.024 : -0.014).Reverse()], Tint.Of(0x2A1A14), p.Female ? 0.95 : 0.8);
        if (p.Female)
            Fill(Curve.Ribbon(0.02, 0.016, 0, new(x + s * half * 0.86, y - p.EyeTilt - 0.012, Sunk), new(x + s * half * 1.1, y - p.EyeTilt - 0.035, Sunk), new(x + s * half * 1.22, y - p.EyeTilt - 0.062, Sunk)), Tint.Of(0x2A1A14), 0.9);
        Fill([.. Outer(Lid(-up - 0.030), 0), .. Outer(Lid(-up - 0.044), 0).Reverse()], Line, 0.42 / Math.Max(1, _look.Eyes));
        // Bags and crow's feet of raised cheeks.
        Fill([.. Outer(Lid(down + 0.035), 0), .. Outer(Lid(down + 0.052), 0).Reverse()], Line, 0.10 + 7 * _look.Cheeks);

        Spot[] Lid(double height)
        {
            const int Pieces = 14;
            var lid = new Spot[Pieces + 1];
            for (int i = 0; i <= Pieces; i++)
            {
                double u = 2.0 * i / Pieces - 1, round = (1 - u * u) * (1 + 0.35 * u * u);
                lid[i] = new Spot(x + s * u * half, y - p.EyeTilt * u + height * round, Sunk);
            }

            return lid;
        }

        // Thickest in the middle and towards the outer corner.
        static Spot[] Outer(Spot[] lid, double away) =>
            [.. lid.Select((spot, i) => spot with { Y = spot.Y + away * Math.Min(1, 0.25 + 2.4 * i / lid.Length) })];
    }

    void Brow(int s)
    {
        FacePerson p = _person;
        double x = p.EyeApart, y = p.Brow + p.EyeHeight, inner = _look.BrowInner, outer = _look.BrowOuter, mean = (inner + outer) / 2;
        Spot[] brow = Curve.Ribbon(
            p.BrowWeight * 0.85, p.BrowWeight, p.BrowWeight * 0.2,
            new(x - 0.155 - _look.BrowPinch, y + 0.012 - inner, 0.02), new(x - 0.05 - _look.BrowPinch / 2, y - p.BrowArch * 0.6 - (0.6 * inner + 0.4 * mean), 0.02),
            new(x + 0.08, y - p.BrowArch - mean * 0.6 - outer * 0.4, 0.02), new(x + 0.19, y + 0.025 - outer, 0));
        // Blond brows are seen by their shadow.
        Fill(Curve.On(s, brow), p.HairTint.Times(0.8).To(p.Skin.Times(0.45), 0.25), 0.92);
    }

    void Glasses()
    {
        if (!_person.Glasses) return;
        FacePerson p = _person;
        const double Off = 0.10;
        for (int s = -1; s <= 1; s += 2)
        {
            Spot[] outside = Lens(s, 0.013), inside = Lens(s, -0.013);
            // One ring: the inner edge runs the other way.
            Fill(inside, Tint.Of(0xDCE8F4), 0.13);
            Dot[] outer = _head.Place(_view, outside), inner = _head.Place(_view, inside);
            Array.Reverse(inner);
            _paint.Fill([.. outer, outer[0], inner[^1], .. inner], p.Frame);
            if (Turned && s == FarSide) continue;
            Spot hinge = new(s * (p.EyeApart + 0.20), p.EyeHeight - 0.02, Off);
            Dot from = _head.Place(_view, hinge), to = _view.Place(s * (_head.Width(0) + 0.02), p.EyeHeight, 0);
            double thick = 0.014 * _view.Scale;
            _paint.Fill([new(from.X, from.Y - thick), new(to.X, to.Y - thick), new(to.X, to.Y + thick), new(from.X, from.Y + thick)], p.Frame);
        }

        Fill(Curve.Ribbon(0.026, 0.022, 0.026, new(-(p.EyeApart - 0.19), p.EyeHeight, Off), new(0, p.EyeHeight - 0.03, Off + 0.06), new(p.EyeApart - 0.19, p.EyeHeight, Off)), p.Frame);

        Spot[] Lens(int s, double grow)
        {
            double wide = 0.195 + grow, tall = 0.135 + 0.035 * p.GlassesRound + grow, round = p.GlassesRound;
            return Array.ConvertAll(Curve.Ellipse(0, 0, 1, 1), spot =>
            {
                // Between an ellipse and a rectangle with round corners.
                double square = 1 + (1 - round) * 1.1 * spot.X * spot.X * spot.Y * spot.Y;
                return new Spot(s * p.EyeApart + wide * spot.X * square, p.EyeHeight + 0.015 + tall * spot.Y * square, Off);
            });
        }
    }
}
