namespace Preimage.Cli;

/// <summary>Turns what went wrong into one line on the error stream and an exit code.</summary>
internal static class ErrorLine
{
    /// <summary>Runs a command.</summary>
    /// <param name="command">The command; its result is the exit code.</param>
    /// <param name="verbose">Whether the whole exception is wanted, with its stack.</param>
    public static int Guard(Func<int> command, bool verbose)
    {
        try
        {
            return command();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("preimage: cancelled");
            return ExitCode.Cancelled;
        }
        // The front door is where every failure ends: what escaped from here would be shown by the runtime, stack and all.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Write(verbose ? e.ToString() : Line(e));
            return e is UsageException ? ExitCode.Usage : ExitCode.Failure;
        }
    }

    /// <summary>Prints an error.</summary>
    public static void Write(string message) => Console.Error.WriteLine($"preimage: {message}");

    /// <summary>Text of several lines on one.</summary>
    public static string Flat(string text) =>
        string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    static string Line(Exception e)
    {
        string message = Flat(e.Message);
        return IsExpected(e) ? message : $"internal error, {e.GetType().Name}: {message} (--verbose shows where)";
    }

    /// <summary>Errors that files, models, arguments and native libraries cause; any other one is a mistake of ours and says so.</summary>
    static bool IsExpected(Exception e) => e is UsageException or Layers.PreimageException or IOException or UnauthorizedAccessException
        or FormatException or DllNotFoundException or System.Runtime.InteropServices.ExternalException or System.Text.Json.JsonException or NotSupportedException;
}
