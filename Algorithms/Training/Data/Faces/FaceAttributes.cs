namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>What is known of a picture of a face.</summary>
/// <param name="Subject">The person's number in the file name.</param>
/// <param name="Angle">The camera's angle in degrees: 90 from the front, 45 and 135 half from the side; drawn faces point to the picture's left at 45.</param>
/// <param name="Emotion">The expression.</param>
/// <param name="Gaze">Where the eyes look.</param>
/// <remarks>Langner et al., "Presentation and validation of the Radboud Faces Database", Cognition and Emotion 24(8), 2010.</remarks>
public readonly record struct FaceAttributes(int Subject, int Angle, FaceEmotion Emotion, FaceGaze Gaze);
