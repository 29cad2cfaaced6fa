namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>A point of a face seen from the front: x to the right, y downwards, the top of the head at -1 and the chin at 1.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Downwards.</param>
/// <param name="Lift">How far it stands off the head's surface.</param>
internal readonly record struct Spot(double X, double Y, double Lift = 0);
