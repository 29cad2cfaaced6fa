namespace Preimage.Algorithms.Training.Data.Drawing;

/// <summary>A point of a picture, in pixels; the first pixel reaches from 0 to 1.</summary>
internal readonly record struct Dot(double X, double Y);
