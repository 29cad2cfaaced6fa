namespace Preimage.Cli.Output;

/// <summary>Prints names and values in two columns.</summary>
internal static class Facts
{
    const int NameWidth = 14;

    /// <summary>Prints a line.</summary>
    public static void Write(string name, string value) => Console.Out.WriteLine(name.PadRight(NameWidth) + value);

    /// <summary>Prints what the user should know, where results go.</summary>
    public static void Note(string note) => Write("note", note);

    /// <summary>Prints what the user should know, beside results that a program reads.</summary>
    public static void Warn(string note) => Console.Error.WriteLine($"preimage: note: {note}");

    /// <summary>Seconds as people read them.</summary>
    public static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F2} s";
}
