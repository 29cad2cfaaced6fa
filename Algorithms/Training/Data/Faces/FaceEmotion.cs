namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>The eight expressions of the Radboud faces, in the order of their names: the classes of the emotion task.</summary>
public enum FaceEmotion
{
    /// <summary>Brows down and together, lips pressed.</summary>
    Angry,

    /// <summary>One corner of the mouth raised.</summary>
    Contemptuous,

    /// <summary>Nose wrinkled, upper lip raised.</summary>
    Disgusted,

    /// <summary>Brows raised and together, eyes wide, mouth stretched.</summary>
    Fearful,

    /// <summary>Smiling, cheeks raised.</summary>
    Happy,

    /// <summary>At rest.</summary>
    Neutral,

    /// <summary>Inner brows raised, corners of the mouth down.</summary>
    Sad,

    /// <summary>Brows raised, eyes wide, mouth open.</summary>
    Surprised,
}
