namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>A data set of faces, of which more is known than the class: what experiments pair pictures by.</summary>
public interface IFaceSet
{
    /// <summary>What is known of a sample.</summary>
    /// <param name="index">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    FaceAttributes Attributes(int index);
}
