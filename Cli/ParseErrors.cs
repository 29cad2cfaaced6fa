using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Preimage.Cli;

/// <summary>What was not understood, in the words of whoever typed it.</summary>
internal static partial class ParseErrors
{
    /// <summary>The errors of a command line, on one line; null where there are none.</summary>
    public static string? Describe(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] errors = command is not RootCommand ? [.. StrayOptions(parsed, command)] : parsed.Errors.Count > 0 ? [OfRoot(parsed, command)] : [];
        // What follows from a misspelt option is no second mistake.
        if (errors.Length == 0)
            errors = [.. Missing(parsed, command), .. parsed.Errors.Where(e => !e.Message.StartsWith("Required argument", StringComparison.Ordinal)).Select(e => Reword(e.Message, command))];
        if (errors.Length == 0)
            return null;
        string name = command is RootCommand ? "" : $" {command.Name}";
        return $"{string.Join(" ", errors.Select(ErrorLine.Flat).Distinct())} (preimage{name} --help shows what there is)";
    }

    static string OfRoot(ParseResult parsed, Command root)
    {
        if (parsed.UnmatchedTokens is not [var first, ..])
            return "Which command?";
        return first.StartsWith('-')
            ? $"There is no option {first}{Closest.Question(first, OptionsOf(root))}"
            : $"There is no command {first}{Closest.Question(first, root.Subcommands.Select(c => c.Name))}";
    }

    /// <summary>Words that look like options, but are none of this command, and no files: as arguments they would pass for files.</summary>
    static IEnumerable<string> StrayOptions(ParseResult parsed, Command command)
    {
        // Behind "--" a word is an argument whatever it looks like.
        string[] before = [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash).Select(t => t.Value)];
        IEnumerable<string> taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Concat(parsed.UnmatchedTokens);
        return taken.Where(t => t.Length > 1 && t[0] == '-' && before.Contains(t) && !File.Exists(t))
            .Select(t => $"{command.Name} has no option {t}{Closest.Question(t, OptionsOf(command))}");
    }

    static IEnumerable<string> OptionsOf(Command command) => command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Where(n => n.StartsWith('-'));

    static IEnumerable<string> Missing(ParseResult parsed, Command command) => command.Arguments
        .Where(a => (parsed.GetResult(a)?.Tokens.Count ?? 0) < a.Arity.MinimumNumberOfValues)
        .Select(a => $"{a.Name} is missing.");

    static string Reword(string message, Command command)
    {
        if (WrongType().Match(message) is not { Success: true } match)
            return message;
        string name = match.Groups["option"].Value;
        Type? wanted = command.Options.FirstOrDefault(o => o.Name == name)?.ValueType;
        wanted = wanted is null ? null : Nullable.GetUnderlyingType(wanted) ?? wanted;
        string kind = wanted is { IsEnum: true } ? $"one of {string.Join(", ", Enum.GetNames(wanted))}"
            : wanted == typeof(double) ? "a number" : "a whole number";
        return $"{name} {match.Groups["value"].Value}: {kind} is wanted.";
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for option '(?<option>.*)' as expected type")]
    private static partial Regex WrongType();
}
