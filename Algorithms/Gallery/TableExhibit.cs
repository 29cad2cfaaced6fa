namespace Preimage.Algorithms.Gallery;

/// <summary>Numbers in rows and columns, such as metrics of methods, each with its confidence interval; the reader can sort them.</summary>
public sealed record TableExhibit : Exhibit
{
    /// <summary>What the rows are, such as "Method".</summary>
    public required string RowHeader { get; init; }

    /// <summary>The columns beside the rows' names.</summary>
    public required IReadOnlyList<GalleryColumn> Columns { get; init; }

    /// <summary>The rows, in the order they are shown first.</summary>
    public required IReadOnlyList<GalleryRow> Rows { get; init; }
}

/// <summary>A column of a <see cref="TableExhibit"/>.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="Unit">The unit of its numbers, or empty.</param>
/// <param name="Better">Which way is better.</param>
/// <param name="Meaning">One sentence on what it measures, or empty.</param>
public sealed record GalleryColumn(string Header, string Unit = "", BetterWhen Better = BetterWhen.Neither, string Meaning = "");

/// <summary>A row of a <see cref="TableExhibit"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cells">As many as there are columns.</param>
public sealed record GalleryRow(string Name, IReadOnlyList<GalleryCell> Cells);

/// <summary>A number, with its confidence interval where there is one, or a text.</summary>
/// <param name="Value">The number; null or NaN where it could not be measured.</param>
/// <param name="Low">The lower end of its interval, or null.</param>
/// <param name="High">The upper end of its interval, or null.</param>
/// <param name="Text">Shown instead of a missing number, or after the number.</param>
public sealed record GalleryCell(double? Value, double? Low = null, double? High = null, string? Text = null)
{
    /// <summary>A cell that holds words.</summary>
    public GalleryCell(string text) : this(null, Text: text)
    {
    }
}

/// <summary>Which numbers of a column are the better ones.</summary>
public enum BetterWhen
{
    /// <summary>The number is no praise and no blame.</summary>
    Neither,

    /// <summary>Large numbers.</summary>
    Higher,

    /// <summary>Small numbers.</summary>
    Lower,
}
