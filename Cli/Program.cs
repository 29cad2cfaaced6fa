using System.CommandLine;
using System.Runtime.InteropServices;
using Preimage.Cli;
using Preimage.Cli.Commands;

using var cancel = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
{
    // The first Ctrl+C lets a run end between two operators; a second one ends the process the hard way.
    context.Cancel = !cancel.IsCancellationRequested;
    cancel.Cancel();
});

ParseResult parsed = CommandTree.Build(cancel.Token).Parse(args);
// Parse errors are printed here, on one line, because the library would print the whole help after them.
if (parsed.Action is not { ClearsParseErrors: true } && ParseErrors.Describe(parsed) is { } errors)
{
    ErrorLine.Write(errors);
    return ExitCode.Usage;
}

var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
return ErrorLine.Guard(() => parsed.Invoke(configuration), parsed.GetValue(CommandTree.Verbose));
