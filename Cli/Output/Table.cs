using Spectre.Console;

namespace Preimage.Cli.Output;

/// <summary>Rows under headings: drawn with lines on a terminal, plain columns anywhere else.</summary>
/// <param name="columns">The headings; one that ends in a blank is of a column of numbers.</param>
internal sealed class Table(params string[] columns)
{
    readonly List<string[]> _rows = [];

    /// <summary>Adds a row of as many cells as there are columns.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Prints the table.</summary>
    public void Write()
    {
        if (Console.IsOutputRedirected)
            WritePlain(Console.Out);
        else
            WriteDrawn();
    }

    /// <summary>Columns padded with blanks, two between: what scripts and people can both read.</summary>
    void WritePlain(TextWriter writer)
    {
        int[] widths = [.. columns.Select((c, i) => _rows.Select(r => r[i].Length).Append(c.Trim().Length).Max())];
        foreach (string[] row in _rows.Prepend([.. columns.Select(c => c.Trim())]))
            writer.WriteLine(string.Join("  ", row.Select((cell, i) => IsNumbers(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd());
    }

    // Apart from the rest, so that redirected output never loads the library.
    void WriteDrawn()
    {
        var drawn = new Spectre.Console.Table { Border = TableBorder.Rounded };
        for (int i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i].Trim()));
            drawn.AddColumn(IsNumbers(i) ? column.RightAligned() : column);
        }

        foreach (string[] row in _rows)
            drawn.AddRow(Array.ConvertAll(row, Markup.Escape));
        AnsiConsole.Write(drawn);
    }

    bool IsNumbers(int column) => columns[column].EndsWith(' ');
}
