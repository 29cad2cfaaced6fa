namespace Preimage.Perf;

/// <summary>What follows a command: options with a value, and switches.</summary>
internal sealed class Arguments(IReadOnlyList<string> words)
{
    /// <summary>The words as they were typed.</summary>
    public override string ToString() => string.Join(' ', words);

    /// <summary>Whether a switch is there.</summary>
    public bool Has(string name) => words.Contains(name);

    /// <summary>What follows an option, or null.</summary>
    public string? Value(string name)
    {
        int at = words.ToList().IndexOf(name);
        return at >= 0 && at + 1 < words.Count ? words[at + 1] : null;
    }

    /// <summary>The values of an option, separated by commas; null where it is not there.</summary>
    public IReadOnlyList<string>? List(string name) => Value(name)?.Split(',');

    /// <summary>The same as numbers.</summary>
    public IReadOnlyList<int>? Numbers(string name) => List(name)?.Select(int.Parse).ToArray();
}
