namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>How a person's hair is worn.</summary>
internal enum HairStyle
{
    Shaved,
    Short,
    Parted,
    Fringe,
    Curly,
    Bob,
    Long,
    Bun,
}
