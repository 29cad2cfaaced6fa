using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>From where a head is seen: turned about its upright axis, tilted in the picture, at a size and a place.</summary>
/// <param name="yaw">Degrees to the picture's right.</param>
/// <param name="roll">Degrees clockwise.</param>
/// <param name="scale">Pixels per unit: half a head's height.</param>
/// <param name="centre">Where the head's middle is.</param>
internal sealed class FaceView(double yaw, double roll, double scale, Dot centre)
{
    readonly (double Cosine, double Sine) _yaw = Angle.Of(yaw), _roll = Angle.Of(roll);

    /// <summary>Cosine of the turn.</summary>
    public double Cosine => _yaw.Cosine;

    /// <summary>Sine of the turn; positive where the face points to the picture's right.</summary>
    public double Sine => _yaw.Sine;

    /// <summary>Pixels per unit.</summary>
    public double Scale => scale;

    /// <summary>Where a point of space is seen: z towards the camera when the head is not turned.</summary>
    public Dot Place(double x, double y, double z) => Flat(x * _yaw.Cosine + z * _yaw.Sine, y);

    /// <summary>Where a point is seen that is turned already.</summary>
    public Dot Flat(double x, double y) => new(
        centre.X + scale * (x * _roll.Cosine - y * _roll.Sine), centre.Y + scale * (x * _roll.Sine + y * _roll.Cosine));
}
