namespace Preimage.Algorithms.Attribution;

/// <summary>A box of a network's input; it may reach over the borders, into the padding.</summary>
/// <param name="Top">First row, from 0; negative above the picture.</param>
/// <param name="Left">First column, from 0; negative left of the picture.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct InputBox(int Top, int Left, int Height, int Width);

/// <summary>Where one picture excites one feature map most.</summary>
/// <param name="Source">The picture's name.</param>
/// <param name="Activation">The largest value of the map.</param>
/// <param name="Y">Its row in the map, from 0; the first of equals in row-major order.</param>
/// <param name="X">Its column.</param>
/// <param name="Field">The pixels the unit sees; all of them where that is no box of fixed size.</param>
public sealed record UnitMaximum(string Source, float Activation, int Y, int X, InputBox Field);

/// <summary>The pictures that excite one feature map most, at most one maximum from each.</summary>
/// <param name="Channel">The feature map (of a dense layer: the unit).</param>
/// <param name="Strongest">Maxima, the strongest first, the first of equals first.</param>
public sealed record UnitMaxima(int Channel, IReadOnlyList<UnitMaximum> Strongest);
