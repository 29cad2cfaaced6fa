namespace Preimage.Perf;

/// <summary>A line of a suite's table.</summary>
internal interface IRow
{
    /// <summary>The heading of the table.</summary>
    static abstract string Heading { get; }

    /// <summary>The line.</summary>
    string ToMarkdown();
}
