using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Preimage.Cli.Commands;

namespace Preimage.Surface.Tests.Commands;

/// <summary>The command lines that a page of a gallery carries.</summary>
internal static partial class PageCommands
{
    /// <summary>All of them, each once.</summary>
    public static string[] Of(string page) =>
        [.. Command().Matches(File.ReadAllText(page)).Select(m => JsonSerializer.Deserialize<string>(m.Groups[1].Value)!).Distinct(StringComparer.Ordinal)];

    /// <summary>Takes a command line apart as a shell does and leaves its first word, the program, away.</summary>
    public static string[] Words(string line)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s\\n' {line}"]) { RedirectStandardOutput = true })!;
        string[] words = shell.StandardOutput.ReadToEnd().Split('\n')[..^1];
        Assert.Equal("preimage", words[0]);
        return words[1..];
    }

    /// <summary>Fails where our own command line does not understand one.</summary>
    public static void AreUnderstood(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Assert.True(CommandTree.Build(CancellationToken.None).Parse(Words(line)).Errors is { Count: 0 }, $"not understood: {line}");
    }

    [GeneratedRegex("\"command\":(\"(?:[^\"\\\\]|\\\\.)*\")")]
    private static partial Regex Command();
}
