namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>What is to be told from a face.</summary>
internal enum FaceTask
{
    /// <summary>Who it is.</summary>
    Identity,

    /// <summary>What it expresses.</summary>
    Emotion,
}
