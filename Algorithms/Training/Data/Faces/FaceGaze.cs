namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>Where the eyes look, as the Radboud faces' file names say it; drawn faces look to that side of the picture.</summary>
public enum FaceGaze
{
    /// <summary>To the left.</summary>
    Left,

    /// <summary>Where the face points.</summary>
    Frontal,

    /// <summary>To the right.</summary>
    Right,
}
