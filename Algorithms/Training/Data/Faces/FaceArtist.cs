using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Draws faces of one size. It keeps the canvas between drawings: one drawing at a time.</summary>
/// <remarks>
/// Everything is a polygon in the head's units, placed on the head's surface, turned with it and covered exactly. Only +, -, *, /, square root and comparisons
/// of IEEE floats and doubles, never fused: the same bytes on every machine and thread.
/// </remarks>
internal sealed partial class FaceArtist(int side)
{
    // How far a head is turned at 45 and 135 degrees: less than the camera, so that both eyes are well seen, as they are in the photos.
    const double Turn = 36;

    readonly Paint _paint = new(side);
    readonly Mask _headMask = new(side), _hairMask = new(side), _opening = new(side);

    FacePerson _person = null!;
    FaceLook _look = null!;
    FaceHead _head = null!;
    FaceView _view = null!;
    double _gaze;

    /// <summary>Draws a face.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="face">From where, with which expression.</param>
    /// <param name="seed">The seed of pose, light and grain.</param>
    /// <param name="stream">The picture's own number.</param>
    /// <param name="planes">Receives 3 x side x side bytes.</param>
    public void Draw(FacePerson person, FaceAttributes face, ulong seed, ulong stream, Span<byte> planes)
    {
        var random = new SampleRandom(seed, stream);
        _person = person;
        // Sad faces are often hardly more than tired ones: this is where the emotion task is hard, as it is with the photos.
        double strength = person.Expressive * (face.Emotion == FaceEmotion.Sad ? random.Between(0.25, 1) : random.Between(0.7, 1.05));
        _look = FaceLook.Of(face.Emotion, strength).Towards(FaceLook.Of((FaceEmotion)random.Below(8), 1), random.Between(0, 0.12));
        _head = new FaceHead(person, _look.Jaw);
        _gaze = face.Gaze switch { FaceGaze.Left => -1, FaceGaze.Right => 1, _ => 0 } * random.Between(0.85, 1.1);
        double yaw = face.Angle switch { < 90 => -Turn, > 90 => Turn, _ => 0 } + 2 * random.Bell();
        _view = new FaceView(
            yaw, 1.3 * random.Bell(), side * 0.41 * (1 + 0.015 * random.Bell()),
            new Dot(side * (0.5 + 0.008 * random.Bell() - 0.0009 * yaw), side * (0.505 + 0.008 * random.Bell())));

        Tint wall = Tint.Of(0xE4E5E2);
        _paint.Clear(wall, wall.Times(0.90));
        HairBehind();
        Neck();
        Ear(FarSide);
        if (!Turned) Ear(-FarSide);
        Skin();
        Beard();
        Nose();
        Eyes();
        Mouth();
        Folds();
        Hair();
        if (Turned) Ear(-FarSide);
        Locks();
        Glasses();
        _paint.Develop(planes, 1 + 0.02 * random.Bell(), 3, seed, stream | 1UL << 62);
    }

    /// <summary>Whether one side of the head is seen and the other is not.</summary>
    bool Turned => Math.Abs(_view.Sine) > 0.3;

    /// <summary>The side of the head that is turned away: 1 for the picture's right.</summary>
    int FarSide => _view.Sine > 0 ? 1 : -1;

    /// <summary>The colour of lines on the skin.</summary>
    Tint Line => _person.Skin.Times(0.52).To(Tint.Of(0x402018), 0.25);

    void Fill(Spot[] shape, Tint tint, double opacity = 1, Mask? within = null)
    {
        if (opacity > 0.01) _paint.Fill(_head.Place(_view, shape), tint, Math.Min(opacity, 1), within);
    }

    void Glow(double x, double y, double radiusX, double radiusY, Tint tint, double opacity, Mask? within = null)
    {
        // Foreshortened by where its edges are seen.
        double wide = (_head.Place(_view, new Spot(x + 0.05, y)).X - _head.Place(_view, new Spot(x - 0.05, y)).X) / (0.1 * _view.Scale);
        if (wide > 0.05) _paint.Glow(_head.Place(_view, new Spot(x, y)), radiusX * wide * _view.Scale, radiusY * _view.Scale, tint, opacity, within);
    }
}
