namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>A drawn map, and what the drawing did to its numbers.</summary>
/// <param name="Picture">The drawing.</param>
/// <param name="Range">The numbers behind the first and last colour.</param>
/// <param name="FractionClipped">The part of the drawn numbers that lay outside the range, 0 to 1.</param>
/// <param name="NonFinite">How many numbers were NaN or infinite; they are drawn in magenta.</param>
/// <param name="AllZero">Whether every number was zero: the drawing then says so in words.</param>
public sealed record RenderedMap(Picture Picture, DisplayRange Range, double FractionClipped, int NonFinite, bool AllZero)
{
    /// <summary>Saves the drawing by extension.</summary>
    /// <exception cref="NotSupportedException">No format that is written has this extension.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Picture.Save(path);

    /// <summary>Range and clipping on one line.</summary>
    public override string ToString() =>
        AllZero ? "all zero" : $"range {Range}, {FractionClipped:p2} clipped" + (NonFinite > 0 ? $", {NonFinite} not finite" : "");
}
