namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>How a person's beard is worn.</summary>
internal enum BeardStyle
{
    None,
    Stubble,
    Moustache,
    Goatee,
    Full,
}
