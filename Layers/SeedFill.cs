namespace Preimage.Layers;

/// <summary>Makes the seeds of some samples from the values that they give the seeded node.</summary>
/// <param name="first">The first sample.</param>
/// <param name="samples">How many.</param>
/// <param name="values">Their values at the seeded node, NCHW.</param>
/// <param name="seed">Receives K rows per sample; zero before.</param>
public delegate void SeedFill(int first, int samples, ReadOnlySpan<float> values, Span<float> seed);
