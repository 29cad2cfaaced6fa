namespace Preimage.Algorithms.Gallery.Building;

/// <summary>How far a gallery is.</summary>
/// <param name="Doing">What is being done, in a few words.</param>
/// <param name="Part">The part of the work that is done, 0 to 1, by the time that its steps are expected to take.</param>
/// <param name="Left">Time left, by what the steps took so far.</param>
public readonly record struct GalleryProgress(string Doing, double Part, TimeSpan Left);
