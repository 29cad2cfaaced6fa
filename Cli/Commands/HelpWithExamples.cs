using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Preimage.Cli.Commands;

/// <summary>The library's help with a command's examples below.</summary>
/// <param name="help">The library's.</param>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        IReadOnlyList<string> lines = Examples.Of(parseResult.CommandResult.Command.Name);
        if (lines.Count > 0)
            parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{string.Concat(lines.Select(l => $"  {l}\n"))}");
        return code;
    }
}
